package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/packages"
)

func (a *app) wipeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "wipe",
		Short: "Uninstall all packages of the active environment",
		Long: `Uninstalls all packages of the active environment, editable installs too. pip
stays; setuptools and wheel stay if the environment was made with them.`,
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
	err = its.Uninstall(ctx, names)
	if failed, ok := errors.AsType[*pip.Error](err); ok {
		return fmt.Errorf("uninstalling %s failed (%w)", strings.Join(names, ", "), failed)
	}
	return err
}

// warnUnlisted names what goes with the packages that is not theirs.
func (a *app) warnUnlisted(site string) {
	if whole := pip.TakenWhole(site); len(whole) > 0 {
		a.warnf("pip takes these directories whole, with whatever of yours is in them: %s", hint.Some(whole))
	}
}
