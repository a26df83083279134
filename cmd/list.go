package cmd

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
	"den/env/store"
	"den/shell"
)

func (a *app) listCommand() *cobra.Command {
	var brief, asJSON bool
	c := &cobra.Command{
		Use:        "list",
		SuggestFor: []string{"envs", "environments", "virtualenvs"},
		Aliases:    []string{"ls"},
		Short:      "List the environments",
		Long: `Lists the environments: on a terminal a table that marks the active one with *
and names the fault of a broken one; elsewhere their names, one a line.`,
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
			descriptions, err := a.describeAll(home)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(descriptions)
			}
			a.printTable(home, descriptions)
			a.warnDangling(home)
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

// warnDangling tells of names that are taken by links to what is not there any more.
func (a *app) warnDangling(home env.Home) {
	names, _ := home.Dangling()
	for _, name := range names {
		a.warnf("%s is %s", printable(home.Path(name)), store.DanglingLink)
		a.hintf("take the link away: rm %s", hint.Path(home.Path(name)))
	}
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
	return describe(e.Facts(a.projectFile()), activeHere())
}

// projectFile is the file that notes an environment's project; "" where the
// setting cannot be read.
func (a *app) projectFile() string {
	file, _ := a.settings.text(keyProjectFilename)
	return file
}

func (a *app) describeAll(home env.Home) ([]description, error) {
	all, err := home.Facts(a.projectFile())
	if err != nil {
		return nil, err
	}
	here := activeHere()
	descriptions := make([]description, len(all))
	for i, facts := range all {
		descriptions[i] = describe(facts, here)
	}
	return descriptions, nil
}

func describe(facts env.Facts, here active) description {
	d := description{Name: facts.Name, Path: facts.Path, Python: facts.Python, Project: facts.Project, Active: here.is(facts.Environment)}
	var broken *env.BrokenError
	if errors.As(facts.Broken, &broken) {
		d.Broken = broken.Cause
	} else if facts.Broken != nil {
		d.Broken = facts.Broken.Error()
	}
	return d
}

// isActive reports whether the shell is in the environment, by whatever path.
func isActive(e env.Environment) bool { return activeHere().is(e) }

// active is the environment that the shell is in, if any.
type active struct {
	path string
	info os.FileInfo // nil where there is nothing at the path
}

func activeHere() active {
	e, ok := shell.Active(os.LookupEnv)
	if !ok {
		return active{}
	}
	info, _ := os.Stat(e.Path)
	return active{e.Path, info}
}

// is reports whether it is this one, by whatever path.
func (a active) is(e env.Environment) bool {
	if a.path == "" || a.path == e.Path {
		return a.path != ""
	}
	if a.info == nil {
		return false
	}
	other, err := os.Stat(e.Path)
	return err == nil && os.SameFile(a.info, other)
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
