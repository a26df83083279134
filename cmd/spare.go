package cmd

import (
	"os"

	"github.com/spf13/cobra"

	"den/env"
	"den/env/build"
)

// prepares reports whether the packages of the next environment are to be
// placed ahead of time. Unless it is said, they are where a next one is to be
// expected: for a person at a terminal, and in a home in which den has been at
// work before; not in an image that is built, or on a machine that runs CI and
// is thrown away.
func (a *app) prepares(home env.Home) (bool, error) {
	prepare, err := a.settings.text(keyPrepare)
	switch prepare {
	case "always", "never":
		return prepare == "always", err
	}
	return isTerminal(a.stderr) || home.Used() && os.Getenv("CI") == "", err
}

// spareInBackground starts a den that places, for the next environment of this
// kind, the packages that it will have, and does not wait for it. Should that
// fail, the next one places them itself.
func spareInBackground(home env.Home, spec build.Spec) {
	if !spec.Pip {
		return
	}
	args := []string{"spare", "--workon-home", home.Dir(), "--python", spec.Interpreter.BaseExecutable}
	for flag, wish := range map[string]build.Wish{"setuptools": spec.Setuptools, "wheel": spec.Wheel} {
		switch wish {
		case build.Wanted:
			args = append(args, "--"+flag)
		case build.Unwanted:
			args = append(args, "--no-"+flag)
		}
	}
	_ = startInBackground(args...) // the next one is then made without it
}

// spareCommand places the packages of a later environment ahead of time. It is
// what mk starts in the background.
func (a *app) spareCommand() *cobra.Command {
	var m making
	c := &cobra.Command{
		Use:    "spare",
		Short:  "Prepare for the next environment",
		Hidden: true,
		Args:   noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := a.home()
			if err != nil {
				return err
			}
			builder, spec, err := a.builder(cmd.Context(), home, m)
			if err != nil {
				return err
			}
			sparer, ok := builder.(build.Sparer)
			if !ok {
				return nil
			}
			key, fill, err := sparer.Spare(cmd.Context(), spec)
			if err != nil || key == "" {
				return err
			}
			return home.Spare(cmd.Context(), key, fill)
		},
	}
	f := c.Flags()
	f.StringVar(&m.python, "python", "", "the `interpreter`")
	f.BoolVar(&m.setuptools.yes, "setuptools", false, "with setuptools")
	f.BoolVar(&m.setuptools.no, "no-setuptools", false, "without setuptools")
	f.BoolVar(&m.wheel.yes, "wheel", false, "with wheel")
	f.BoolVar(&m.wheel.no, "no-wheel", false, "without wheel")
	return c
}
