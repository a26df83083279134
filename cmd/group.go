package cmd

import (
	"github.com/spf13/cobra"
)

// grouping is a command that others stand below, which act on the same thing.
// Called without one of them it does what run does or, where that is nil, lists
// them.
func (a *app) grouping(c *cobra.Command, run func() error, commands ...*cobra.Command) *cobra.Command {
	c.Annotations = map[string]string{inShell: "yes"}
	c.Args = cobra.ArbitraryArgs
	c.Flags().SetInterspersed(false) // what follows no command is not for den to read
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > 0:
			return a.unknownBelow(cmd, args)
		case run != nil:
			return run()
		}
		return cmd.Help()
	}
	c.AddCommand(commands...)
	return c
}
