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

	"den/cmd/hint"
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
		err := fmt.Errorf("%q has no pip to uninstall %s with", e.Name, strings.Join(names, ", "))
		if site, noSite := e.SitePackages(); noSite != nil || !hasEnsurepip(e, site) {
			return err
		}
		return hint.With(err, "den run %s python -m ensurepip", hint.Word(e.Name))
	}
	pip, err := a.pipOf(ctx, e)
	if err != nil {
		return err
	}
	a.announce("Uninstalling packages:\n\n%s", strings.Join(names, "\n"))
	a.warnUnlisted(site)
	err = pip.run(ctx, "uninstall", append([]string{"--yes", "--"}, names...)...)
	if err == nil {
		err = pip.stillHas(names)
	}
	if failed, ok := errors.AsType[*pipError](err); ok {
		return fmt.Errorf("uninstalling %s failed (%w)", strings.Join(names, ", "), failed)
	}
	return err
}

// warnUnlisted names the directories of packages that do not list their files: pip
// takes them away whole, with what a person has put there. From others it leaves
// what is not listed.
func (a *app) warnUnlisted(site string) {
	var whole []string
	for path := range packages.Unlisted(site) {
		if info, err := os.Lstat(path); err == nil && info.IsDir() {
			whole = append(whole, path)
		}
	}
	if len(whole) > 0 {
		slices.Sort(whole)
		a.warnf("pip takes these directories whole, with whatever of yours is in them: %s", joinSome(whole))
	}
}

// stillHas returns an error that names what is in the environment, though pip
// says that it is gone.
func (p pip) stillHas(names []string) error {
	has, err := p.installed()
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.ContainsFunc(has, wanted{name: name}.is) })
	if len(left) > 0 {
		return &pipError{fmt.Errorf("it says that it is done, and %s is still there", strings.Join(left, ", "))}
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
