package cmd

import (
	"os"

	"github.com/spf13/cobra"

	"den/cmd/activate"
)

func (a *app) deactivateCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "deactivate",
		SuggestFor: []string{"leave", "exit", "quit", "off"},
		Short:      "Leave the active environment",
		Long: `Leaves the active environment and undoes the changes of workon: takes its one
entry off PATH, gives variables their old values back, takes the name out of the
prompt. Your own changes stay.`,
		Example: `  deactivate`,
		// Scripts of other tools call "deactivate nondestructive".
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes", readOnly: "yes"},
		RunE: func(*cobra.Command, []string) (err error) {
			if err := a.requireShell("deactivate"); err != nil {
				return err
			}
			// A mistake in a file must not keep anybody in.
			a.settings.tolerate = a.warnOf
			session := a.session()
			active, ok := session.Active()
			if !ok {
				return errNoneActive()
			}
			if session.IsLeaving() {
				return nil // which is being done
			}
			if a.plan, err = session.Leave(activate.ForGood); err != nil {
				return err
			}
			if active.Foreign { // what can be undone from here is
				a.plan = append(a.plan, active.Leave(os.LookupEnv)...)
			}
			return nil
		},
	}
}
