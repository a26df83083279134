package cmd

// These are words of virtualenvwrapper that do more than den's commands: scripts rely on
// their messages, their output, or on a status of 0.

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env/store"
	"den/shell"
)

// rmvirtualenvCommand removes as "den rm" does, but does not mind names that are
// not there.
func (a *app) rmvirtualenvCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "rmvirtualenv NAME...",
		Short: "Remove environments",
		Long: `Removes environments, as rmvenv does. It reports a name that does not
exist, and this is no failure. If one of them is active, or has your project or a
work tree (git, hg, svn, bzr, jj) in its directory, it removes none, except with --force.`,
		Example:     "  rmvirtualenv web api",
		Hidden:      true,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 0 {
				err := worded(errors.New("name the environments to remove"), "Please specify an environment.")
				return hint.With(err, "usage: %s", "rmvirtualenv NAME...")
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			if err := a.ensure(home); err != nil {
				return err
			}
			names = slices.DeleteFunc(names, func(name string) bool {
				absent := isAbsent(home, name)
				if absent {
					a.announce("Removing %s...", name)
					a.notice("Did not find environment "+home.Path(name)+" to remove.",
						"there is no environment "+home.Path(name)+" to remove")
				}
				return absent
			})
			if !force {
				if err := a.keepWork(cmd.Context(), home, names...); err != nil {
					return err
				}
			}
			return a.remove(cmd.Context(), home, names, removal{force: force})
		},
	}
	c.Flags().BoolVarP(&force, "force", "f", false, "leave the active environment and remove it too, and remove your work in an environment")
	return c
}

// cpvirtualenvCommand copies as "den cp" does. Where there is nothing to copy,
// or something in the way, it says so as virtualenvwrapper does.
func (a *app) cpvirtualenvCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "cpvirtualenv SRC [DST]",
		Short:       "Copy an environment and enter the copy",
		Long:        `Copies an environment, by its name or its path, and enters the copy, as cpvenv does.`,
		Example:     "  cpvirtualenv web web-next",
		Hidden:      true,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			var c cpOptions
			if len(args) > 1 {
				c.name = args[1]
			}
			if len(args) == 0 || args[0] == "" {
				return a.complain("Please provide a valid virtualenv to copy.")
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			source, err := a.copySource(home, args[0])
			if err != nil {
				return a.complain("Please provide a valid virtualenv to copy.")
			}
			err = a.copy(cmd.Context(), args[0], c)
			if !as[*store.ExistsError](err) {
				return err
			}
			if c.name == "" {
				c.name = source.Name
			}
			return a.complain(c.name + " virtualenv already exists.")
		},
	}
}

// complain says on standard output why the command fails.
func (a *app) complain(message string) error {
	a.printf("%s\n", message)
	return exitStatus(statusFailed)
}

// wrapperCommand is the word virtualenvwrapper, which lists the others.
func (a *app) wrapperCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "virtualenvwrapper",
		Short:       "List the words of virtualenvwrapper",
		Long:        `Lists the words of virtualenvwrapper that den brings into the shell.`,
		Example:     "  virtualenvwrapper",
		Hidden:      true,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			root := cmd.Root()
			a.printf("den %s, with the words of virtualenvwrapper:\n\n", root.Version)
			a.announce("Version: %s\nScript: %s\nPython: %s\nWORKON_HOME: %s\nPROJECT_HOME: %s\n", wrapperVersion,
				os.Getenv("VIRTUALENVWRAPPER_SCRIPT"), os.Getenv("VIRTUALENVWRAPPER_PYTHON"), os.Getenv("WORKON_HOME"), os.Getenv("PROJECT_HOME"))
			words := slices.DeleteFunc(slices.Clone(wordTable), func(w shell.Word) bool { return !w.OfWrapper })
			slices.SortFunc(words, func(v, w shell.Word) int { return strings.Compare(v.Name, w.Name) })
			for _, word := range words {
				found, _, err := root.Find(strings.Fields(word.Command))
				if err != nil {
					return fmt.Errorf("looking for what %s calls: %w", word.Name, err)
				}
				a.printf("  %-24s %s\n", word.Name, lowerFirst(found.Short))
			}
			a.printf("\nEach of them tells more with -h. %q lists den's own.\n", "den help")
			return nil
		},
	}
}
