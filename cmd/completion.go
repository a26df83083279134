package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/shell"
	"den/shell/shells"
)

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + shellChoice(),
		Short: "Print the completion for a shell, as a file to install",
		Long: `Prints the completion code of den, for people who package it. You need it only
without den's integration ("den init"), which completes den and all its functions.

Put the file where the shell looks for completions; "make install" puts it there,
under PREFIX:

` + shellLines(func(s *shell.Shell) (left, right string) { return s.Name, placeText(s) }),
		Example:     fmt.Sprintf("  den completion %s > /usr/local/%s", shells.All()[0].Name, shells.All()[0].Completion.Place),
		Args:        exactlyOne("shell (" + hint.Join(shells.Names(), " or ") + ")"),
		ValidArgs:   shells.Names(),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := shells.ByName(args[0])
			if err != nil {
				return usageError{err}
			}
			if why := s.Completion.Missing; why != "" {
				return hint.With(usagef("den cannot complete in %s: %s", s.Name, why), "for a shell with completion: den completion %s", shells.All()[0].Name)
			}
			a.printf("%s", s.Completion.File())
			return nil
		},
	}
}
