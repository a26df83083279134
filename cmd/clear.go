package cmd

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"den/env"
	"den/shell"
)

// put is what makes an environment whole or not at all: env.Home's Create, and
// Replace.
type put = func(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) error) (env.Environment, error)

// putting is how a new environment gets its name: when clear, in the place of
// the one that has it, if there is one.
func putting(home env.Home, clear bool) put {
	if !clear {
		return home.Create
	}
	return func(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) error) (env.Environment, error) {
		e, err := home.Replace(ctx, name, fill)
		var missing *env.NotFoundError
		if errors.As(err, &missing) {
			return home.Create(ctx, name, fill)
		}
		if err != nil {
			return e, err
		}
		return e, sweepInBackground(home)
	}
}

// leaveToClear has the shell leave the environment that is to be replaced, if it
// is the active one, and then call den again: the hooks of leaving are in it.
func (a *app) leaveToClear(home env.Home, m making) (left bool, err error) {
	e := env.Environment{Name: m.name, Path: home.Path(m.name)}
	if !m.clear || a.shell == nil || !isActive(e) {
		return false, nil
	}
	active, _ := shell.Active(os.LookupEnv)
	if a.plan, err = a.leavePlan(leavingForGood); err != nil {
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
	for len(args) > 2 && slices.Contains(integrationFlags, strings.TrimPrefix(args[0], "--")) {
		args = args[2:]
	}
	return args
}
