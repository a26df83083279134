package cmd

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/env"
)

func (a *app) pthCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:   "pth COMMAND",
		Short: "Put directories on the environment's sys.path",
		Long: `Puts directories on the active environment's sys.path, before its site-packages:
Python then imports modules there without installing them. den keeps the list in the file
_virtualenv_path_extensions.pth in site-packages, as virtualenvwrapper does.`,
		Example: `  add2virtualenv ~/src/shop/lib
  den pth list
  den pth remove ~/src/shop/lib`,
	}, nil, a.pthAddCommand(), a.pthRemoveCommand(), a.pthListCommand())
}

func (a *app) pthAddCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "add DIRECTORY...",
		Short:   "Put directories first on sys.path",
		Long:    `Puts directories first on the active environment's sys.path, the last one at the front.`,
		Example: "  den pth add ~/src/shop/lib",
		Args:    atLeastOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.extend(args)
		},
	}
}

func (a *app) pthRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "remove DIRECTORY...",
		SuggestFor: []string{"delete"},
		Aliases:    []string{"rm"},
		Short:      "Take directories off sys.path",
		Long:       `Takes directories that "den pth add" has put there off the active environment's sys.path.`,
		Example:    "  den pth remove ~/src/shop/lib",
		Args:       atLeastOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.unextend(args)
		},
	}
}

func (a *app) pthListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the added directories",
		Long:    `Lists the directories that "den pth add" has put on the active environment's sys.path, the first one first.`,
		Example: "  den pth list",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			dirs, err := a.extensions()
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(append([]string{}, dirs...))
			}
			for _, dir := range dirs {
				a.printf("%s\n", dir)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// add2virtualenvCommand is virtualenvwrapper's word for the three above.
func (a *app) add2virtualenvCommand() *cobra.Command {
	var remove bool
	c := &cobra.Command{
		Use:    "add2virtualenv [-d] [DIRECTORY...]",
		Short:  "Put directories on the environment's sys.path",
		Long:   `Puts directories first on the active environment's sys.path. Without one, lists the directories that are there, and fails.`,
		Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case remove:
				return a.unextend(args)
			case len(args) > 0:
				return a.extend(args)
			}
			dirs, err := a.extensions()
			if err != nil {
				return err
			}
			a.printf("%s\n", a.wording("Usage: add2virtualenv dir [dir ...]", "Usage: add2virtualenv [-d] DIRECTORY..."))
			if len(dirs) > 0 {
				a.printf("\nExisting paths:\n")
			}
			for _, dir := range dirs {
				a.printf("%s\n", dir)
			}
			return exitStatus(statusFailed)
		},
	}
	c.Flags().BoolVarP(&remove, "delete", "d", false, "take them away again")
	return c
}

// extensionsFile is the active environment's.
func (a *app) extensionsFile() (env.Extensions, error) {
	environment, err := a.active()
	if err != nil {
		return "", err
	}
	return environment.Extensions()
}

func (a *app) extensions() ([]string, error) {
	file, err := a.extensionsFile()
	if err != nil {
		return nil, err
	}
	return file.Dirs()
}

func (a *app) extend(dirs []string) error {
	file, dirs, err := a.extensionsAnd(dirs)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			a.warnf("%s is not a directory, and Python passes it over until it is", dir)
		}
	}
	return file.Add(dirs...)
}

func (a *app) unextend(dirs []string) error {
	file, dirs, err := a.extensionsAnd(dirs)
	if err != nil {
		return err
	}
	absent, err := file.Remove(dirs...)
	for _, dir := range absent {
		a.notef("%s was not there", dir)
	}
	return err
}

// extensionsAnd returns the file of the active environment, and the directories
// as they stand in it.
func (a *app) extensionsAnd(dirs []string) (env.Extensions, []string, error) {
	file, err := a.extensionsFile()
	if err != nil {
		return "", nil, err
	}
	dirs, err = a.absolute(dirs)
	return file, dirs, err
}

// absolute takes relative paths from the working directory, and says so.
func (a *app) absolute(paths []string) ([]string, error) {
	result := make([]string, len(paths))
	for i, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		if !filepath.IsAbs(path) {
			a.notice(fmt.Sprintf(`Warning: Converting "%s" to "%s"`, path, absolute), fmt.Sprintf("%q is taken for %s", path, absolute))
		}
		result[i] = absolute
	}
	return result, nil
}
