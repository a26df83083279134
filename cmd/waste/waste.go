// Package waste finds what den could delete: removed environments that it keeps, files
// that it can make again, and environments that nobody seems to need. It measures and
// deletes; it does not ask.
package waste

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"den/cmd/quantity"
	"den/env"
	"den/env/disk"
	"den/env/store"
	"den/env/usage"
)

// The kinds of what den could do without.
const (
	Removed      = "removed"      // environments that were removed or replaced, and can come back
	Leftovers    = "leftovers"    // environments that den is deleting, or that were not finished
	Wheels       = "wheels"       // packages that den keeps ready for new environments
	Interpreters = "interpreters" // what interpreters have answered
	Environments = "environments" // those that nobody seems to need
)

// Kinds are all kinds, in the order in which Find returns them.
func Kinds() []string { return []string{Removed, Leftovers, Wheels, Interpreters, Environments} }

// An Item is one thing that den could do without: an environment, or all of another
// kind.
type Item struct {
	Kind        string `json:"kind"`
	Environment string `json:"environment,omitempty"` // its name
	Path        string `json:"path"`
	Count       int    `json:"count"` // of environments or files
	Size        int64  `json:"size"`  // in bytes
	Why         string `json:"why"`

	kept []store.Kept
}

// A Search says where to look, and for what.
type Search struct {
	Home         env.Home
	Wheels       string        // the directory of packages; "" for none
	Interpreters string        // the directory of answers; "" for none
	ProjectFile  string        // see env.Home.Facts
	Unused       time.Duration // for how long an environment has not been entered; 0 to look for none
	Kinds        []string
}

// Find finds what there is of these kinds.
func Find(ctx context.Context, s Search) (items []Item, err error) {
	f := finder{Search: s}
	for _, kind := range Kinds() {
		if !slices.Contains(s.Kinds, kind) {
			continue
		}
		var found []Item
		switch kind {
		case Removed:
			found, err = f.removed(ctx)
		case Leftovers:
			found = f.directories(ctx, Item{Kind: kind, Path: s.Home.Dir() + "/.den", Why: "being deleted, or not finished"}, s.Home.LeftoverPaths()...)
		case Wheels:
			found = f.cache(ctx, Item{Kind: kind, Path: s.Wheels, Why: "den makes or downloads them again"})
		case Interpreters:
			found = f.cache(ctx, Item{Kind: kind, Path: s.Interpreters, Why: "den asks the interpreters again"})
		case Environments:
			found, err = f.environments(ctx)
		}
		if err != nil {
			return nil, err
		}
		items = append(items, found...)
	}
	return items, ctx.Err()
}

// A finder is one Find. Its meter counts a file once, whatever has it.
type finder struct {
	Search
	meter usage.Meter
}

func (f *finder) measure(ctx context.Context, path string) int64 {
	_, added, _ := f.meter.Measure(ctx, path) // what cannot be read counts for nothing
	return added
}

func (f *finder) removed(ctx context.Context) ([]Item, error) {
	kept, err := f.Home.Kept()
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	item := Item{Kind: Removed, Path: filepath.Dir(filepath.Dir(f.Home.KeptPath(kept[0]))), Count: len(kept), Why: "den undo can bring them back", kept: kept}
	for _, k := range kept {
		item.Size += f.measure(ctx, f.Home.KeptPath(k))
	}
	return []Item{item}, nil
}

// directories completes an item that consists of all these; nil if there are none.
func (f *finder) directories(ctx context.Context, item Item, paths ...string) []Item {
	for _, path := range paths {
		item.Size += f.measure(ctx, path)
		item.Count++
	}
	if item.Count == 0 {
		return nil
	}
	return []Item{item}
}

// cache completes an item that consists of the files in its directory.
func (f *finder) cache(ctx context.Context, item Item) []Item {
	if item.Path == "" {
		return nil
	}
	entries, _ := os.ReadDir(item.Path) // there may be none
	var paths []string
	for _, entry := range entries {
		paths = append(paths, filepath.Join(item.Path, entry.Name()))
	}
	return f.directories(ctx, item, paths...)
}

// environments finds those with a project that is not there, and those that have not
// been entered for long. A link to one elsewhere takes nothing, and is passed over.
func (f *finder) environments(ctx context.Context) (items []Item, err error) {
	all, err := f.Home.Facts(f.ProjectFile)
	for _, facts := range all {
		info, err := os.Lstat(facts.Path)
		why := f.whyUnneeded(facts)
		if err != nil || !info.IsDir() || why == "" {
			continue
		}
		items = append(items, Item{Kind: Environments, Environment: facts.Name, Path: facts.Path, Count: 1, Size: f.measure(ctx, facts.Path), Why: why})
	}
	return items, err
}

// whyUnneeded says why nobody seems to need an environment; "" if somebody may.
func (f *finder) whyUnneeded(facts env.Facts) string {
	if facts.Project != "" && disk.IsGone(facts.Project) {
		return "no project at " + facts.Project
	}
	if f.Unused <= 0 {
		return ""
	}
	last, verb := f.Home.Entered(facts.Name), "entered"
	if made := f.Home.Made(facts.Name); last.Before(made) {
		last, verb = made, "made and not entered since,"
	}
	if since := time.Since(last); since >= f.Unused {
		return verb + " " + quantity.Span(since) + " ago"
	}
	return ""
}

// Delete deletes the files of an item, but for one of the kind Environments. It passes
// over files that are gone already.
func (i Item) Delete(ctx context.Context, home env.Home) error {
	switch i.Kind {
	case Removed:
		var failed []error
		for _, k := range i.kept {
			failed = append(failed, home.Drop(k))
		}
		return errors.Join(append(failed, home.Sweep(ctx))...)
	case Leftovers:
		return home.Sweep(ctx)
	case Wheels, Interpreters:
		return empty(i.Path)
	}
	return fmt.Errorf("Delete does not remove %s", i.Kind)
}

// empty deletes what is in a directory of a cache. It follows no link out of it.
func empty(dir string) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	failed := []error{err}
	for _, entry := range entries {
		failed = append(failed, root.RemoveAll(entry.Name()))
	}
	return errors.Join(failed...)
}
