package cmd

import (
	"context"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
	"den/env/store"
	"den/shell"
)

// listOptions are what a person asks for when they list environments.
type listOptions struct {
	brief, long, asJSON bool
	sort                string
	reverse             bool
}

func (a *app) listCommand() *cobra.Command {
	var o listOptions
	c := &cobra.Command{
		Use:        "list",
		SuggestFor: []string{"envs", "environments", "virtualenvs"},
		Aliases:    []string{"ls"},
		Short:      "List the environments",
		Long: `Lists the environments: on a terminal a table that marks the active one with *
and names the fault of a broken one; elsewhere their names, one a line.

--long adds how much of the disk each takes, how many packages it has, when it was
made, and when workon or den run entered it last; elsewhere than on a terminal,
lines with tabs between name, Python, bytes, packages, made, entered and project.
The size of an environment counts a file with several names once. A copy that
shares its blocks with another environment counts in full.`,
		Example: `  den list
  den list -l --sort size
  den list --sort entered | tail -n 3
  den list --json | jq -r '.[] | select(.broken) | .name'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !o.asJSON && !o.long && o.sort == "" && !o.reverse && (o.brief || !isTerminal(a.stdout)) {
				return a.printNames()
			}
			return a.list(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.BoolVarP(&o.brief, "brief", "b", false, "names only, also on a terminal")
	f.BoolVarP(&o.long, "long", "l", false, "size, packages, made, entered last")
	f.StringVar(&o.sort, "sort", "", "sort by this `column`: "+hint.Join(sortColumnNames(), " or "))
	f.BoolVarP(&o.reverse, "reverse", "r", false, "sort the other way round")
	f.BoolVar(&o.asJSON, "json", false, "everything about each, as JSON; with --long what that adds")
	c.MarkFlagsMutuallyExclusive("brief", "long")
	return c
}

func (a *app) list(ctx context.Context, o listOptions) error {
	by := sortColumns[0]
	if o.sort != "" {
		i := slices.IndexFunc(sortColumns, func(c column) bool { return c.name == o.sort })
		if i < 0 {
			return hint.With(usagef("list cannot sort by %q", o.sort), "it sorts by %s", hint.Join(sortColumnNames(), " or "))
		}
		by = sortColumns[i]
	}
	home, err := a.home()
	if err != nil {
		return err
	}
	descriptions, err := a.describeAll(home)
	if err != nil {
		return err
	}
	all, total := make([]longDescription, len(descriptions)), int64(0)
	if o.long || by.isLong {
		if all, total, err = a.describeLong(ctx, home, descriptions); err != nil {
			return err
		}
	} else {
		for i, d := range descriptions {
			all[i].description = d
		}
	}
	all = sorted(all, by, o.reverse)
	for i, d := range all {
		descriptions[i] = d.description
	}
	switch {
	case o.asJSON && o.long:
		return a.printJSON(all)
	case o.asJSON:
		return a.printJSON(descriptions)
	case o.long:
		a.printLong(home, all, total)
	case o.brief || !isTerminal(a.stdout):
		for _, d := range descriptions {
			a.printf("%s\n", d.Name)
		}
		return nil
	default:
		a.printTable(home, descriptions)
	}
	a.warnDangling(home)
	return ctx.Err()
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

// warnDangling reports links in the home that lead nowhere: they take up names.
func (a *app) warnDangling(home env.Home) {
	names, _ := home.Dangling()
	for _, name := range names {
		a.warnf("%s is %s", printable(home.Path(name)), store.DanglingLink)
		a.hintf("take the link away: rm %s", hint.Path(home.Path(name)))
	}
}

// noteEmpty tells a person that there are no environments.
func (a *app) noteEmpty(home env.Home) {
	if !a.isWatched() {
		return
	}
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
	if facts.Broken != nil {
		d.Broken = env.CauseOf(facts.Broken)
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
		mark, name, remark := a.marks(d)
		t.AddRow(mark, name, d.Python, remark)
	}
	t.Print()
}

// marks returns what a table shows of an environment: its mark, its name, and its
// project or its fault.
func (a *app) marks(d description) (mark, name, remark string) {
	name, remark = printable(d.Name), printable(d.Project)
	if d.Active {
		mark, name = "*", a.colored(bold, name)
	}
	if d.Broken != "" {
		mark, remark = "!", a.colored(red, "broken: "+printable(d.Broken))
	}
	return mark, name, remark
}
