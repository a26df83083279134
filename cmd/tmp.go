package cmd

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"den/env"
	"den/env/store"
	"den/hooks"
	"den/shell"
)

func (a *app) tmpCommand() *cobra.Command {
	m := mkOptions{temporary: true}
	c := &cobra.Command{
		Use:        "tmp",
		SuggestFor: []string{"temp", "temporary"},
		Short:      "Make a temporary environment and enter it",
		Long: `Makes an environment, makes up its name, enters it and goes to its directory. den
removes it when you leave it, or when this shell ends in any way. To keep it, give
it another name (mvvenv).

Called from a script, without den's integration, it prints the name.`,
		Example: `  mktmpenv -i requests
  mktmpenv -n -p 3.12    stay in the current directory`,
		Args:        noArguments,
		Annotations: map[string]string{inShell: "yes", makes: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			m.name = store.TemporaryName()
			return a.makeTemporary(cmd.Context(), m)
		},
	}
	m.addFlags(c)
	c.Flags().Lookup("cd").Usage = "go to its directory (the default)"
	return c
}

func (a *app) makeTemporary(ctx context.Context, m mkOptions) error {
	toIt, err := a.goesToProject(m.cd, m.noCd)
	if err != nil {
		return err
	}
	home, err := a.home()
	if err != nil {
		return err
	}
	if err := a.ensure(home); err != nil {
		return err
	}
	// Claimed before it is there, so that it cannot be left without an owner.
	if err := home.Claim(m.name, os.Getppid()); err != nil {
		return err
	}
	environment, made, err := a.makeOne(ctx, m)
	if !made {
		home.Disclaim(m.name)
	}
	if err != nil {
		return err
	}
	if err := startInBackground("guard", "--workon-home", home.Dir(), m.name); err != nil {
		a.warnf("if this shell ends before it is left, the next den removes it: %s", err)
	}
	if a.shell == nil || m.noActivate {
		a.printf("%s\n", m.name)
	}
	if err := a.afterMaking(environment, m, false); err != nil {
		return err
	}
	if len(a.plan) > 0 && toIt {
		a.plan = append(a.plan, shell.Cd{Dir: environment.Path})
	}
	a.announce("This is a temporary environment. It will be deleted when you run 'deactivate'.")
	a.doneUnannounced("it is a temporary environment: den removes it when you leave it (deactivate), or when this shell ends")
	return nil
}

// guardCommand removes a temporary environment when its shell has ended. It is
// what tmp starts in the background.
func (a *app) guardCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "guard NAME",
		Short:  "Remove a temporary environment when its shell ends",
		Hidden: true,
		Args:   exactlyOne("environment"),
		RunE: func(_ *cobra.Command, args []string) error {
			home, err := a.home()
			if err != nil {
				return err
			}
			if err := home.AwaitOrphan(args[0]); err != nil {
				return err
			}
			a.removeOrphans(home)
			return home.Sweep(context.Background())
		},
	}
}

// removeOrphans removes the temporary environments of shells that have ended.
// Nobody is there to see what their hooks print, and whatever fails, the next
// den tries again.
func (a *app) removeOrphans(home env.Home) {
	orphans := home.Orphans()
	if len(orphans) == 0 {
		return
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer null.Close()
	quiet := terminal{stdin: null, stdout: null, stderr: null}
	ctx := context.Background()
	dirs := a.globalHooks()
	fire := func(event hooks.Event, name string) {
		_ = quiet.runHooks(ctx, quiet.find(event, dirs, a.shell, always), home.Dir(), nil, name)
	}
	for _, e := range orphans {
		fire(hooks.PreRmvirtualenv, e.Name)
		if home.Remove(ctx, e.Name) == nil {
			fire(hooks.PostRmvirtualenv, e.Name)
		}
	}
	_ = a.sweepInBackground(home) // or the next one does
}
