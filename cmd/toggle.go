package cmd

import (
	"github.com/spf13/cobra"
)

func (a *app) toggleSitePackagesCommand() *cobra.Command {
	var quiet bool
	c := &cobra.Command{
		Use:   "toggle-site-packages",
		Short: "Let the environment see the system's packages, or hide them",
		Long: `Shows the active environment the packages of its base Python or, if it sees them,
hides them, and prints the new state.`,
		Example: "  toggleglobalsitepackages",
		// virtualenvwrapper takes no notice of arguments.
		Args: cobra.ArbitraryArgs,
		RunE: func(*cobra.Command, []string) error {
			environment, err := a.active()
			if err != nil {
				return err
			}
			visible, err := environment.SystemSitePackages()
			if err != nil {
				return err
			}
			if err := environment.SetSystemSitePackages(!visible); err != nil || quiet {
				return err
			}
			// The words of virtualenvwrapper, which scripts look for.
			word := "Enabled"
			if visible {
				word = "Disabled"
			}
			a.printf("%s global site-packages\n", word)
			return nil
		},
	}
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "say nothing")
	return c
}
