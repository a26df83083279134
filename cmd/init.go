package cmd

import (
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/completions"
	"den/hooks"
	"den/shell"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init bash|zsh|fish",
		Short: "Print the integration for a shell",
		Long: `Prints the code that makes den part of a shell. The line that loads it goes at
the end of the shell's start-up file; "den setup" puts it there for you.

  bash, in ~/.bashrc                     eval "$(den init bash)"
  zsh, in ~/.zshrc                       eval "$(den init zsh)"
  fish, in ~/.config/fish/config.fish    den init fish | source

It defines the functions workon, mkvenv, cpvenv, mvvenv, rmvenv, lsvenv, cdvenv
(with the names of virtualenvwrapper beside them) and den.`,
		Example:   `  eval "$(den init bash)"`,
		Args:      exactlyOne("shell (bash, zsh or fish)"),
		ValidArgs: shell.Names(),
		RunE: func(cmd *cobra.Command, args []string) error {
			dialect, err := shell.ByName(args[0])
			if err != nil {
				return usageError{err}
			}
			// A mistake in a file must not take the words from every new shell.
			a.settings.tolerate = a.warnOf
			a.dialect = nil // init prints its code; no plan is waited for
			resume, err := a.resumePlan(dialect)
			if err != nil {
				return err
			}
			program := programPath()
			a.printf("%s\n%s", dialect.Init(program, shellCommands(cmd.Root()), resume), completions.Script(dialect, program, functionNames()))
			return nil
		},
	}
}

// resumePlan is what a new shell has to do at once: make whole the environment
// that it was started in, and source the person's initialize hook.
func (a *app) resumePlan(dialect shell.Dialect) (shell.Plan, error) {
	var plan shell.Plan
	if shell.Entered(os.LookupEnv) {
		active, _ := shell.Active(os.LookupEnv)
		plan = active.Resume()
	}
	globalDir, err := a.settings.dir(keyHookDir)
	if err != nil {
		return nil, err
	}
	a.dialect = dialect
	defer func() { a.dialect = nil }()
	return append(plan, a.sourceSteps(hooks.Initialize, hooks.Directories{Global: globalDir})...), nil
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
