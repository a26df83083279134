package cmd

import (
	"os"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/auto"
	"den/env"
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

// hereCommand is what a shell calls when it has come to a directory that may ask for
// another environment, and, with --list, when its list of them may be out of date.
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
				_, err := auto.Refresh(home, a.projectFile())
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
		return nil // it is not there any more, and asks for nothing
	}
	active, _ := a.session().Active()
	link, found := a.linkOf(home, dir)
	if found && active.Path == home.Path(link.Name) {
		return nil
	}
	if found {
		e, err := a.environment(link.Name)
		if err == nil {
			err = a.enter(activate.Entry{Environment: e, For: link.Dir})
		}
		if err == nil {
			return nil
		}
		if !told {
			a.warnOf(err)
		}
	}
	if os.Getenv(shell.VarDirectory) == "" {
		return nil
	}
	a.plan, err = a.session().Leave(activate.ForGood)
	return err
}

// linkOf returns the link of the directory, or of the nearest one above it that has
// one. A list that is out of date is written anew.
func (a *app) linkOf(home env.Home, dir string) (auto.Link, bool) {
	file := a.projectFile()
	link, found := auto.Read(home).Nearest(dir)
	if found && link.IsIn(home, file) {
		return link, true
	}
	list, err := auto.Refresh(home, file)
	if err != nil {
		a.warnOf(err)
	}
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
	if _, err := auto.Refresh(home, a.projectFile()); err != nil {
		a.warnOf(err)
	}
}
