package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/quantity"
	"den/completions"
	"den/env"
	"den/env/store"
)

func (a *app) undoCommand() *cobra.Command {
	var list, asJSON bool
	c := &cobra.Command{
		Use:        "undo [NAME...]",
		SuggestFor: []string{"unremove", "undelete", "recover", "trash"},
		Short:      "Bring back what was removed or replaced",
		Long: `Brings back what the last rm, upgrade, sync, wipe or --clear took away, or each NAME as
it was before the last of these. An environment comes back whole, at its path, with its
packages, project, hooks and variables. No hooks fire. If another environment has taken
its place, den keeps that one: "den undo" again undoes the undo.

If something else has its name now, the environment comes back as NAME-restored.

den keeps what it takes away for 7 days (the setting keep_removed), and at most
10 GB of it (keep_removed_size), and deletes the oldest first. --list shows what
there is.`,
		Example: `  rmvenv web
  den undo          bring "web" back
  den undo --list
  den undo web api`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, names []string) error {
			if list || asJSON {
				if len(names) > 0 {
					return usagef("--list takes no names")
				}
				return a.listKept(cmd.Context(), asJSON)
			}
			return a.undo(cmd.Context(), names)
		},
	}
	c.Flags().BoolVarP(&list, "list", "l", false, "list what can come back")
	c.Flags().BoolVar(&asJSON, "json", false, "list it as JSON")
	return c
}

// undo brings back what was kept last, or the last of each name.
func (a *app) undo(ctx context.Context, names []string) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	home = home.Keeping("undo")
	kept, err := home.Kept()
	if err != nil {
		return err
	}
	chosen, err := toUndo(kept, names)
	if err != nil {
		return err
	}
	for _, k := range chosen {
		err = errors.Join(err, a.bringBack(ctx, home, k))
	}
	return errors.Join(err, a.sweepInBackground(home))
}

// toUndo chooses from what is kept: the last of each name, or all that went with
// the last one.
func toUndo(kept []store.Kept, names []string) (chosen []store.Kept, err error) {
	if len(kept) == 0 && len(names) == 0 {
		return nil, hint.With(errors.New("there is nothing to undo"), "how long den keeps what it takes away: den config keep_removed")
	}
	if len(names) == 0 {
		return slices.DeleteFunc(slices.Clone(kept), func(k store.Kept) bool { return k.Since != kept[0].Since }), nil
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		i := slices.IndexFunc(kept, func(k store.Kept) bool { return k.Name == name })
		if i < 0 {
			err := fmt.Errorf("den has kept nothing named %q", name)
			return nil, hint.With(err, "to see what can: den undo --list")
		}
		chosen = append(chosen, kept[i])
	}
	return chosen, nil
}

// bringBack brings one environment back, and the shell along.
func (a *app) bringBack(ctx context.Context, home env.Home, k store.Kept) error {
	before := env.Environment{Name: k.Name, Path: home.Path(k.Name)}
	below, inside := belowWorkingDirectory(before)
	var stuck []string
	back, err := home.Restore(ctx, k, func(ctx context.Context, dir, final, overlay string) (err error) {
		stuck, err = adapt(ctx, before, env.Environment{Name: filepath.Base(final), Path: final}, dir, overlay, nil)
		return err
	})
	if err != nil {
		return err
	}
	a.warnStuck(back, before.Path, stuck)
	if back.Name != k.Name {
		a.notef("the name %q is taken: what %q took away is back as %q", k.Name, k.Command, back.Name)
		return nil
	}
	a.donef("%q is as it was before %q, %s", k.Name, k.Command, quantity.Ago(time.Now(), k.When))
	a.keepUp(back, below, inside)
	return nil
}

// A keptItem is a kept environment as "den undo --json" prints it.
type keptItem struct {
	Name    string    `json:"name"`
	Path    string    `json:"path"` // where it comes back
	Command string    `json:"command"`
	When    time.Time `json:"when"`
	Until   time.Time `json:"until"`
	Size    int64     `json:"size"` // in bytes
}

// listKept lists what can come back, the last first.
func (a *app) listKept(ctx context.Context, asJSON bool) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	retention, err := a.retention()
	if err != nil {
		return err
	}
	kept, err := home.Kept()
	if err != nil {
		return err
	}
	items := make([]keptItem, len(kept))
	for i, k := range kept {
		items[i] = keptItem{k.Name, home.Path(k.Name), k.Command, k.When, k.When.Add(retention.For), home.KeptSize(ctx, k)}
	}
	switch {
	case asJSON:
		return a.printJSON(items)
	case len(items) == 0 && a.isWatched():
		a.notef("there is nothing to undo")
		return nil
	case !isTerminal(a.stdout):
		for _, item := range items {
			a.printf("%s\t%s\t%s\t%d\n", printable(item.Name), item.Command, item.When.Format(time.RFC3339), item.Size)
		}
		return nil
	}
	a.printKept(items)
	return nil
}

func (a *app) printKept(items []keptItem) {
	now := time.Now()
	rows := [][]string{{"name", "taken away by", "when", "size", "kept for"}}
	for _, item := range items {
		left := "no more"
		if now.Before(item.Until) {
			left = quantity.Span(item.Until.Sub(now).Round(time.Hour))
		}
		rows = append(rows, []string{printable(item.Name), printable(item.Command), quantity.Ago(now, item.When), quantity.Size(item.Size), left})
	}
	a.printFitting(rows, "size", "taken away by")
}

// keptNames predicts an environment that can come back.
func (a *app) keptNames(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "removed environment"}
	home, err := a.home()
	if err != nil {
		return offer
	}
	kept, _ := home.Kept()
	seen := make(map[string]bool)
	for _, k := range kept {
		if seen[k.Name] || !place.Fits(k.Name) {
			continue
		}
		seen[k.Name] = true
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: k.Name, Describe: func() string {
			return k.Command + ", " + quantity.Ago(time.Now(), k.When)
		}})
	}
	return offer
}
