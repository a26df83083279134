package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/packages"
	"den/env/tree"
)

func (a *app) wipeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "wipe",
		Short: "Uninstall all packages of the active environment",
		Long: `Uninstalls all packages of the active environment, editable installs too. pip
stays; setuptools and wheel stay if the environment was made with them. den keeps a
copy of the environment, and "den undo" brings it back.`,
		Example: "  wipeenv\n  den undo",
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
	names, hasPip := pip.Removable(e, installed)
	if len(names) == 0 {
		a.printf("Nothing to remove.\n")
		return nil
	}
	if !hasPip {
		err := fmt.Errorf("%q has no pip to uninstall %s with", e.Name, strings.Join(names, ", "))
		if !e.HasEnsurepip() {
			return err
		}
		return hint.With(err, "den run %s python -m ensurepip", hint.Word(e.Name))
	}
	its, err := pip.Of(ctx, e, a.console())
	if err != nil {
		return err
	}
	a.announce("Uninstalling packages:\n\n%s", strings.Join(names, "\n"))
	a.warnUnlisted(site)
	kept, err := a.keepCopy(ctx, e)
	if err != nil {
		return err
	}
	err = its.Uninstall(ctx, names)
	if failed, ok := errors.AsType[*pip.Error](err); ok {
		return fmt.Errorf("uninstalling %s failed (%w)", strings.Join(names, ", "), failed)
	}
	if err == nil && kept {
		a.doneUnannounced("uninstalled all packages of %q; den undo brings them back", e.Name)
	}
	return err
}

// keepCopy keeps a copy of the environment as it is, if it is one of the home's own,
// and reports whether it did. A disk that has no room for it is no obstacle: wiping
// makes some.
func (a *app) keepCopy(ctx context.Context, e env.Environment) (kept bool, err error) {
	home, err := a.home()
	if err == nil {
		home, err = a.keeping(home, "wipe")
	}
	info, statErr := os.Lstat(home.Path(e.Name))
	if err != nil || statErr != nil || !info.IsDir() || e.Path != home.Path(e.Name) || !home.Keeps() {
		return false, err
	}
	var progress tree.Progress
	stop := a.showCopying(fmt.Sprintf("keeping a copy of %s", printable(e.Name)), &progress)
	defer stop()
	_, err = a.withRoom(ctx, home, func() (env.Environment, error) {
		return e, home.KeepCopy(ctx, e.Name, func(ctx context.Context, dir string) error {
			_, err := tree.Copy(ctx, e.Path, dir, tree.Options{Progress: &progress})
			return err
		})
	})
	stop()
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		a.warnf("there is no room to keep a copy of %q: undo cannot bring its packages back", e.Name)
		return false, nil
	}
	return err == nil, err
}

// warnUnlisted names what goes with the packages that is not theirs.
func (a *app) warnUnlisted(site string) {
	if whole := pip.TakenWhole(site); len(whole) > 0 {
		a.warnf("pip takes these directories whole, with whatever of yours is in them: %s", hint.Some(whole))
	}
}
