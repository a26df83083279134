package cmd

import (
	"github.com/spf13/cobra"

	"den/shell/shells"
)

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish",
		Short: "Print the completion for a shell, as a file to install",
		Long: `Prints the code that completes den, for those who package it. You need it only
if den's integration is not loaded: that ("den init") completes den and all of
its functions.

The file goes where the shell looks for such; "make install" puts it there,
under PREFIX:

  bash    share/bash-completion/completions/den (for the package bash-completion)
  zsh     share/zsh/site-functions/_den
  fish    share/fish/vendor_completions.d/den.fish`,
		Example:   `  den completion zsh > /usr/local/share/zsh/site-functions/_den`,
		Args:      exactlyOne("shell (bash, zsh or fish)"),
		ValidArgs: shells.Names(),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := shells.ByName(args[0])
			if err != nil {
				return usageError{err}
			}
			a.printf("%s", s.Completion.File())
			return nil
		},
	}
}
