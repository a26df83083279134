package activate

import (
	"os"
	"path/filepath"
	"strings"

	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/shell"
	"den/shell/added"
	"den/shell/shells"
)

// Script returns the path of the environment's script for sh.
func Script(e env.Environment) string { return filepath.Join(e.Bin(), shell.ActivateName) }

// AddedTo returns what a person has added to the environment's bin/activate; nothing
// where that cannot be read.
func AddedTo(e env.Environment) added.Lines {
	script, err := disk.ReadSmall(Script(e))
	if err != nil {
		return added.Lines{}
	}
	return added.In(string(script))
}

// ImportLine is the command that moves what was added into hooks.
func ImportLine(e env.Environment) string { return "den hooks import " + hint.Word(e.Name) }

// WriteScripts writes the activate scripts into the environment in dir, in place of the
// backend's. The lines that a person has added to the one for sh stay.
func WriteScripts(dir string, activation shell.Activation, added added.Lines) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return writeScripts(root, activation, added)
}

// Renew writes the activate scripts of an environment anew when its variables have
// changed. It reports whether den wrote them; it leaves scripts of other tools alone.
func Renew(e env.Environment) (areDens bool, err error) {
	script, err := disk.ReadSmall(Script(e))
	if err != nil || !strings.Contains(string(script), shell.VarActive) {
		return false, nil
	}
	root, err := os.OpenRoot(e.Path)
	if err != nil {
		return true, err
	}
	defer root.Close()
	activation := Of(e, nil)
	if target, err := os.Readlink(e.Path); err == nil && target != "" { // it was made by another name
		if activation.Path, err = filepath.EvalSymlinks(e.Path); err != nil {
			return true, err
		}
	}
	return true, writeScripts(root, activation, added.In(string(script)))
}

// SetVariables reports whether the script for sh, if it is den's, sets the variables of
// the environment, and no others.
func SetVariables(e env.Environment) bool {
	script, err := disk.ReadSmall(Script(e))
	if err != nil || !strings.Contains(string(script), shell.VarActive) {
		return true
	}
	return added.SetsVariables(string(script), Of(e, nil).Variables)
}

// writeScripts writes scripts with variables in them for the person alone.
func writeScripts(root *os.Root, activation shell.Activation, added added.Lines) error {
	mode := os.FileMode(0o666)
	if len(activation.Variables) > 0 {
		mode = 0o600
	}
	for name, script := range shells.ActivateScripts(activation) {
		if name == shell.ActivateName {
			script = added.Into(script)
		}
		if err := disk.ReplaceIn(root, filepath.Join("bin", name), []byte(script), mode); err != nil {
			return err
		}
	}
	return nil
}
