package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/env"
	"den/shell"
)

// home returns the directory of the environments.
func (a *app) home() (env.Home, error) {
	if a.visited != nil {
		return *a.visited, nil
	}
	setting, err := a.settings.value(keyWorkonHome)
	if err != nil {
		return env.Home{}, err
	}
	home, err := env.NewHome(setting.Value)
	if err != nil {
		err = fmt.Errorf("%w (%s)", err, setting.Origin)
		return env.Home{}, hint.With(err, "set WORKON_HOME to another directory")
	}
	a.visited = &home
	return home, nil
}

// environment finds one by name.
func (a *app) environment(name string) (env.Environment, error) {
	home, err := a.home()
	if err != nil {
		return env.Environment{}, err
	}
	return home.Find(name)
}

// locate finds an environment by its name, or any by its path.
func (a *app) locate(request string) (env.Environment, error) {
	if isPath(request) {
		return a.openAt(request)
	}
	return a.environment(request)
}

// isPath reports whether a person means a path: a name has no slash, and does not
// begin with a dot.
func isPath(request string) bool {
	return strings.Contains(request, "/") || strings.HasPrefix(request, ".")
}

// openAt opens the environment at a path, in which ~ and variables stand for what
// they do in a shell.
func (a *app) openAt(request string) (env.Environment, error) {
	path := paths.Expand(request)
	found, err := env.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no environment at %s: no such directory", path)
	}
	if err != nil {
		return env.Environment{}, hint.With(err, "give a name (%q lists them) or the path of an environment", a.word("workon"))
	}
	return found, nil
}

// reference returns the argument that names an environment in a command: its name, or its
// path if it is not in the home.
func (a *app) reference(e env.Environment) string {
	if home, err := a.home(); err == nil && home.Path(e.Name) == e.Path {
		return hint.Word(e.Name)
	}
	return hint.Path(e.Path)
}

// environmentOrActive finds the one environment that args names, by name or path,
// or else the one that is active.
func (a *app) environmentOrActive(args []string) (env.Environment, error) {
	if len(args) > 0 {
		return a.locate(args[0])
	}
	active, ok := shell.Active(os.LookupEnv)
	if !ok {
		return env.Environment{}, hint.With(errNoneActive(), "name one, or enter one: workon NAME")
	}
	return env.Open(active.Path)
}

// onEnvironment returns the RunE of a command that does something with the environment
// that its argument names, or with the active one.
func (a *app) onEnvironment(do func(e env.Environment) error) func(*cobra.Command, []string) error {
	return func(_ *cobra.Command, args []string) error {
		e, err := a.environmentOrActive(args)
		if err != nil {
			return a.suggest(err)
		}
		return do(e)
	}
}

const noneActive = "ERROR: no virtualenv active, or active virtualenv is missing"

func errNoneActive() error {
	return worded(hint.With(errors.New("no environment is active"), "enter one: workon NAME"), noneActive)
}
