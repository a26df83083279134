package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/env"
	"den/shell"
)

func (a *app) cdCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "cd [SUBDIRECTORY]",
		Short:       "Go to the active environment's directory",
		Long:        `Goes to the directory of the active environment, or to a directory in it.`,
		Example:     "  cdvenv\n  cdvenv bin",
		Args:        atMostOne("directory"),
		Annotations: map[string]string{inShell: "yes", readOnly: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.requireShell("cd"); err != nil {
				return err
			}
			environment, err := a.active()
			if err != nil {
				return err
			}
			return a.goTo(environment.Path, args)
		},
	}
}

// active is the environment that is active in this shell.
func (a *app) active() (env.Environment, error) {
	active, ok := shell.Active(os.LookupEnv)
	if !ok {
		return env.Environment{}, errNoneActive()
	}
	e, err := env.Open(active.Path)
	if err != nil {
		return e, worded(err, noneActive)
	}
	return e, nil
}

// goTo has the shell go to a directory, or to the one below it that args names.
func (a *app) goTo(dir string, args []string) error {
	dir = filepath.Join(append([]string{dir}, args...)...)
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("going to %s: %w", dir, errors.Unwrap(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}
	a.plan = append(a.plan, shell.Cd{Dir: dir})
	return nil
}
