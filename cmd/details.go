package cmd

import (
	"context"
	"errors"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"den/cmd/activate"
	"den/env"
	"den/hooks"
	"den/shell"
)

// showvirtualenvCommand is virtualenvwrapper's: what the person's hooks have to
// say of an environment.
func (a *app) showvirtualenvCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "showvirtualenv [NAME]",
		Short:   "Show the output of your hooks for an environment",
		Long:    `Shows the output of the get_env_details hooks for an environment (for the active one, without a NAME).`,
		Example: "  showvirtualenv web",
		Hidden:  true,
		Args:    atMostOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, ok := shell.Active(os.LookupEnv); !ok && len(args) == 0 {
				a.printf("%s\n", a.wording("showvirtualenv [env]", "showvirtualenv [NAME]"))
				return exitStatus(statusFailed)
			}
			environment, err := a.environmentOrActive(args)
			if err != nil {
				return a.suggest(err)
			}
			return a.tellDetails(cmd.Context(), environment)
		},
	}
}

// lsvirtualenvCommand is virtualenvwrapper's list.
func (a *app) lsvirtualenvCommand() *cobra.Command {
	var brief, long bool
	c := &cobra.Command{
		Use:     "lsvirtualenv",
		Short:   "List the environments with the output of your hooks",
		Long:    `Lists the environments, each with the output of the get_env_details hooks for it.`,
		Example: "  lsvirtualenv\n  lsvirtualenv -b",
		Hidden:  true,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := a.home()
			if err != nil {
				return err
			}
			if err := a.ensure(home); err != nil {
				return err
			}
			if brief && !long {
				return a.printNames()
			}
			environments, err := home.List()
			if err != nil {
				return err
			}
			for _, e := range environments {
				a.printHeading(e.Name)
				if err := a.tellDetails(cmd.Context(), e); err != nil {
					return err
				}
				a.printf("\n")
			}
			return nil
		},
	}
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
			err = worded(err, "Invalid option: -%s", unknown.GetSpecifiedName())
		}
		return c.Root().FlagErrorFunc()(c, err)
	})
	c.Flags().BoolVarP(&brief, "brief", "b", false, "names only, one a line")
	c.Flags().BoolVarP(&long, "long", "l", false, "with the output of the hooks (the default)")
	return c
}

// printHeading prints a name, underlined.
func (a *app) printHeading(name string) {
	name = printable(name)
	a.printf("%s\n%s\n", name, strings.Repeat("=", utf8.RuneCountInString(name)))
}

// tellDetails runs the get_env_details hooks, in the environment, and prints an
// empty line.
func (a *app) tellDetails(ctx context.Context, e env.Environment) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	dirs, err := a.hookDirectories(e)
	if err != nil {
		return err
	}
	if err := a.runHooks(ctx, a.find(hooks.GetEnvDetails, dirs), home.Dir(), activate.Environ(e, nil), e.Name); err != nil {
		return err
	}
	a.printf("\n")
	return nil
}
