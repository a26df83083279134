package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/quantity"
	"den/cmd/waste"
	"den/env"
)

// gcOptions are what a person asks for when they make room.
type gcOptions struct {
	kinds                    []string
	dryRun, yes, asJSON, now bool
	unused                   string
}

func (a *app) gcCommand() *cobra.Command {
	var o gcOptions
	c := &cobra.Command{
		Use:        "gc [KIND...]",
		SuggestFor: []string{"clean", "cleanup", "prune", "purge", "du"},
		Short:      "Show what takes room, and make some",
		Long: `Shows what den could delete and how much of the disk that takes. It asks before it
deletes anything:

  removed        what "den undo" can bring back
  leftovers      what den is deleting, or an interrupted den has left
  wheels         packages that den keeps ready for new environments
  interpreters   what den has noted about interpreters
  environments   those with a project that does not exist and, with --unused, those that
                 workon and den run have not entered for that time

If you name a KIND, den looks for that kind only. It lists the environments and asks
about them separately. It removes them as rm does, so "den undo" brings them back. It
leaves out the active one and those with your work in them.

Without a terminal to ask on, den deletes nothing unless you give --yes, and no
environment unless you also name the KIND environments. den does not know which
programs use an environment by its path, such as services and kernels.`,
		Example: `  den gc
  den gc --unused 90d --dry-run
  den gc --yes removed wheels
  den gc --json | jq 'map(.size) | add'`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, kinds []string) error {
			o.kinds = kinds
			return a.makeRoom(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.BoolVarP(&o.dryRun, "dry-run", "n", false, "show what there is and delete nothing")
	f.BoolVarP(&o.yes, "yes", "y", false, "delete without asking")
	f.StringVar(&o.unused, "unused", "", "also environments not entered for this `span`, such as 90d")
	f.BoolVar(&o.now, "now", false, "delete environments at once, and keep nothing for undo")
	f.BoolVar(&o.asJSON, "json", false, "show what there is as JSON, and delete nothing")
	c.MarkFlagsMutuallyExclusive("dry-run", "yes", "json")
	return c
}

// makeRoom shows what den could do without, and deletes what the person agrees to.
func (a *app) makeRoom(ctx context.Context, o gcOptions) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	search, err := a.gcSearch(home, o)
	if err != nil {
		return err
	}
	showOnly := o.dryRun || o.asJSON
	if !showOnly && !o.yes && !(isTerminal(a.stdin) && isTerminal(a.stderr)) {
		return hint.WithAll(usagef("there is no terminal to ask on, so den has deleted nothing"), "to see what there is: den gc --dry-run", "to delete it: den gc --yes")
	}
	stop := a.spin("measuring")
	items, err := waste.Find(ctx, search)
	stop()
	if err != nil {
		return err
	}
	if items, err = a.removableItems(ctx, home, items); err != nil {
		return err
	}
	if o.asJSON {
		return a.printJSON(append([]waste.Item{}, items...))
	}
	a.printWaste(items)
	if showOnly || len(items) == 0 {
		return nil
	}
	return errors.Join(a.deleteWaste(ctx, home, items, o), a.removeWaste(ctx, home, items, o))
}

func (a *app) gcSearch(home env.Home, o gcOptions) (s waste.Search, err error) {
	for _, kind := range o.kinds {
		if !slices.Contains(waste.Kinds(), kind) {
			return s, hint.With(usagef("there is no kind %q", kind), "the kinds are %s", hint.Join(waste.Kinds(), " and "))
		}
	}
	s = waste.Search{Home: home, Wheels: a.settings.cacheDir("wheels"), Interpreters: a.settings.cacheDir("interpreters"), ProjectFile: a.projectFile(), Kinds: o.kinds}
	if len(o.kinds) == 0 {
		s.Kinds = waste.Kinds()
	}
	if o.unused != "" {
		span, err := quantity.ParseSpan(o.unused)
		if err != nil {
			return s, usagef("--unused is %q: %w", o.unused, err)
		}
		s.Unused = max(span, 1) // for 0 would look for none
	}
	return s, nil
}

// removableItems leaves out the environments that rm would refuse.
func (a *app) removableItems(ctx context.Context, home env.Home, items []waste.Item) (left []waste.Item, err error) {
	for _, item := range items {
		if item.Kind == waste.Environments {
			e := env.Environment{Name: item.Environment, Path: item.Path}
			work, err := a.work(ctx, home, e)
			if err != nil {
				return nil, err
			}
			why := ""
			switch {
			case isActive(e):
				why = "it is active"
			case work != "":
				why = "your work is in it"
			}
			if why != "" {
				a.sayLeftOut(e, why)
				continue
			}
		}
		left = append(left, item)
	}
	return left, nil
}

// sayLeftOut tells a person why a list has no line for an environment.
func (a *app) sayLeftOut(e env.Environment, why string) {
	if a.isWatched() {
		a.notef("%q is left out: %s", printable(e.Name), why)
	}
}

// gcTitle is what a question calls a kind.
func gcTitle(kind string) string {
	switch kind {
	case waste.Removed:
		return "removed environments"
	case waste.Interpreters:
		return "facts about interpreters"
	}
	return kind
}

// printWaste shows what there is.
func (a *app) printWaste(items []waste.Item) {
	if len(items) == 0 && a.isWatched() {
		a.notef("there is nothing that den could do without")
		return
	}
	if !isTerminal(a.stdout) {
		for _, i := range items {
			a.printf("%s\t%s\t%d\t%d\t%s\n", i.Kind, printable(i.Environment), i.Count, i.Size, printable(i.Why))
		}
		return
	}
	rows := [][]string{{"what", "count", "size", "why"}}
	for _, i := range items {
		title := i.Kind
		if i.Kind == waste.Environments {
			title = printable(i.Environment)
		}
		rows = append(rows, []string{title, strconv.Itoa(i.Count), quantity.Size(i.Size), printable(i.Why)})
	}
	a.printFitting(rows, "count")
}

// deleteWaste deletes, once the person has agreed, all that is no environment.
func (a *app) deleteWaste(ctx context.Context, home env.Home, items []waste.Item, o gcOptions) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i waste.Item) bool { return i.Kind == waste.Environments })
	if len(items) == 0 {
		return nil
	}
	var titles []string
	for _, i := range items {
		titles = append(titles, gcTitle(i.Kind))
	}
	yes, err := a.agreed(ctx, o, "delete %s (%s)?", hint.Join(titles, " and "), quantity.Size(sizeOf(items)))
	if !yes || err != nil {
		return err
	}
	stop := a.spin("deleting")
	defer stop()
	var failed []error
	for _, i := range items {
		failed = append(failed, i.Delete(ctx, home))
	}
	stop()
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("deleting: %w", err)
	}
	a.donef("deleted %s", quantity.Size(sizeOf(items)))
	return nil
}

// removeWaste removes, once the person has agreed, the environments.
func (a *app) removeWaste(ctx context.Context, home env.Home, items []waste.Item, o gcOptions) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i waste.Item) bool { return i.Kind != waste.Environments })
	if len(items) == 0 || o.yes && !slices.Contains(o.kinds, waste.Environments) {
		return nil
	}
	var names []string
	for _, i := range items {
		names = append(names, i.Environment)
	}
	back := ""
	if r, err := a.retention(); err == nil && r.For > 0 && !o.now {
		back = " den undo brings them back for " + quantity.Span(r.For) + "."
	}
	yes, err := a.agreed(ctx, o, "remove the environments %s (%s)?%s", quoted(names, " and "), quantity.Size(sizeOf(items)), back)
	if !yes || err != nil {
		return err
	}
	return a.remove(ctx, home, names, removal{now: o.now})
}

// agreed reports whether the person agrees, or has done so by a flag.
func (a *app) agreed(ctx context.Context, o gcOptions, format string, args ...any) (bool, error) {
	if o.yes {
		return true, nil
	}
	return a.confirm(ctx, format, args...)
}

func sizeOf(items []waste.Item) (sum int64) {
	for _, i := range items {
		sum += i.Size
	}
	return sum
}
