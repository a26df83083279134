package cmd

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"den/env"
	"den/shell"
)

func (a *app) listCommand() *cobra.Command {
	var brief, asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the environments",
		Long: `Lists the environments: on a terminal a table that marks the active one with *
and tells what is wrong with a broken one; elsewhere their names, one a line.`,
		Example: `  den list
  den list | grep api
  den list --json | jq -r '.[] | select(.broken) | .name'`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if !asJSON && (brief || !isTerminal(a.stdout)) {
				return a.printNames()
			}
			home, err := a.home()
			if err != nil {
				return err
			}
			environments, err := home.List()
			if err != nil {
				return err
			}
			descriptions := make([]description, len(environments))
			for i, e := range environments {
				descriptions[i] = a.describe(e)
			}
			if asJSON {
				return a.printJSON(descriptions)
			}
			a.printTable(home, descriptions)
			return nil
		},
	}
	c.Flags().BoolVarP(&brief, "brief", "b", false, "names only, also on a terminal")
	c.Flags().BoolVar(&asJSON, "json", false, "everything about each, as JSON")
	return c
}

// printNames prints the names of all environments, one a line.
func (a *app) printNames() error {
	home, err := a.home()
	if err != nil {
		return err
	}
	names, err := home.Names()
	if err != nil {
		return err
	}
	if len(names) == 0 && isTerminal(a.stdout) {
		a.noteEmpty(home)
	}
	var lines []byte
	for _, name := range names {
		lines = append(append(lines, name...), '\n')
	}
	_, err = a.stdout.Write(lines)
	return err
}

func (a *app) noteEmpty(home env.Home) {
	a.notef("there are no environments in %s yet", home.Dir())
	a.hintf("make one: %s NAME", a.word("mk"))
}

// A description is what list and show tell of an environment.
type description struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	Python  string `json:"python"`            // version
	Project string `json:"project,omitempty"` // directory
	Active  bool   `json:"active"`
	Broken  string `json:"broken,omitempty"` // why it cannot be entered
}

func (a *app) describe(e env.Environment) description {
	d := description{Name: e.Name, Path: e.Path, Python: e.PythonVersion(), Active: isActive(e)}
	d.Project, _ = a.project(e)
	var broken *env.BrokenError
	if err := e.Check(); errors.As(err, &broken) {
		d.Broken = broken.Cause
	} else if err != nil {
		d.Broken = err.Error()
	}
	return d
}

// isActive reports whether the shell is in the environment, by whatever path.
func isActive(e env.Environment) bool {
	active, ok := shell.Active(os.LookupEnv)
	if !ok {
		return false
	}
	if active.Path == e.Path {
		return true
	}
	one, err := os.Stat(active.Path)
	if err != nil {
		return false
	}
	other, err := os.Stat(e.Path)
	return err == nil && os.SameFile(one, other)
}

// printTable prints a table for a person.
func (a *app) printTable(home env.Home, descriptions []description) {
	if len(descriptions) == 0 {
		a.noteEmpty(home)
		return
	}
	t := a.newTable("", "name", "python", "project")
	for _, d := range descriptions {
		mark, note := "", printable(d.Project)
		if d.Active {
			mark = "*"
		}
		if d.Broken != "" {
			mark, note = "!", a.colored(red, "broken: "+printable(d.Broken))
		}
		name := printable(d.Name)
		if d.Active {
			name = a.colored(bold, name)
		}
		t.AddRow(mark, name, d.Python, note)
	}
	t.Print()
}
