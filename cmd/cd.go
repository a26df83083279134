package cmd

import (
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
		Long:        `Goes to the directory of the environment that is active, or to a directory in it.`,
		Example:     "  cdvenv\n  cdvenv bin",
		Args:        atMostOne("directory"),
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.requireShell("cd"); err != nil {
				return err
			}
			active, ok := shell.Active(os.LookupEnv)
			if !ok {
				return errNoneActive()
			}
			environment, err := env.Open(active.Path)
			if err != nil {
				return err
			}
			dir := filepath.Join(append([]string{environment.Path}, args...)...)
			info, err := os.Stat(dir)
			if err != nil {
				return fmt.Errorf("going to a directory of %q: %w", environment.Name, err)
			}
			if !info.IsDir() {
				return fmt.Errorf("%s is not a directory", dir)
			}
			a.plan = shell.Plan{shell.Cd{Dir: dir}}
			return nil
		},
	}
}
