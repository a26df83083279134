package activate

import (
	"errors"
	"os"
	"path/filepath"

	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/shell"
	"den/shell/bourne"
	"den/shell/shells"
)

// Script returns the path of the environment's script for sh.
func Script(e env.Environment) string { return filepath.Join(e.Bin(), bourne.ActivateName) }

// AddedTo returns what a person has added to the environment's bin/activate; nothing
// where that cannot be read.
func AddedTo(e env.Environment) bourne.Added {
	script, err := disk.ReadSmall(Script(e))
	if err != nil {
		return bourne.Added{}
	}
	return bourne.AddedTo(string(script))
}

// ImportLine is the command that moves what was added into hooks.
func ImportLine(e env.Environment) string { return "den hooks import " + hint.Word(e.Name) }

// WriteScripts writes the activate scripts, in place of the backend's own. What a
// person has added to the one for sh stays in it.
func WriteScripts(dir string, activation shell.Activation, added bourne.Added) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for name, script := range shells.ActivateScripts(activation) {
		if name == bourne.ActivateName {
			script = added.Into(script)
		}
		path := filepath.Join("bin", name)
		if err := root.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if err := root.WriteFile(path, []byte(script), 0o666); err != nil {
			return err
		}
	}
	return nil
}
