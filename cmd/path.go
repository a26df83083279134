package cmd

import (
	"github.com/spf13/cobra"
)

func (a *app) pathCommand() *cobra.Command {
	var bin, python, sitePackages bool
	c := &cobra.Command{
		Use:        "path [NAME]",
		SuggestFor: []string{"which", "where", "dir", "locate"},
		Short:      "Print the path of an environment",
		Long: `Prints the directory of an environment (of the active one, without a NAME), or
of a part of it. NAME is a name, or the path of any environment. It works for a
broken environment, too.`,
		Example: `  cd "$(den path web)"
  ExecStart=/home/me/.virtualenvs/web/bin/python    # what "den path web --python" prints`,
		Args: atMostOne("environment"),
		RunE: func(_ *cobra.Command, args []string) error {
			if bin && python || bin && sitePackages || python && sitePackages {
				return usagef("only one of --bin, --python and --site-packages can be printed")
			}
			environment, err := a.environmentOrActive(args)
			if err != nil {
				return a.suggest(err)
			}
			path := environment.Path
			switch {
			case bin:
				path = environment.Bin()
			case python:
				path = environment.Python()
			case sitePackages:
				if path, err = environment.SitePackages(); err != nil {
					return err
				}
			}
			a.printf("%s\n", path)
			return nil
		},
	}
	c.Flags().BoolVar(&bin, "bin", false, "the directory of its programs")
	c.Flags().BoolVar(&python, "python", false, "its Python")
	c.Flags().BoolVar(&sitePackages, "site-packages", false, "the directory of its packages")
	return c
}
