package cmd

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/quantity"
	"den/env"
	"den/env/packages"
	"den/env/variables"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON, values, withPackages bool
	c := &cobra.Command{
		Use:        "show [NAME]",
		SuggestFor: []string{"info", "status"},
		Short:      "Show an environment: its path, its Python, its project",
		Long: `Shows an environment: where it is, its Python, its project, the names of its
variables, when it was made and when it was last entered. NAME is a name, or the path
of any environment. Without a NAME, it is the active one.`,
		Example: "  den show web\n  den show ./.venv\n  den show web --json\n  den show web --values\n  den show web --packages",
		Args:    atMostOne("environment"),
		RunE: a.onEnvironment(func(environment env.Environment) error {
			d := a.detail(environment)
			if !values {
				d.Values = nil
			}
			if withPackages {
				d.listPackages(environment)
			}
			if asJSON {
				return a.printJSON(d)
			}
			a.printDetails(d)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&withPackages, "packages", false, "list its packages too")
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
	Made      time.Time         `json:"made,omitzero"`
	Entered   time.Time         `json:"entered,omitzero"` // last
	// Packages are those in its site-packages, where they have been asked for.
	Packages []packageItem `json:"packages,omitempty"`
}

// A packageItem is a package as show prints it.
type packageItem struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Editable string `json:"editable,omitempty"` // the directory that it is installed from
}

// listPackages adds the packages, sorted by name.
func (d *details) listPackages(e env.Environment) {
	installed, _ := packages.In(e)
	for _, p := range installed {
		d.Packages = append(d.Packages, packageItem{p.Name, p.Version, p.Editable})
	}
}

func (a *app) detail(e env.Environment) details {
	d := details{description: a.describe(e), Prompt: e.Prompt()}
	if home, err := a.home(); err == nil && e.Path == home.Path(e.Name) {
		d.Made, d.Entered = home.Made(e.Name).Truncate(time.Second), home.Entered(e.Name).Truncate(time.Second)
	}
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
	line("made", whenText(d.Made))
	line("entered", whenText(d.Entered))
	line("active", yes(d.Active))
	line("broken", d.Broken)
	for _, p := range d.Packages {
		text := p.Name + " " + p.Version
		if p.Editable != "" {
			text += ", editable, from " + p.Editable
		}
		line("package", text)
	}
}

// whenText writes a time as a person reads it.
func whenText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04") + ", " + quantity.Ago(time.Now(), t)
}
