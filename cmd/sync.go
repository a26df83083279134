package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"den/cmd/exact"
	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/lockfile"
	"den/env/tree"
)

// syncOptions are what a person asks for when they make an environment as a list says.
type syncOptions struct {
	file           string
	dryRun, asJSON bool
}

func (a *app) syncCommand() *cobra.Command {
	var s syncOptions
	c := &cobra.Command{
		Use:   "sync NAME FILE",
		Short: "Make an environment have exactly the packages of a lock file",
		Long: `Installs, changes and uninstalls packages until the environment NAME has exactly
those that FILE lists, and prints what it adds (+), takes away (-) or installs anew
(~). FILE is a pylock.toml, of any tool, or a requirements file with exact versions.
pip stays, unless FILE names it; so do setuptools and wheel if the environment was
made with them.

den works on a copy, which takes the place of the environment when it is complete.
If anything fails, or is interrupted, the environment is as it was. "den undo" brings
the old one back.`,
		Example: `  den sync web pylock.web.toml
  den sync web pylock.web.toml --dry-run
  den sync web requirements.txt --json`,
		Args:        exactlyTwo("an environment and a file"),
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			s.file = args[1]
			return a.syncTo(cmd.Context(), args[0], s)
		},
	}
	f := c.Flags()
	f.BoolVar(&s.dryRun, "dry-run", false, "show what would be done and do nothing")
	f.BoolVar(&s.asJSON, "json", false, "print JSON")
	return c
}

func (a *app) syncTo(ctx context.Context, name string, s syncOptions) error {
	home, err := a.home()
	if err == nil {
		home, err = a.keeping(home, "sync")
	}
	if err != nil {
		return err
	}
	e, err := home.Find(name)
	if err != nil {
		return a.suggest(err)
	}
	if err := refuseLink(e, "sync"); err != nil {
		return err
	}
	change, err := a.changeTo(ctx, e, s.file)
	if err != nil {
		return err
	}
	if len(change.Differences) == 0 && !s.asJSON {
		a.donef("%q has exactly the packages of %s already", e.Name, s.file)
		return nil
	}
	if s.dryRun || len(change.Differences) == 0 {
		return a.printChange(change, s)
	}
	if err := a.apply(ctx, home, change, s); err != nil {
		return err
	}
	if err := a.printChange(change, s); err != nil {
		return err
	}
	a.donef("%q has exactly the packages of %s%s", e.Name, s.file, a.undoable(home, e.Name))
	return nil
}

// refuseLink returns an error for an environment that is a symbolic link.
func refuseLink(e env.Environment, command string) error {
	target, err := os.Readlink(e.Path)
	if err != nil {
		return nil // it is a directory
	}
	err = fmt.Errorf("%q is a symbolic link to %s, which other environments may use too", e.Name, target)
	return hint.With(err, "copy it, and %s the copy: den cp %s NAME", command, hint.Word(e.Name))
}

// changeTo finds out what the list wants to be otherwise.
func (a *app) changeTo(ctx context.Context, e env.Environment, file string) (none exact.Change, err error) {
	list, err := readList(file)
	if err != nil {
		return none, err
	}
	its, err := a.pipIn(ctx, e, e, a.console())
	if err != nil {
		return none, err
	}
	wanted, err := exact.Choose(ctx, its, list)
	if err != nil {
		return none, fmt.Errorf("%s and %q: %w", file, e.Name, err)
	}
	return exact.Of(e, wanted, list.Options)
}

// apply makes the changed environment aside, and puts it in the place of the old one.
func (a *app) apply(ctx context.Context, home env.Home, change exact.Change, s syncOptions) error {
	e := change.Environment
	if err := checkBinIsInside(e.Path); err != nil {
		return err
	}
	console := a.console()
	if s.asJSON {
		console.Stdout = a.stderr
	}
	var progress tree.Progress
	stop := a.showCopying(fmt.Sprintf("copying %s", printable(e.Name)), &progress)
	defer stop()
	by := exact.Means{Progress: &progress, Copied: stop, Pip: func(ctx context.Context, at env.Environment) (pip.Pip, error) {
		return a.pipIn(ctx, e, at, console)
	}}
	err := a.rebuild(ctx, home, e, func(ctx context.Context, dir, final string) ([]string, error) {
		return change.Make(ctx, dir, final, by)
	})
	stop()
	if _, failed := errors.AsType[*pip.Error](err); failed {
		return hint.With(err, "nothing has changed: %q is as it was", e.Name)
	}
	return a.explainMaking(err, e.Name)
}

// printChange prints what has changed, or would.
func (a *app) printChange(change exact.Change, s syncOptions) error {
	if s.asJSON {
		return a.printChangeJSON(change.Differences)
	}
	for _, d := range change.Differences {
		switch {
		case d.Left != nil && d.Right != nil && d.Left.String() == d.Right.String():
			a.printf("~ %s\n", printable(d.Right.String()))
			continue
		case d.Left != nil:
			a.printf("- %s\n", printable(d.Left.String()))
		}
		if d.Right != nil {
			a.printf("+ %s\n", printable(d.Right.String()))
		}
	}
	return nil
}

func (a *app) printChangeJSON(differences []lockfile.Difference) error {
	type row struct {
		Name string `json:"name"`
		From *side  `json:"from,omitempty"`
		To   *side  `json:"to,omitempty"`
	}
	changes := struct {
		Added   []row `json:"added"`
		Changed []row `json:"changed"`
		Removed []row `json:"removed"`
	}{[]row{}, []row{}, []row{}}
	for _, d := range differences {
		r := row{d.Name, sideOf(d.Left), sideOf(d.Right)}
		switch {
		case d.Left == nil:
			changes.Added = append(changes.Added, r)
		case d.Right == nil:
			changes.Removed = append(changes.Removed, r)
		default:
			changes.Changed = append(changes.Changed, r)
		}
	}
	return a.printJSON(changes)
}
