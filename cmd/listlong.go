package cmd

import (
	"cmp"
	"context"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"den/cmd/quantity"
	"den/env"
	"den/env/packages"
	"den/env/parallel"
	"den/env/python"
	"den/env/usage"
)

// A longDescription is a description with what takes time to find out.
type longDescription struct {
	description
	Size     int64     `json:"size"` // in bytes
	Packages int       `json:"packages"`
	Made     time.Time `json:"made,omitzero"`    // the zero time where that is not known
	Entered  time.Time `json:"entered,omitzero"` // last
}

// describeLong finds out more about the environments, several at a time, and how much
// of the disk they take together. A file that two of them have counts once in that.
func (a *app) describeLong(ctx context.Context, home env.Home, descriptions []description) (all []longDescription, total int64, err error) {
	all = make([]longDescription, len(descriptions))
	stop := a.spin("measuring the environments")
	defer stop()
	var together usage.Meter
	var sum atomic.Int64
	err = parallel.Each(ctx, runtime.GOMAXPROCS(0), len(all), func(ctx context.Context, numbers iter.Seq[int]) error {
		for i := range numbers {
			e := env.Environment{Name: descriptions[i].Name, Path: descriptions[i].Path}
			all[i] = describeOneLong(home, e, descriptions[i])
			size, added, _ := together.Measure(ctx, e.Path+"/.") // also of what a link leads to
			all[i].Size = size
			sum.Add(added)
		}
		return nil
	})
	return all, sum.Load(), err
}

// describeOneLong adds all but the size to the description of an environment. It leaves
// out the facts that it cannot read.
func describeOneLong(home env.Home, e env.Environment, d description) longDescription {
	installed, _ := packages.In(e)
	return longDescription{description: d, Packages: len(installed), Made: home.Made(e.Name).Truncate(time.Second), Entered: home.Entered(e.Name).Truncate(time.Second)}
}

// A column is one by which list sorts. Numbers and times come with the largest first.
type column struct {
	name    string
	compare func(a, b longDescription) int
	isLong  bool // whether it takes a longDescription
}

var sortColumns = []column{
	{"name", func(a, b longDescription) int { return strings.Compare(a.Name, b.Name) }, false},
	{"python", func(a, b longDescription) int { return comparePythons(a.Python, b.Python) }, false},
	{"project", func(a, b longDescription) int { return strings.Compare(a.Project, b.Project) }, false},
	{"size", func(a, b longDescription) int { return cmp.Compare(b.Size, a.Size) }, true},
	{"packages", func(a, b longDescription) int { return cmp.Compare(b.Packages, a.Packages) }, true},
	{"made", func(a, b longDescription) int { return b.Made.Compare(a.Made) }, true},
	{"entered", func(a, b longDescription) int { return b.Entered.Compare(a.Entered) }, true},
}

// comparePythons compares two versions; one that is not known comes last.
func comparePythons(a, b string) int {
	one, err := python.ParseVersion(a)
	other, otherErr := python.ParseVersion(b)
	if err != nil || otherErr != nil {
		return strings.Compare(b, a)
	}
	return one.Compare(other)
}

// sortColumnNames are the columns by which list sorts.
func sortColumnNames() []string {
	names := make([]string, len(sortColumns))
	for i, c := range sortColumns {
		names[i] = c.name
	}
	return names
}

// printLong prints a table for a person, or lines with tabs for a program.
func (a *app) printLong(home env.Home, all []longDescription, total int64) {
	if !isTerminal(a.stdout) {
		for _, d := range all {
			a.printf("%s\n", strings.Join([]string{printable(d.Name), d.Python, strconv.FormatInt(d.Size, 10), strconv.Itoa(d.Packages), stamp(d.Made), stamp(d.Entered), printable(d.Project)}, "\t"))
		}
		return
	}
	if len(all) == 0 {
		a.noteEmpty(home)
		return
	}
	now := time.Now()
	rows := [][]string{{"", "name", "python", "size", "packages", "made", "entered", "project"}}
	for _, d := range all {
		mark, name, remark := a.marks(d.description)
		rows = append(rows, []string{mark, name, d.Python, quantity.Size(d.Size), strconv.Itoa(d.Packages), ago(now, d.Made), ago(now, d.Entered), remark})
	}
	a.printFitting(rows, "packages", "made", "python", "entered", "size")
	if len(all) > 1 {
		a.printf("%d environments, %s\n", len(all), quantity.Size(total))
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func ago(now, t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return quantity.Ago(now, t)
}

// sorted returns the descriptions in the order of a column, which is in the table,
// and by name where that says nothing.
func sorted(all []longDescription, by column, reverse bool) []longDescription {
	slices.SortStableFunc(all, by.compare)
	if reverse {
		slices.Reverse(all)
	}
	return all
}
