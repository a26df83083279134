// Package env describes Python environments: their names, the facts that each has in
// its files, and the home (WORKON_HOME), the directory of environments.
//
// An environment is a directory of the home, or a symbolic link to one, that
// PEP 405 (or virtualenv, before it) would know: it holds pyvenv.cfg or
// bin/activate, and something at bin/python, be it a link that dangles.
//
// It starts no process. Package den/env/store makes, replaces, moves and removes
// directories whole or not at all, den/env/python finds interpreters, den/env/layout
// lays environments out, and den/shell enters them.
package env

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"den/env/store"
)

// Home is a directory of environments. The zero Home is not one; NewHome makes
// them.
type Home struct {
	store.Store
}

// kind describes environments to the store of a home.
var kind = &store.Kind{CheckName: CheckName, Lacks: lackingAt}

// NewHome takes dir, an absolute path, as the home. It looks at the path alone and not at
// the disk: the directory need not exist. A symbolic link in the path stays as it is.
// NewHome refuses the root directory. It also refuses a path with a NUL, with a newline
// (it would end a shebang line), or with a colon (it would cut an entry of PATH in two;
// venv refuses it too).
func NewHome(dir string) (Home, error) {
	reason := ""
	clean := filepath.Clean(dir)
	switch {
	case dir == "":
		reason = "the path is empty"
	case !filepath.IsAbs(dir):
		reason = "the path is relative"
	case clean == "/":
		reason = "it is the root directory"
	case strings.Contains(dir, ":"):
		reason = "the path contains a colon"
	case strings.Contains(dir, "\n"):
		reason = "the path contains a newline"
	case strings.Contains(dir, "\x00"):
		reason = "the path contains a NUL"
	}
	if reason != "" {
		return Home{}, fmt.Errorf("den cannot keep environments in %q: %s", dir, reason)
	}
	return Home{store.New(clean, kind)}, nil
}

// in returns the environment called name in the home.
func (h Home) in(name string) Environment {
	return Environment{Name: name, Path: h.Path(name)}
}

// Find returns the environment called name. It returns a *NameError when no
// environment can be called so, a *store.NotFoundError when none is.
func (h Home) Find(name string) (Environment, error) {
	return h.made(name, h.Store.Find(name))
}

// Create makes the environment called name: see store.Store.Create.
func (h Home) Create(ctx context.Context, name string, fill store.Fill) (Environment, error) {
	return h.made(name, h.Store.Create(ctx, name, fill))
}

// CreateInPlace makes what can be made only at its path: see
// store.Store.CreateInPlace.
func (h Home) CreateInPlace(ctx context.Context, name string, fill func(ctx context.Context) error) (Environment, error) {
	return h.made(name, h.Store.CreateInPlace(ctx, name, fill))
}

// Replace makes the environment called name anew: see store.Store.Replace.
func (h Home) Replace(ctx context.Context, name string, fill store.Fill) (Environment, error) {
	return h.made(name, h.Store.Replace(ctx, name, fill))
}

// Keeping returns the home, in which Remove and Replace keep what they take away: see
// store.Store.Keeping.
func (h Home) Keeping(command string) Home {
	return Home{h.Store.Keeping(command)}
}

// OnUnkept returns the home that calls tell with the name of an environment that there
// is no room to keep: see store.Store.OnUnkept.
func (h Home) OnUnkept(tell func(name string)) Home {
	return Home{h.Store.OnUnkept(tell)}
}

// Move gives the environment called name the name to: see store.Store.Move.
func (h Home) Move(ctx context.Context, name, to string, fix store.Fix) (Environment, error) {
	err := h.Store.Move(ctx, name, to, fix)
	return h.made(to, h.suggest(err))
}

// Remove takes the environment called name away: see store.Store.Remove.
func (h Home) Remove(ctx context.Context, name string) error {
	return h.suggest(h.Store.Remove(ctx, name))
}

// Restore brings back an environment that was taken away: see store.Store.Restore.
func (h Home) Restore(ctx context.Context, k store.Kept, fix store.Fix) (Environment, error) {
	name, err := h.Store.Restore(ctx, k, fix)
	return h.made(name, err)
}

// made returns the environment called name, unless there is an error.
func (h Home) made(name string, err error) (Environment, error) {
	if err != nil {
		return Environment{}, h.suggest(err)
	}
	return h.in(name), nil
}

// suggest adds to a *store.NotFoundError the names that may have been meant.
func (h Home) suggest(err error) error {
	if missing, ok := errors.AsType[*store.NotFoundError](err); ok {
		names, _ := h.Names() // without them there is no suggestion, and still no environment
		missing.Similar = Similar(missing.Name, names)
	}
	return err
}

// Owns reports whether the environment is a temporary one of the process's.
func (h Home) Owns(pid int, e Environment) bool {
	return e == h.in(e.Name) && h.Store.Owns(pid, e.Name)
}

// Orphans returns the temporary environments that belonged to processes which
// are no more: see store.Store.Orphans.
func (h Home) Orphans() []Environment {
	return h.all(h.Store.Orphans())
}

// all returns the environments with these names.
func (h Home) all(names []string) []Environment {
	environments := make([]Environment, len(names))
	for i, name := range names {
		environments[i] = h.in(name)
	}
	return environments
}
