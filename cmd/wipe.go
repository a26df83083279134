package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/env"
	"den/env/packages"
	"den/env/python"
)

func (a *app) wipeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "wipe",
		Short: "Uninstall all packages of the active environment",
		Long: `Uninstalls all that has been installed into the active environment, editable
installs too. pip stays, and so do setuptools and wheel where the environment was
made with them.`,
		Example: "  wipeenv",
		Args:    cobra.ArbitraryArgs, // as virtualenvwrapper's
		RunE: func(cmd *cobra.Command, _ []string) error {
			environment, err := a.active()
			if err != nil {
				return err
			}
			if err := a.check(environment); err != nil {
				return err
			}
			return a.wipe(cmd.Context(), environment)
		},
	}
}

func (a *app) wipe(ctx context.Context, e env.Environment) error {
	site, err := e.SitePackages()
	if err != nil {
		return err
	}
	installed, err := packages.Read(site)
	if err != nil {
		return err
	}
	var names []string
	hasPip := false
	for _, d := range installed {
		if name := packages.Normalize(d.Name); name == "pip" {
			hasPip = true
		} else if !isSeed(d, e) {
			names = append(names, d.Name)
		}
	}
	if len(names) == 0 {
		a.printf("Nothing to remove.\n")
		return nil
	}
	if !hasPip {
		return withHint(fmt.Errorf("%q has no pip to uninstall %s with", e.Name, strings.Join(names, ", ")), "den run %s python -m ensurepip", shellWord(e.Name))
	}
	a.announce("Uninstalling packages:\n\n%s", strings.Join(names, "\n"))
	c := pipCommand(ctx, e, append([]string{"uninstall", "--yes", "--"}, names...)...)
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("uninstalling %s failed (pip: %w)", strings.Join(names, ", "), err)
	}
	return nil
}

// isSeed reports whether it is setuptools or wheel and came with the
// environment: with any up to Python 3.11, as pip too assumes, and with a later
// one if nobody has asked pip for it, which would have left a file REQUESTED
// (PEP 376).
func isSeed(d packages.Distribution, e env.Environment) bool {
	if !slices.Contains([]string{"setuptools", "wheel"}, packages.Normalize(d.Name)) || d.Editable != "" {
		return false
	}
	version, err := python.ParseVersion(e.PythonVersion())
	if err == nil && version.Less(python.Version{Major: 3, Minor: 12}) {
		return true
	}
	_, err = os.Stat(filepath.Join(d.Note, "REQUESTED"))
	return errors.Is(err, fs.ErrNotExist)
}
