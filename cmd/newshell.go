package cmd

import (
	"cmp"
	"context"
	"errors"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/shell"
)

// tryNew starts the shell once and reports whether new ones have den's words. If
// not, it warns, and returns the exit status for that.
func (a *app) tryNew(ctx context.Context, f startup.Loader) error {
	name := f.Shell.Name
	stop := a.spin("starting a new " + name)
	answer, err := startup.Try(ctx, f.Shell, f.Path, false)
	stop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		a.notef("den could not start a new %s to see whether it has the words: %s", name, err)
		if !errors.Is(err, startup.ErrNoShell) {
			a.hintf("to see for yourself: %s", cmp.Or(f.Shell.Trial.See, name+" -i -c 'type workon'"))
		}
	case !answer.Words:
		a.warnOf(answer.LacksWords(f))
		return exitStatus(statusFailed)
	default:
		a.printf("\nIt works in new shells; %s\n", a.goOn(f.Shell))
		if a.hasNone() {
			a.printf("Then make your first environment: mkvenv NAME\n")
		}
		if mend := f.Shell.Trial.MendCompletion; !answer.Completion && mend != "" {
			a.notef("Tab completes nothing in a new %s: its completion system is not on", name)
			a.hintf("to turn it on: echo '%s' >> %s", mend, hint.Path(f.Path))
		}
	}
	return nil
}

// hasNone reports whether there is no environment yet.
func (a *app) hasNone() bool {
	home, err := a.home()
	if err != nil {
		return false
	}
	names, err := home.Names()
	return err == nil && len(names) == 0
}

// goOn tells how to have the words at once.
func (a *app) goOn(d *shell.Shell) string {
	if asking, err := a.askingShell(); err == nil && asking.Name == d.Name {
		return "for this one: exec " + d.Executable()
	}
	return "to start one: " + d.Executable()
}
