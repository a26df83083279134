// Package upgrade makes an environment anew with another Python, and with the
// packages, hooks and files that the old one has.
package upgrade

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/disk"
	"den/env/inventory"
	"den/env/layout"
	"den/env/packages"
	"den/env/python"
)

// A Renewal is an environment and what it is to become.
type Renewal struct {
	Old         env.Environment
	Interpreter python.Interpreter
	Builder     layout.Builder
	// Uncopied are the paths in the old environment that cannot be carried over.
	Uncopied []string

	site          string // the site-packages of the old one; "" when it has none
	distributions []packages.Distribution
	paths         []string // what else is the person's in it
	systemSite    bool
	prompt        string // "" for the name
}

// Of finds out all that is to be kept, from files alone: the old Python may be
// gone. The Interpreter and the Builder are for the caller to choose.
func Of(e env.Environment) (r Renewal, err error) {
	r = Renewal{Old: e}
	if r.site, err = e.SitePackages(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if r.site == "" {
		r.site = anySite(e)
	}
	if r.site != "" {
		if r.distributions, err = packages.Read(r.site); err != nil {
			return r, err
		}
	}
	persons, err := inventory.Of(e.Path)
	if err != nil {
		return r, err
	}
	r.paths, r.Uncopied = persons.Paths, persons.Uncopied
	if r.systemSite, err = e.SystemSitePackages(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if prompt := e.Prompt(); prompt != e.Name {
		r.prompt = prompt
	}
	return r, nil
}

// anySite is the one site-packages, of several, that packages are in: pyvenv.cfg
// may have been changed to another version since.
func anySite(e env.Environment) string {
	sites, _ := disk.Glob(e.Path, "lib/*/site-packages")
	most, fullest := 0, ""
	for _, site := range sites {
		if _, ok := python.SeriesOf(filepath.Base(filepath.Dir(site))); !ok {
			continue // it is not a Python's
		}
		if found, err := packages.Read(site); err == nil && len(found) > most {
			most, fullest = len(found), site
		}
	}
	return fullest
}

// Series is the version of the old Python in the form that Finder takes: "3.12",
// "3.13t", "pypy3.10"; "" when it is not known.
func (r Renewal) Series() string {
	if r.site == "" {
		return ""
	}
	series, _ := python.SeriesOf(filepath.Base(filepath.Dir(r.site)))
	return series
}

// IsUpToDate reports whether the environment would get the Python that it has.
func (r Renewal) IsUpToDate() bool {
	if r.Old.Check() != nil || r.Old.PythonVersion() != r.Interpreter.Version.String() {
		return false
	}
	has, err := os.Stat(r.Old.Python())
	if err != nil {
		return false
	}
	gets, err := os.Stat(r.Interpreter.BaseExecutable)
	if err != nil || !os.SameFile(has, gets) && !r.Old.HasCopy() {
		return false
	}
	// One that was made with a link from elsewhere may have another's library.
	home := r.Old.BaseHome()
	return home == "" || python.LeadsTo(home, r.Interpreter.BasePrefix)
}

// Check looks whether the editable distributions are there.
func (r Renewal) Check() error {
	for _, d := range r.distributions {
		if d.Editable != "" && disk.IsGone(d.Editable) {
			err := fmt.Errorf("%q has %s installed from %s, which is not there", r.Old.Name, d.Name, d.Editable)
			return hint.With(err, "put it back, or do without it: rm -r %s", hint.Word(d.Entry))
		}
	}
	return nil
}

// fromIndex reports whether a file that a distribution was installed from is
// gone, so that only an index can have it.
func fromIndex(d packages.Distribution) bool {
	return d.Editable == "" && d.Source() != "" && disk.IsGone(d.Source())
}

// has reports whether a distribution was in the old environment.
func (r Renewal) has(name string) bool {
	_, found := packages.Find(r.distributions, name)
	return found
}

// seeds are what a new environment may have in it from the start.
var seeds = []string{"pip", "setuptools", "wheel"}

// requirements returns the lines with which pip installs the packages of the old
// environment into the one in dir, and the packages that it then has. pip itself is the
// one that comes with the new Python, and so are setuptools and wheel where nobody has
// asked for them: keptSeeds has those that stay.
func (r Renewal) requirements(dir string) (lines []string, expected []pip.Wanted) {
	for _, d := range r.distributions {
		w := pip.Wanted{Name: d.Name}
		switch {
		case d.Is("pip") || r.isSeed(d) && (r.isSameSeries() || r.cameAlong(d)):
			continue
		case r.isSeed(d): // an old one does not work with another Python
			lines = append(lines, d.Name)
		case fromIndex(d):
			w.Version = d.Version
			lines = append(lines, d.Pinned())
		default:
			if d.Source() == "" && d.Requirement() == d.Pinned() {
				w.Version = d.Version
			}
			placed := r.place(d, dir)
			w.Editable = placed.Editable
			lines = append(lines, strings.ReplaceAll(placed.Requirement(), "\n", ""))
		}
		expected = append(expected, w)
	}
	return lines, expected
}

// installs reports whether anything is to be installed by pip.
func (r Renewal) installs(dir string) bool {
	lines, _ := r.requirements(dir)
	return len(lines)+len(r.keptSeeds()) > 0
}

// keptSeeds are setuptools and wheel, where the version of Python stays and so
// theirs can.
func (r Renewal) keptSeeds() (kept []pip.Wanted) {
	for _, d := range r.distributions {
		if !d.Is("pip") && r.isSeed(d) && r.isSameSeries() {
			kept = append(kept, pip.Wanted{Name: d.Name, Version: d.Version})
		}
	}
	return kept
}

// isSeed reports whether a distribution is one that environments may have from
// the start, and from no other place.
func (r Renewal) isSeed(d packages.Distribution) bool {
	return slices.Contains(seeds, packages.Normalize(d.Name)) && d.Source() == ""
}

// isSameSeries reports whether the version of Python stays, as far as it matters
// to packages.
func (r Renewal) isSameSeries() bool {
	return r.Interpreter.Version.Series() == strings.TrimRight(strings.TrimPrefix(r.Series(), "pypy"), "t")
}

// cameAlong reports whether a seed came with the old environment: one that nobody
// has asked pip for (PEP 376), and setuptools up to 3.11, where ensurepip has
// asked for it.
func (r Renewal) cameAlong(d packages.Distribution) bool {
	if !d.WasRequested() {
		return true
	}
	version, err := python.ParseVersion(strings.TrimRight(strings.TrimPrefix(r.Series(), "pypy"), "t"))
	return d.Is("setuptools") && err == nil && version.Less(python.Version{Major: 3, Minor: 12})
}

// place returns the distribution to install into the environment in dir. An editable
// install inside the old environment becomes one inside the new one.
func (r Renewal) place(d packages.Distribution, dir string) packages.Distribution {
	if below, ok := r.inside(d); ok {
		d.Editable = filepath.Join(dir, below)
	}
	return d
}

// inside returns where in the environment an editable distribution is, if it is.
func (r Renewal) inside(d packages.Distribution) (below string, ok bool) {
	for _, root := range disk.GivenAndReal(r.Old.Path) {
		if below, ok := strings.CutPrefix(d.Editable, root+"/"); ok {
			return below, true
		}
	}
	return "", false
}

// Lines are the requirements by which the packages are installed anew.
func (r Renewal) Lines() []string {
	lines, _ := r.requirements(r.Old.Path)
	for _, seed := range r.keptSeeds() {
		lines = append(lines, seed.Name+"=="+seed.Version)
	}
	return lines
}

// FromIndex are the distributions that will not come from where they came from,
// for that is gone.
func (r Renewal) FromIndex() []packages.Distribution {
	return slices.DeleteFunc(slices.Clone(r.distributions), func(d packages.Distribution) bool { return !fromIndex(d) })
}
