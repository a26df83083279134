package cmd

// The start-up file sources an init file, so that a new shell starts no process to
// load the integration. den writes the file anew when it would write another
// one: after an update, or when the settings have changed.

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
)

// initFile is the path of the init file of a shell, by its name, or of the one for
// virtualenvwrapper's; "" when there is no home directory.
func (a *app) initFile(name string) string {
	dir := a.settings.xdg("XDG_DATA_HOME", ".local", "share")
	if !filepath.IsAbs(dir) {
		return ""
	}
	return filepath.Join(dir, "den", startup.InitFileName(name))
}

// initScript is what is to be in the file.
func (a *app) initScript(root *cobra.Command, s *shell.Shell) (string, error) {
	file, err := a.settings.initFile(a.initFile(s.Name))
	if err != nil {
		return "", err
	}
	return initWith(root, s, file), nil
}

func initWith(root *cobra.Command, s *shell.Shell, file shell.InitFile) string {
	i := integration(root)
	file.Before = s.Completion.Script(i) + "\n"
	return s.InitFile(i, file) + s.AutoCode(shell.Auto{Mode: file.Auto, Home: file.Home}) + s.KeysCode(file.Keys)
}

// initFile is what the settings say in every shell: what is in their file, and the
// defaults.
func (s *settings) initFile(path string) (shell.InitFile, error) {
	unset := func(name string) (string, bool) {
		if slices.ContainsFunc(settingTable, func(t setting) bool { return slices.Contains(t.Variables, name) }) {
			return "", false
		}
		return s.lookupEnv(name)
	}
	plain := newSettings(unset, pflag.NewFlagSet("", pflag.ContinueOnError))
	plain.tolerate = s.tolerate
	home, err := plain.value(keyWorkonHome)
	if err != nil {
		return shell.InitFile{}, err
	}
	hookDir, err := plain.value(keyHookDir)
	if err != nil {
		return shell.InitFile{}, err
	}
	file := shell.InitFile{Path: path, Config: plain.file(), Home: home.Value}
	auto, err := plain.text(keyAuto)
	if err != nil {
		return shell.InitFile{}, err
	}
	file.Auto = auto
	if file.Keys, err = plain.text(keyKeys); err != nil {
		return shell.InitFile{}, err
	}
	if hookDir.Origin != keyWorkonHome {
		file.HookDir = hookDir.Value
	}
	_, err = os.Stat(file.Config)
	file.HasConfig = err == nil
	return file, nil
}

// writeInitFile writes the init file of a shell, if its content changes.
func (a *app) writeInitFile(root *cobra.Command, s *shell.Shell) error {
	script, err := a.initScript(root, s)
	if err != nil {
		return err
	}
	return startup.WriteInitFile(a.initFile(s.Name), script, 0o644)
}

// writeWrapperFile writes the file that stands in for virtualenvwrapper.sh. It is
// executable, for "command -v" and the like find only programs.
func (a *app) writeWrapperFile(root *cobra.Command) error {
	return startup.WriteInitFile(a.initFile(wrapper), wrapperScript(root), 0o755)
}

// refreshInitFile writes an init file anew if the functions that called den are not the
// ones that den would write now, or if the settings have changed. If that fails, the next
// den tries again, and the old functions go on working.
func (a *app) refreshInitFile() {
	if a.shell == nil {
		return
	}
	switch _, from := shell.Loaded(a.loaded); from {
	case shell.FromInitFile:
		file, err := os.Stat(a.initFile(a.shell.Name))
		if err != nil {
			return
		}
		config, err := os.Stat(a.settings.file())
		changed := err == nil && config.ModTime().After(file.ModTime())
		// The settings have no part in the fingerprint.
		if changed || !isNewerThanDen(file) && !shell.IsFromInitFile(initWith(allCommands(), a.shell, shell.InitFile{}), a.loaded) {
			_ = a.writeInitFile(allCommands(), a.shell)
		}
	case shell.FromVirtualenvwrapper:
		// There is none where a person keeps it in a file of their own.
		file, err := os.Stat(a.initFile(wrapper))
		if err == nil && !isNewerThanDen(file) && !shell.IsFromInitFile(wrapperScript(allCommands()), a.loaded) {
			_ = a.writeWrapperFile(allCommands())
		}
	}
}

// allCommands returns den with all its commands, for their names.
func allCommands() *cobra.Command { return (&app{}).rootCommand("", "") }

// isNewerThanDen reports whether a file was written after this den came to be
// where it is: then it is this den's, and need not be compared.
func isNewerThanDen(file os.FileInfo) bool {
	path, err := os.Executable()
	if err != nil {
		return false
	}
	installed, err := disk.Changed(path)
	return err == nil && file.ModTime().After(installed)
}

// resumeCommand is what a new shell calls that has loaded the functions from a
// file, if there may be something to do at once.
func (a *app) resumeCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "resume",
		Short:       "Resume the active environment, and source the initialize hook",
		Hidden:      true,
		Args:        noArguments,
		Annotations: map[string]string{inShell: "yes", readOnly: "yes"},
		RunE: func(*cobra.Command, []string) (err error) {
			if err := a.requireShell("resume"); err != nil {
				return err
			}
			a.settings.tolerate = a.warnOf
			a.plan, err = a.resumePlan(a.shell)
			return err
		},
	}
}
