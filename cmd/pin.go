package cmd

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/cmd/auto"
	"den/cmd/hint"
	"den/env"
)

func (a *app) pinCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "pin [NAME]",
		SuggestFor: []string{"local"},
		Short:      "Have this directory lead to an environment",
		Long: `Writes the name of an environment, of the active one if none is given, into the
file .venv in the current directory, and allows that. With the setting "auto" on,
your shell then enters the environment when you go there. Other tools, and other
people with an environment of that name, can read the file too. To end it: rm .venv`,
		Example: "  den pin web\n  den setup --auto on    have shells enter what is pinned",
		Args:    atMostOne("environment"),
		RunE: func(_ *cobra.Command, args []string) error {
			e, err := a.pinned(args)
			if err != nil {
				return a.suggest(err)
			}
			dir, err := os.Getwd()
			if err != nil {
				return err
			}
			if err := auto.WritePin(dir, e.Name); err != nil {
				path := hint.Path(filepath.Join(dir, auto.PinName))
				return hint.With(err, "move it away first: mv %s %s.old", path, path)
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			pin, err := auto.ReadPin(dir, home)
			if err != nil {
				return explainPin(err)
			}
			if pin.Environment != e {
				return fmt.Errorf("%s says %q, and den reads that as the path of %s", pin.Path(), e.Name, pin.Environment.Path)
			}
			return a.allow(pin)
		},
	}
}

// pinned returns the environment to pin, which is one of the home.
func (a *app) pinned(args []string) (env.Environment, error) {
	if len(args) > 0 {
		return a.environment(args[0])
	}
	e, err := a.environmentOrActive(nil)
	if err == nil && !a.isOwn(e) {
		err = hint.With(fmt.Errorf("%s is not in your directory of environments", e.Path), "name one that is in it: den pin NAME")
	}
	return e, err
}

func (a *app) allowCommand() *cobra.Command {
	var list, asJSON bool
	c := &cobra.Command{
		Use:        "allow [DIRECTORY]",
		SuggestFor: []string{"trust"},
		Short:      "Let a directory lead your shell to an environment",
		Long: `Allows the .venv of DIRECTORY, or of the current directory or the nearest one above
it: with the setting "auto" on, your shell then enters the environment when you go
there. .venv is an environment, or a file with the path or the name of one. A file .env
beside it, with lines NAME=value as for "den vars", is allowed with it: its variables
are set while the environment is active.

Somebody else may have made the directory, and programs in the environment run when
you type their names: look at it first. den notes what both files say and where .venv
leads; when that changes, it asks again. den itself runs nothing in the directory.`,
		Example: "  den allow\n  den allow ~/src/shop\n  den allow --list",
		Args:    atMostOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if list {
				return a.printDecisions(args, asJSON)
			}
			if asJSON {
				return hint.With(usagef("--json goes with --list"), "den allow --list --json")
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			dir, err := pinnedDirectory(args)
			if err != nil {
				return err
			}
			pin, err := auto.ReadPin(dir, home)
			if err != nil {
				return explainPin(err)
			}
			return a.allow(pin)
		},
	}
	c.Flags().BoolVarP(&list, "list", "l", false, "list the directories that are allowed or denied")
	c.Flags().BoolVar(&asJSON, "json", false, "with --list: as JSON")
	return c
}

func (a *app) denyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "deny [DIRECTORY]",
		Short: "Keep a directory from leading your shell to an environment",
		Long: `Takes back "den allow" for DIRECTORY. Without DIRECTORY, it is the current directory or
the nearest one above it with a .venv. den does not ask about that .venv again.`,
		Example: "  den deny\n  den deny ~/src/shop",
		Args:    atMostOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := pinnedDirectory(args)
			if err != nil {
				return err
			}
			if err := a.trust().Deny(dir); err != nil {
				return explainPin(err)
			}
			a.refreshAll()
			a.donef("%s leads nowhere now", printable(dir))
			return nil
		},
	}
}

// pinnedDirectory returns the directory that is given, or else the nearest one with a
// pin, from the current one upwards.
func pinnedDirectory(args []string) (string, error) {
	if len(args) > 0 {
		dir, err := directory("directory", args[0])
		if err == nil && !auto.HasPin(dir) {
			err = hint.With(fmt.Errorf("%s has no %s", dir, auto.PinName), "to see the directories that you have allowed or denied: den allow --list")
		}
		return dir, err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if auto.HasPin(dir) {
			return dir, nil
		}
		if dir == "/" {
			return "", hint.With(fmt.Errorf("neither %s nor a directory above it has a %s", here, auto.PinName), "to make one: den pin NAME")
		}
	}
}

// allow notes that the pin is allowed, and tells which environment is entered.
func (a *app) allow(pin auto.Pin) error {
	if err := a.trust().Allow(pin); err != nil {
		return explainPin(err)
	}
	a.refreshAll()
	a.donef("%s leads to %s", printable(pin.Dir), printable(pin.Environment.Path))
	if len(pin.Variables) > 0 {
		a.donef("its %s sets %s", auto.EnvName, namesSet(pin))
	}
	for _, err := range pin.NotSet {
		a.warnf("%s, %s", printable(filepath.Join(pin.Dir, auto.EnvName)), err)
	}
	if mode, err := a.settings.text(keyAuto); err == nil && mode != autoOn {
		a.notef("the setting auto is %q, with which shells do not follow a %s", mode, auto.PinName)
		a.hintf("to have them do that: den setup --auto on")
	}
	return nil
}

// refreshAll has open shells see that the person has decided of a directory.
func (a *app) refreshAll() {
	home, err := a.home()
	if err == nil {
		_, err = home.Ensure()
	}
	if err == nil {
		_, err = auto.Refresh(home, a.projectFile(), a.trust())
	}
	if err != nil {
		a.warnOf(fmt.Errorf("open shells do not see it yet: %w", err))
	}
}

// A listed decision is one with what has become of it.
type listed struct {
	auto.Decision
	Changed bool `json:"changed"` // the directory leads elsewhere now, or nowhere
}

func (a *app) printDecisions(args []string, asJSON bool) error {
	if len(args) > 0 {
		return usagef("--list takes no directory")
	}
	home, err := a.home()
	if err != nil {
		return err
	}
	decisions, err := a.trust().Read()
	if err != nil {
		return explainPin(err)
	}
	all := make([]listed, len(decisions))
	for i, d := range decisions {
		all[i] = listed{d, d.Allowed && !a.isAllowed(home, d.Directory)}
	}
	if asJSON {
		return a.printJSON(all)
	}
	if len(all) == 0 && a.isWatched() {
		a.notef("no directory is allowed or denied yet")
		a.hintf("to allow one: den allow DIRECTORY")
	}
	for _, d := range all {
		switch {
		case d.Changed:
			a.printf("%s\tchanged\t%s\n", printable(d.Directory), printable(d.Environment))
		case d.Allowed:
			a.printf("%s\tallowed\t%s\n", printable(d.Directory), printable(d.Environment))
		default:
			a.printf("%s\tdenied\n", printable(d.Directory))
		}
	}
	return nil
}

// isAllowed reports whether the directory has a pin that is allowed as it is now.
func (a *app) isAllowed(home env.Home, dir string) bool {
	pin, err := auto.ReadPin(dir, home)
	if err != nil {
		return false
	}
	decision, _, err := a.trust().Of(dir)
	return err == nil && decision.Allows(pin)
}
