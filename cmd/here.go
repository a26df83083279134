package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/auto"
	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/env/store"
	"den/env/variables"
	"den/shell"
)

// autoCode is the code with which the shell enters environments by itself.
func (a *app) autoCode(s *shell.Shell) (string, error) {
	mode, err := a.settings.text(keyAuto)
	if err != nil || mode == shell.AutoOff {
		return "", err
	}
	home, err := a.home()
	if err != nil {
		return "", err
	}
	return s.AutoCode(shell.Auto{Mode: mode, Home: home.Dir()}), nil
}

// hereCommand answers a shell that has come to a directory which may ask for another
// environment. With --list, it answers a shell that may have an old list of these
// directories.
func (a *app) hereCommand() *cobra.Command {
	var list, told bool
	c := &cobra.Command{
		Use:         "here",
		Short:       "Enter the environment that this directory asks for, or leave the one before",
		Hidden:      true,
		Args:        noArguments,
		Annotations: map[string]string{inShell: "yes", readOnly: "yes"},
		RunE: func(*cobra.Command, []string) error {
			if err := a.requireShell("here"); err != nil {
				return err
			}
			a.settings.tolerate = func(error) {} // a new shell has told of it
			home, err := a.home()
			if err != nil {
				return err
			}
			if list {
				_, err := auto.Refresh(home, a.projectFile(), a.trust())
				return err
			}
			return a.here(home, told)
		},
	}
	c.Flags().BoolVar(&list, "list", false, "write the list of projects anew, and do no more")
	c.Flags().BoolVar(&told, "told", false, "the person has been told of this directory")
	return c
}

// here plans to be in the environment that the working directory asks for. An
// environment that the person has entered stays where there is no other.
func (a *app) here(home env.Home, told bool) error {
	dir, err := os.Getwd()
	if err != nil {
		// The directory is gone. If the one that brought the environment is there, den
		// does nothing; if that is gone too, the environment is left.
		if found, _ := disk.Exists(os.Getenv(shell.VarDirectory)); found {
			return nil
		}
		dir = "/"
	}
	warn := a.warnOf
	if told {
		warn = func(error) {}
	}
	entry, found := a.wanted(home, dir, warn)
	if active, _ := a.session().Active(); found && active.Path == entry.Environment.Path {
		return nil
	}
	if found {
		if err = a.enter(entry); err == nil {
			return nil
		}
		warn(err)
	}
	if os.Getenv(shell.VarDirectory) == "" {
		return nil
	}
	a.plan, err = a.session().Leave(activate.ForGood)
	return err
}

// wanted returns how to enter the environment that the directory asks for, or the
// nearest one above it that asks for one.
func (a *app) wanted(home env.Home, dir string, warn func(error)) (entry activate.Entry, found bool) {
	link, _ := a.linkOf(home, dir)
	mode, err := a.settings.text(keyAuto)
	for ; dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if dir == link.Dir {
			e, err := a.environment(link.Name)
			if err == nil {
				return activate.Entry{Environment: e, For: dir, Variables: a.variablesBeside(home, mode, e, dir)}, true
			}
			warn(err)
		}
		if err == nil && mode == autoOn && auto.HasPin(dir) {
			if pin, ok := a.allowedPin(home, dir, warn); ok {
				return activate.Entry{Environment: pin.Environment, For: dir, Variables: pin.Variables}, true
			}
		}
	}
	return entry, false
}

// variablesBeside returns the variables of a directory that is linked to the environment:
// those beside its pin, if that leads there too and is allowed.
func (a *app) variablesBeside(home env.Home, mode string, e env.Environment, dir string) []variables.Variable {
	if mode != autoOn || !auto.HasPin(dir) {
		return nil
	}
	pin, allowed := a.allowedPin(home, dir, func(error) {})
	if !allowed || pin.Environment != e {
		return nil
	}
	return pin.Variables
}

// allowedPin returns the pin of the directory, if the person has allowed it.
func (a *app) allowedPin(home env.Home, dir string, warn func(error)) (auto.Pin, bool) {
	decision, decided, err := a.trust().Of(dir)
	if err != nil {
		warn(explainPin(err))
		return auto.Pin{}, false
	}
	if decided && !decision.Allowed {
		return auto.Pin{}, false
	}
	pin, err := auto.ReadPin(dir, home)
	if as[*store.NotEnvironmentError](err) {
		return pin, false // something else that is called so
	}
	if err != nil {
		warn(explainPin(err))
		return pin, false
	}
	if !decision.Allows(pin) {
		warn(errors.New(asks(pin)))
		return pin, false
	}
	return pin, true
}

// asks is the line about a pin that the person has neither allowed nor denied.
func asks(pin auto.Pin) string {
	subject := printable(pin.Path()) + " leads to " + printable(pin.Environment.Path)
	if pin.Says == "" {
		subject = printable(pin.Dir) + " has an environment, " + auto.PinName
	}
	if len(pin.Variables) > 0 {
		subject += ", and sets " + namesSet(pin) + " by " + auto.EnvName
	}
	return subject + `, which is not entered: "den allow" allows it, "den deny" ends this warning`
}

// namesSet are the names of the variables that the directory sets.
func namesSet(pin auto.Pin) string {
	var names []string
	for _, v := range pin.Variables {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}

// explainPin gives an error about a pin, or about the decisions, its next step.
func explainPin(err error) error {
	if broken, ok := errors.AsType[*auto.DecisionsError](err); ok {
		path := hint.Path(broken.Path)
		return hint.With(err, "to decide anew, move it away: mv %s %s.old", path, path)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return hint.With(err, "%s", permissionHints(err)[0])
	}
	return err
}

// trust is where the decisions of the person are kept.
func (a *app) trust() auto.Trust {
	return auto.Trust{Path: filepath.Join(a.settings.stateDir(), "allowed.json")}
}

// linkOf returns the link of the directory, or of the nearest one above it that has
// one. A list that is out of date is written anew.
func (a *app) linkOf(home env.Home, dir string) (auto.Link, bool) {
	file := a.projectFile()
	link, found := auto.Read(home).Nearest(dir)
	if found && link.IsIn(home, file) || !found && auto.IsCurrent(home) {
		return link, found
	}
	list, _ := auto.Refresh(home, file, a.trust()) // the shell has reported the error already, once
	return list.Nearest(dir)
}

// refreshLinks writes the list of projects anew after one has changed. Where there is no
// list, no shell has asked for one.
func (a *app) refreshLinks() {
	home, err := a.home()
	if err != nil {
		return
	}
	if _, err := os.Lstat(home.NotePath(auto.ListName)); err != nil {
		return
	}
	if _, err := auto.Refresh(home, a.projectFile(), a.trust()); err != nil {
		a.warnOf(err)
	}
}
