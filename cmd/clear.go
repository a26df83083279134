package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/inventory"
	"den/env/store"
	"den/hooks"
	"den/shell"
	"den/shell/shells"
)

// A fill makes, in dir, what is to be at final.
type fill = func(ctx context.Context, dir, final string) error

// createOrReplace makes a new environment, whole or not at all: when clear, in the
// place of the one that has its name, if there is one. command is what does it, for
// undo to name.
func (a *app) createOrReplace(ctx context.Context, home env.Home, command, name string, clear bool, fill fill) (env.Environment, error) {
	if clear {
		home, err := a.keeping(home, command+" --clear")
		if err != nil {
			return env.Environment{}, err
		}
		e, err := a.withRoom(ctx, home, func() (env.Environment, error) { return home.Replace(ctx, name, fill) })
		if !as[*store.NotFoundError](err) {
			if err == nil {
				err = a.sweepInBackground(home)
			}
			return e, err
		}
	}
	return a.withRoom(ctx, home, func() (env.Environment, error) { return home.Create(ctx, name, fill) })
}

// warnCleared says what of the person's goes with the environment that is to be
// replaced.
func (a *app) warnCleared(home env.Home, name string) {
	e, err := home.Find(name)
	if err != nil {
		return // there is none
	}
	if _, err := os.Readlink(e.Path); err == nil {
		return // it is the link that is replaced
	}
	persons, err := inventory.Of(e.Path)
	if err != nil {
		a.warnf("den cannot read everything in %q: %s", name, err)
	}
	idle := idleHooks(e)
	all := slices.DeleteFunc(append(persons.Paths, persons.Uncopied...), func(path string) bool { return idle[filepath.Join(e.Path, path)] })
	if len(all) > 0 {
		a.warnf("den replaces %q, and these files of yours go with it: %s", name, hint.Some(all))
	}
}

// idleHooks are the hooks in an environment that nobody has filled in.
func idleHooks(e env.Environment) map[string]bool {
	idle := make(map[string]bool)
	for _, event := range hooks.Events() {
		for _, file := range (hooks.Directories{Local: e.Bin()}).Files(event, shells.HookSuffixes()...) {
			idle[file.Path] = errors.Is(file.Unused, hooks.ErrNoCommands)
		}
	}
	return idle
}

// leaveToClear has the shell leave the environment that is to be replaced, if it
// is the active one, and then call den again: the hooks of leaving are in it.
func (a *app) leaveToClear(home env.Home, m mkOptions) (left bool, err error) {
	e := env.Environment{Name: m.name, Path: home.Path(m.name)}
	if !m.clear || a.shell == nil || !isActive(e) {
		return false, nil
	}
	active, _ := shell.Active(os.LookupEnv)
	if a.plan, err = a.session().Leave(activate.ForGood); err != nil {
		return false, err
	}
	if active.Foreign {
		a.plan = append(a.plan, active.Leave(os.LookupEnv)...)
	}
	a.plan = append(a.plan, shell.Again{Args: commandLine(os.Args[1:])})
	return true, nil
}

// commandLine is what the person typed, without what the integration has put
// before it.
func commandLine(args []string) []string {
	for len(args) >= 2 && slices.Contains(integrationFlags, strings.TrimPrefix(args[0], "--")) {
		args = args[2:]
	}
	return args
}
