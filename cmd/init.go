package cmd

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/hooks"
	"den/shell"
	"den/shell/shells"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init " + shellChoice(wrapper),
		Short: "Print the integration for a shell",
		Long: `Prints the code of den's integration for a shell. Put the line that loads it at
the end of the shell's start-up file, or let "den setup" put it there.

` + shellLines(func(s *shell.Shell) (left, right string) {
			return s.Name + ", in " + s.RCFileShown, s.RCLine("den")
		}) + `

The code defines the functions workon, mkvenv, cpvenv, mvvenv, rmvenv, lsvenv, cdvenv,
den, and the words of virtualenvwrapper.

"den init virtualenvwrapper" is for ` + hint.Join(wrapperShellNames(), " and ") + `. It also defines the other
functions of virtualenvwrapper.sh (virtualenvwrapper_run_hook and the like), for
hooks and scripts that call them. Evaluate it in place of virtualenvwrapper.sh, or
write it to a file of that name, which stays valid after an update of den. A shell
that sources the file starts a process only if there is an initialize hook, a file of
settings or an environment to resume.`,
		Example: "  " + shells.All()[0].RCLine("den") + `
  den init virtualenvwrapper > ~/.local/bin/virtualenvwrapper.sh
  chmod +x ~/.local/bin/virtualenvwrapper.sh    for "which" to find it`,
		Args:        exactlyOne("shell (" + strings.Join(shells.Names(), ", ") + ", or virtualenvwrapper for its functions, too)"),
		ValidArgs:   append(shells.Names(), wrapper),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == wrapper {
				a.printf("%s", wrapperScript(cmd.Root()))
				return nil
			}
			s, err := shells.ByName(args[0])
			if err != nil {
				return usageError{err}
			}
			// A mistake in a file must not take the words from every new shell.
			a.settings.tolerate = a.warnOf
			a.shell = nil // init prints its code; no plan is waited for
			resume, err := a.resumePlan(s)
			if err != nil {
				return err
			}
			auto, err := a.autoCode(s)
			if err != nil {
				return err
			}
			i := integration(cmd.Root())
			keys, err := a.settings.text(keyKeys)
			if err != nil {
				return err
			}
			a.printf("%s\n%s%s%s", s.Init(i, resume), s.Completion.Script(i), auto, s.KeysCode(keys))
			return nil
		},
	}
}

// wrapper is what stands in place of a shell for virtualenvwrapper's functions.
const wrapper = startup.Wrapper

// wrapperScript is what stands in for virtualenvwrapper.sh.
func wrapperScript(root *cobra.Command) string {
	return shells.Wrapper().Script(integration(root))
}

// resumePlan is what a new shell has to do at once.
func (a *app) resumePlan(s *shell.Shell) (shell.Plan, error) {
	hookDir, err := a.settings.text(keyHookDir)
	if err != nil {
		return nil, err
	}
	session := a.session()
	session.Find = func(event hooks.Event, dirs hooks.Directories) []hooks.Hook {
		return a.terminal.find(event, dirs, s, always)
	}
	return session.Resume(hookDir), nil
}

// makeHookTemplates makes the hooks for all environments, for the person to fill
// in, when an environment is made, or when a shell loads virtualenvwrapper's
// functions, which promise it. Later on it costs one look at a file. Where nothing
// can be written nothing is amiss: hooks are optional.
func (a *app) makeHookTemplates() {
	dir := a.globalHooks().Global
	_, err := os.Lstat(filepath.Join(dir, hooks.Initialize.Name))
	if dir != "" && errors.Is(err, fs.ErrNotExist) {
		_ = hooks.WriteGlobal(dir, os.Getenv("SHELL"))
	}
}

// programPath is the path by which the integration calls den: the one it was
// itself called by, so that it stays right when a package manager replaces what
// a link points to.
func programPath() string {
	if path, err := exec.LookPath(os.Args[0]); err == nil {
		if absolute, err := filepath.Abs(path); err == nil {
			return absolute
		}
	}
	if path, err := os.Executable(); err == nil {
		return path
	}
	return os.Args[0]
}
