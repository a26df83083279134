package cmd

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/env"
	"den/env/variables"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON, values bool
	c := &cobra.Command{
		Use:        "show [NAME]",
		SuggestFor: []string{"info", "status"},
		Short:      "Show an environment: its path, its Python, its project",
		Long: `Shows an environment (the active one, without a NAME): where it is, its Python, its project, the names of its variables. NAME is a
name, or the path of any environment.`,
		Example: "  den show web\n  den show ./.venv\n  den show web --json\n  den show web --values",
		Args:    atMostOne("environment"),
		RunE: func(_ *cobra.Command, args []string) error {
			environment, err := a.environmentOrActive(args)
			if err != nil {
				return a.suggest(err)
			}
			d := a.detail(environment)
			if !values {
				d.Values = nil
			}
			if asJSON {
				return a.printJSON(d)
			}
			a.printDetails(d)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&values, "values", false, "show the values of its variables too")
	return c
}

// details are a description and what is only worth finding out for one.
type details struct {
	description
	Prompt             string `json:"prompt"`
	Interpreter        string `json:"interpreter"` // what bin/python leads to
	SitePackages       string `json:"site_packages"`
	SystemSitePackages bool   `json:"system_site_packages"`
	// Variables are the names of the environment's own.
	Variables []string          `json:"variables,omitempty"`
	Values    map[string]string `json:"values,omitempty"`
}

func (a *app) detail(e env.Environment) details {
	d := details{description: a.describe(e), Prompt: e.Prompt()}
	d.Interpreter, _ = filepath.EvalSymlinks(e.Python())
	if d.Interpreter == "" {
		d.Interpreter, _ = os.Readlink(e.Python())
	}
	d.SitePackages, _ = e.SitePackages()
	d.SystemSitePackages, _ = e.SystemSitePackages()
	if file, err := variables.Read(e.Path); err == nil {
		d.Values = valuesOf(file)
		d.Variables = slices.Sorted(maps.Keys(d.Values))
	}
	return d
}

func (a *app) printDetails(d details) {
	line := func(key, value string) {
		if value != "" {
			a.printf("%-16s %s\n", key+":", printable(value))
		}
	}
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	line("name", d.Name)
	line("path", d.Path)
	line("python", d.Python)
	line("interpreter", d.Interpreter)
	line("site-packages", d.SitePackages)
	line("system packages", yes(d.SystemSitePackages))
	line("prompt", d.Prompt)
	line("project", d.Project)
	if d.Values == nil {
		line("variables", strings.Join(d.Variables, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(d.Values)) {
		line("variable", variables.Variable{Name: name, Value: d.Values[name]}.String())
	}
	line("active", yes(d.Active))
	line("broken", d.Broken)
}
