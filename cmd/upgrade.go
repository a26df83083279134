package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/cmd/upgrade"
	"den/env"
	"den/env/layout"
	"den/env/python"
	"den/shell"
)

// upgradeOptions are what a person asks for when they upgrade environments.
type upgradeOptions struct {
	names       []string
	all, dryRun bool
	chosen      bool // they have named the interpreter
}

func (a *app) upgradeCommand() *cobra.Command {
	var u upgradeOptions
	c := &cobra.Command{
		Use:        "upgrade NAME...",
		SuggestFor: []string{"update", "rebuild", "repair", "restore"},
		Short:      "Give environments another Python",
		Long: `Makes the environment NAME anew with another Python, and installs the same
packages, of the same versions and from the same places, editable ones included.
This also mends a broken environment. Without --python, it gets the newest
installed Python of its version (3.12), or else the default.

Its project, hooks, prompt and your other files in its directory stay. den makes
the new environment aside; it takes the place of the old one when it is complete.
If anything fails, the old one stays as it was. "den undo" brings the old one back.`,
		Example: `  den upgrade web -p 3.13
  den upgrade web              mend it, or get the newest 3.12.x for its 3.12.1
  den upgrade --all --dry-run  what would be done`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			u.names, u.chosen = args, cmd.Flags().Changed("python")
			if u.all == (len(args) > 0) {
				return hint.With(usagef("%q needs the name of an environment, or --all", typedAs(cmd)), "usage: %s", useLine(cmd))
			}
			return a.upgradeAll(cmd.Context(), u)
		},
	}
	f := c.Flags()
	f.StringP("python", "p", "", "the `interpreter`: a path, a command, or a version such as 3.12")
	f.BoolVar(&u.all, "all", false, "all environments that would get another Python")
	f.BoolVar(&u.dryRun, "dry-run", false, "show what would be done and do nothing")
	f.String("backend", "", "the `backend`, which makes them: "+hint.Join(layout.Backends(), " or "))
	return c
}

// upgradeAll upgrades the environments one after the other. With --all, one that
// fails does not keep it from the others.
func (a *app) upgradeAll(ctx context.Context, u upgradeOptions) error {
	home, err := a.home()
	if err == nil {
		home, err = a.keeping(home, "upgrade")
	}
	if err != nil {
		return err
	}
	environments, err := a.toUpgrade(home, u)
	if err != nil {
		return err
	}
	if len(environments) == 0 {
		a.noteEmpty(home)
		return nil
	}
	if u.all && u.dryRun {
		return a.previewAll(ctx, environments, u)
	}
	if u.chosen && !u.dryRun {
		if err := a.getChosen(ctx); err != nil {
			what := countOf(len(environments), "environment")
			if len(environments) == 1 {
				what = strconv.Quote(environments[0].Name)
			}
			return a.explainMaking(fmt.Errorf("upgrading %s: %w", what, err), "")
		}
	}
	failed := 0
	for _, e := range environments {
		err := a.upgrade(ctx, home, e, u)
		if err == nil {
			continue
		}
		if !u.all || ctx.Err() != nil {
			return err
		}
		a.report(err)
		failed++
	}
	if failed > 0 {
		return exitStatus(statusFailed)
	}
	return nil
}

// getChosen has the Python that the person has chosen installed, if there is none and they
// want that: once, for all environments.
func (a *app) getChosen(ctx context.Context) error {
	request, err := a.settings.text(keyPython)
	if err != nil {
		return err
	}
	_, err = a.findOrGet(ctx, request)
	return err
}

func (a *app) toUpgrade(home env.Home, u upgradeOptions) ([]env.Environment, error) {
	if u.all {
		return home.List()
	}
	var environments []env.Environment
	for _, name := range u.names {
		e, err := home.Find(name)
		if err != nil {
			return nil, a.suggest(err)
		}
		environments = append(environments, e)
	}
	return environments, nil
}

// upgrade makes one environment anew.
func (a *app) upgrade(ctx context.Context, home env.Home, e env.Environment, u upgradeOptions) error {
	if target, err := os.Readlink(e.Path); err == nil {
		if u.all {
			a.notef("%q is a symbolic link to %s, and left alone", e.Name, target)
			return nil
		}
		return refuseLink(e, "upgrade")
	}
	r, err := a.renewalOf(ctx, e, u.chosen)
	if err != nil {
		return a.explainMaking(fmt.Errorf("upgrading %q: %w", e.Name, err), e.Name)
	}
	if u.all && r.IsUpToDate() {
		a.donef("%q has Python %s already", e.Name, e.PythonVersion())
		return nil
	}
	if u.dryRun {
		a.printRenewal(r)
		return nil
	}
	if err := r.Check(); err != nil {
		return err
	}
	a.noteLosses(r)
	before := e.PythonVersion()
	err = a.rebuild(ctx, home, e, func(ctx context.Context, dir, final string) ([]string, error) { return a.renew(ctx, r, dir, final) })
	if err != nil {
		return a.explainUpgrading(err, e)
	}
	a.donef("%q has Python %s now, and had %s%s", e.Name, e.PythonVersion(), before, a.undoable(home, e.Name))
	return nil
}

// rebuild puts what build makes in the place of an environment, and keeps the shell in its
// directory. build returns the files that hold the path of dir and should not.
func (a *app) rebuild(ctx context.Context, home env.Home, e env.Environment, build func(ctx context.Context, dir, final string) (stuck []string, err error)) error {
	below, inside := belowWorkingDirectory(e)
	var stuck []string
	_, err := a.withRoom(ctx, home, func() (env.Environment, error) {
		return home.Replace(ctx, e.Name, func(ctx context.Context, dir, final string) (err error) {
			stuck, err = build(ctx, dir, final)
			return err
		})
	})
	if err != nil {
		return err
	}
	a.warnStuck(e, "of the directory that it was made in", stuck)
	a.keepUp(e, below, inside)
	a.noteServer(e)
	return a.sweepInBackground(home)
}

// keepUp leads a shell that was in the old directory to the same one in the new,
// and makes it forget where the old programs were.
func (a *app) keepUp(e env.Environment, below string, inside bool) {
	if inside {
		dir := filepath.Join(e.Path, below)
		if _, err := os.Stat(dir); err != nil {
			dir = e.Path
		}
		a.plan = append(a.plan, shell.Cd{Dir: dir})
	}
	if isActive(e) {
		a.plan = append(a.plan, shell.Rehash{})
	}
}

func (a *app) explainUpgrading(err error, e env.Environment) error {
	if as[*pip.Error](err) {
		return hint.With(err, "nothing has changed: %q is as it was", e.Name)
	}
	if conflict, ok := errors.AsType[*upgrade.ConflictError](err); ok {
		return hint.With(err, "nothing has changed; take it out of the way: mv %s %s", hint.Path(conflict.Path), hint.Path(filepath.Join(filepath.Dir(e.Path), filepath.Base(conflict.Path)+".mine")))
	}
	return a.explainMaking(err, e.Name)
}

// renewalOf finds out what the environment has, and what it is to become.
func (a *app) renewalOf(ctx context.Context, e env.Environment, chosen bool) (upgrade.Renewal, error) {
	r, err := upgrade.Of(e)
	if err != nil {
		return r, err
	}
	if r.Interpreter, err = a.newInterpreter(ctx, r, chosen); err != nil {
		return r, err
	}
	backend, err := a.settings.text(keyBackend)
	if err != nil {
		return r, err
	}
	r.Builder, err = layout.New(backend, a.buildOptions())
	return r, err
}

// renew makes, in dir, what the environment is to become. It returns the files
// that hold the path of dir and should not.
func (a *app) renew(ctx context.Context, r upgrade.Renewal, dir, final string) (stuck []string, err error) {
	stop := a.spin(fmt.Sprintf("making %s with Python %s", printable(r.Old.Name), r.Interpreter.Version))
	defer stop()
	bytecode, _, err := a.bytecode(true)
	if err != nil {
		return nil, err
	}
	if err := r.Lay(ctx, dir, final, bytecode); err != nil {
		return nil, err
	}
	stop()
	return r.Fill(ctx, dir, final, a.console())
}

// newInterpreter returns the interpreter that the person has chosen, or else the newest
// of the same series, or else the one of the environment if it still runs, or else the
// default.
func (a *app) newInterpreter(ctx context.Context, r upgrade.Renewal, chosen bool) (python.Interpreter, error) {
	if series := r.Series(); !chosen && series != "" {
		found, err := a.finder(series).Find(ctx, series)
		if !as[*python.NotFoundError](err) {
			return found, err
		}
		if found, err := a.finder(series).Find(ctx, r.Old.Python()); err == nil {
			return found, nil
		}
	}
	request, err := a.settings.text(keyPython)
	if err != nil {
		return python.Interpreter{}, err
	}
	return a.finder(request).Find(ctx, request)
}

// pythonBefore says which Python an environment has.
func pythonBefore(e env.Environment) string {
	had := e.PythonVersion()
	if had == "" {
		had = "unknown"
	}
	if err := e.Check(); err != nil {
		had += ", gone"
	}
	return had
}

// printRenewal says what would be done.
func (a *app) printRenewal(r upgrade.Renewal) {
	had := pythonBefore(r.Old)
	a.printf("%s: Python %s (%s) in place of %s, made with %s\n", printable(r.Old.Name), r.Interpreter.Name(), r.Interpreter.BaseExecutable, had, r.Maker())
	for _, line := range r.Lines() {
		a.printf("    %s\n", printable(line))
	}
	if err := r.Check(); err != nil {
		a.warnf("%s", err)
	}
	a.noteLosses(r)
}

// noteLosses names what cannot be carried over, and what will not come from where
// it came from.
func (a *app) noteLosses(r upgrade.Renewal) {
	for _, d := range r.FromIndex() {
		a.notef("%s was installed from %s, which is gone: den looks for %s in the package index", d.Name, d.Source(), d.Pinned())
	}
	for _, path := range r.Uncopied {
		a.warnf("%s is not a file, and will not be in the new environment", filepath.Join(r.Old.Path, path))
	}
}
