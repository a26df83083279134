package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/pick"
	"den/env/store"
)

func (a *app) workonCommand() *cobra.Command {
	var cd, noCd, interactive bool
	c := &cobra.Command{
		Use:        "workon [NAME|.|-]",
		SuggestFor: []string{"activate", "enter", "use", "switch", "shell"},
		Short:      "Enter an environment",
		Long: `Leaves the active environment, if there is one, and enters NAME. "." stands for
the name of the current directory, "-" for the environment that this shell left
last. Without a name, lists the environments, one a line. With -i, shows them to
choose one from, by typing a part of its name; NAME is such a part.

If the environment has a project directory (den mk --project), goes there.`,
		Example: `  workon web
  workon -n web    stay in the current directory
  workon -         back to the one before
  workon .         the environment named as this directory
  workon -i        choose from a list`,
		Args:        atMostOne("environment"),
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 || interactive {
				if err := a.requireShell("workon"); err != nil {
					return err
				}
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			if a.underWords() { // virtualenvwrapper makes it
				if err := a.ensure(home); err != nil {
					return err
				}
			}
			if interactive {
				if args, err = a.choose(cmd.Context(), "workon NAME", pick.Options{Query: strings.Join(args, "")}); err != nil {
					return err
				}
			}
			if len(args) == 0 {
				return a.printNames()
			}
			return a.workon(args[0], cd, noCd)
		},
	}
	c.Flags().BoolVarP(&cd, "cd", "c", false, "go to the project directory")
	c.Flags().BoolVarP(&noCd, "no-cd", "n", false, "stay in the current directory")
	c.Flags().BoolVarP(&interactive, interactiveFlag, "i", false, "choose from a list")
	return c
}

func (a *app) workon(name string, cd, noCd bool) error {
	name, err := a.resolveName(name)
	if err != nil {
		return err
	}
	environment, err := a.environment(name)
	if err != nil {
		return worded(a.suggest(err), "ERROR: Environment '%s' does not exist. Create it with 'mkvirtualenv %s'.", name, name)
	}
	toProject, err := a.goesToProject(cd, noCd)
	if err != nil {
		return err
	}
	return a.enter(activate.Entry{Environment: environment, ToProject: toProject})
}

// resolveName replaces the names that stand for others, "." and "-".
func (a *app) resolveName(name string) (string, error) {
	switch name {
	case ".":
		dir, err := os.Getwd()
		return filepath.Base(dir), err
	case "-":
		if a.last == "" {
			return "", errors.New("this shell has left no environment yet")
		}
		return a.last, nil
	}
	return name, nil
}

// suggest gives the error for a name that is not there its next step.
func (a *app) suggest(err error) error {
	missing, isMissing := errors.AsType[*store.NotFoundError](err)
	if !isMissing {
		return err
	}
	path := hint.Path(filepath.Join(missing.Home, missing.Name))
	switch {
	case len(missing.Similar) > 0:
		return hint.With(err, "did you mean %s?", hint.Join(missing.Similar, " or "))
	case missing.Found == store.DanglingLink:
		return hint.With(err, "take the link away: rm %s", path)
	case missing.Found != "":
		return hint.With(err, "%q lists the environments; to free the name: mv %s %s.old", a.word("workon"), path, path)
	}
	return hint.With(err, "%q lists the environments; %s %s makes this one", a.word("workon"), a.word("mk"), hint.Word(missing.Name))
}
