package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
	"den/env/inventory"
	"den/env/layout"
	"den/env/packages"
	"den/env/python"
	"den/shell"
)

// upgrading is what a person asks for when they upgrade environments.
type upgrading struct {
	names       []string
	all, dryRun bool
	chosen      bool // they have named the interpreter
}

func (a *app) upgradeCommand() *cobra.Command {
	var u upgrading
	c := &cobra.Command{
		Use:        "upgrade NAME...",
		SuggestFor: []string{"update", "rebuild", "repair", "restore"},
		Short:      "Put a new Python under environments",
		Long: `Makes the environment NAME anew with another Python, and installs the same
packages, of the same versions and from the same places, editable ones included.
That also mends an environment of which the Python is gone. Without --python, it
gets the newest one of its version (3.12) that is there, or else the default.

Its project, hooks, prompt and what else is in its directory stay. The new one is
made aside and takes the place of the old one when it is complete; if anything
fails, the old one stays as it was.`,
		Example: `  den upgrade web -p 3.13
  den upgrade web              mend it, or get the newest 3.12.x for its 3.12.1
  den upgrade --all --dry-run  what would be done`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			u.names, u.chosen = args, cmd.Flags().Changed("python")
			if u.all == (len(args) > 0) {
				return hint.With(usagef("%q needs the name of an environment, or --all", cmd.CommandPath()), "usage: %s", cmd.UseLine())
			}
			return a.upgradeAll(cmd.Context(), u)
		},
	}
	f := c.Flags()
	f.StringP("python", "p", "", "the `interpreter`: a path, a command, or a version such as 3.12")
	f.BoolVar(&u.all, "all", false, "all environments that have another Python than they would get")
	f.BoolVar(&u.dryRun, "dry-run", false, "show what would be done and do nothing")
	f.String("backend", "", "what makes them: "+joinWords(layout.Backends(), " or "))
	return c
}

// upgradeAll upgrades the environments one after the other. With --all, one that
// fails does not keep it from the others.
func (a *app) upgradeAll(ctx context.Context, u upgrading) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	environments, err := a.toUpgrade(home, u)
	if err != nil {
		return err
	}
	failed := 0
	for _, e := range environments {
		err := a.upgrade(ctx, home, e, u)
		if err == nil {
			continue
		}
		if !u.all || ctx.Err() != nil {
			return err
		}
		a.report(err)
		failed++
	}
	if failed > 0 {
		return exitStatus(statusFailed)
	}
	return nil
}

func (a *app) toUpgrade(home env.Home, u upgrading) ([]env.Environment, error) {
	if u.all {
		return home.List()
	}
	var environments []env.Environment
	for _, name := range u.names {
		e, err := home.Find(name)
		if err != nil {
			return nil, a.suggest(err)
		}
		environments = append(environments, e)
	}
	return environments, nil
}

// upgrade makes one environment anew.
func (a *app) upgrade(ctx context.Context, home env.Home, e env.Environment, u upgrading) error {
	if target, err := os.Readlink(e.Path); err == nil {
		if u.all {
			a.notef("%q is a symbolic link to %s, and left alone", e.Name, target)
			return nil
		}
		return hint.With(fmt.Errorf("%q is a symbolic link to %s, which may be others' too", e.Name, target), "make an environment of its own of it, and upgrade that: den cp %s NAME", hint.Word(e.Name))
	}
	r, err := a.renewalOf(ctx, e, u.chosen)
	if err != nil {
		return a.explainMaking(fmt.Errorf("upgrading %q: %w", e.Name, err), making{name: e.Name})
	}
	if u.all && r.isUpToDate() {
		a.donef("%q has Python %s already", e.Name, e.PythonVersion())
		return nil
	}
	if u.dryRun {
		a.printRenewal(r)
		return nil
	}
	if err := r.check(); err != nil {
		return err
	}
	a.noteGone(r)
	a.warnUncopied(r)
	before := e.PythonVersion()
	below, inside := belowWorkingDirectory(e)
	var stuck []string
	_, err = home.Replace(ctx, e.Name, func(ctx context.Context, dir, final string) (err error) {
		stuck, err = a.renew(ctx, r, dir, final)
		return err
	})
	if err != nil {
		return a.explainUpgrading(err, e)
	}
	a.warnStuck(e, "of the directory that it was made in", stuck)
	a.donef("%q has Python %s now, and had %s", e.Name, e.PythonVersion(), before)
	a.keepUp(e, below, inside)
	return sweepInBackground(home)
}

// keepUp leads a shell that was in the old directory to the same one in the new,
// and makes it forget where the old programs were.
func (a *app) keepUp(e env.Environment, below string, inside bool) {
	if inside {
		dir := filepath.Join(e.Path, below)
		if _, err := os.Stat(dir); err != nil {
			dir = e.Path
		}
		a.plan = append(a.plan, shell.Cd{Dir: dir})
	}
	if isActive(e) {
		a.plan = append(a.plan, shell.Rehash{})
	}
}

func (a *app) explainUpgrading(err error, e env.Environment) error {
	var failed *pipError
	if errors.As(err, &failed) {
		return hint.With(err, "nothing has changed: %q is as it was", e.Name)
	}
	if conflict, ok := errors.AsType[*conflictError](err); ok {
		return hint.With(err, "nothing has changed; take it out of the way: mv %s %s", hint.Path(conflict.path), hint.Path(filepath.Join(filepath.Dir(e.Path), filepath.Base(conflict.path)+".mine")))
	}
	return a.explainMaking(err, making{name: e.Name})
}

// A renewal is an environment and what it is to become.
type renewal struct {
	old           env.Environment
	interpreter   python.Interpreter
	builder       layout.Builder
	site          string // the site-packages of the old one; "" when it has none
	distributions []packages.Distribution
	persons       inventory.Inventory // what else is in it
	systemSite    bool
	prompt        string // "" for the name
}

// renewalOf finds out all that is to be kept, from files alone: the old Python
// may be gone.
func (a *app) renewalOf(ctx context.Context, e env.Environment, chosen bool) (r renewal, err error) {
	r = renewal{old: e}
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
	if r.persons, err = inventory.Of(e.Path); err != nil {
		return r, err
	}
	config, err := env.ReadConfig(e.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	r.systemSite = strings.EqualFold(config.Get("include-system-site-packages"), "true")
	if prompt := e.Prompt(); prompt != e.Name {
		r.prompt = prompt
	}
	if r.interpreter, err = a.newInterpreter(ctx, r, chosen); err != nil {
		return r, err
	}
	backend, err := a.settings.text(keyBackend)
	if err != nil {
		return r, err
	}
	r.builder, err = layout.New(backend, a.buildOptions())
	return r, err
}

// anySite is the one site-packages, of several, that packages are in: pyvenv.cfg
// may have been changed to another version since.
func anySite(e env.Environment) string {
	sites, _ := filepath.Glob(e.Path + "/lib/*/site-packages") // a name with * in it finds more than one
	most, fullest := 0, ""
	for _, site := range sites {
		if _, ok := python.SeriesOf(filepath.Base(filepath.Dir(site))); !ok {
			continue // it is not a Python's
		}
		if found, err := packages.Read(site); err == nil && strings.HasPrefix(site, e.Path+"/") && len(found) > most {
			most, fullest = len(found), site
		}
	}
	return fullest
}

// series is the version of the old Python in the form that Finder takes: "3.12",
// "3.13t", "pypy3.10"; "" when it is not known.
func (r renewal) series() string {
	if r.site == "" {
		return ""
	}
	series, _ := python.SeriesOf(filepath.Base(filepath.Dir(r.site)))
	return series
}

// newInterpreter is the one that a person has chosen, or else the newest of the
// series, or else the one that the environment was made with, if that still runs,
// or else the default.
func (a *app) newInterpreter(ctx context.Context, r renewal, chosen bool) (python.Interpreter, error) {
	if series := r.series(); !chosen && series != "" {
		found, err := a.finder(series).Find(ctx, series)
		var missing *python.NotFoundError
		if err == nil || !errors.As(err, &missing) {
			return found, err
		}
		if found, err := a.finder(series).Find(ctx, r.old.Python()); err == nil {
			return found, nil
		}
	}
	request, err := a.settings.text(keyPython)
	if err != nil {
		return python.Interpreter{}, err
	}
	return a.finder(request).Find(ctx, request)
}

// isUpToDate reports whether the environment would get the Python that it has.
func (r renewal) isUpToDate() bool {
	if r.old.Check() != nil || r.old.PythonVersion() != r.interpreter.Version.String() {
		return false
	}
	has, err := os.Stat(r.old.Python())
	if err != nil {
		return false
	}
	gets, err := os.Stat(r.interpreter.BaseExecutable)
	if err != nil || !os.SameFile(has, gets) && !hasCopy(r.old) {
		return false
	}
	// One that was made with a link from elsewhere may have another's library.
	home := configuredHome(r.old)
	return home == "" || python.LeadsTo(home, r.interpreter.BasePrefix)
}

// hasCopy reports whether an environment has a copy of its interpreter.
func hasCopy(e env.Environment) bool {
	real, err := filepath.EvalSymlinks(e.Python())
	bin, binErr := filepath.EvalSymlinks(e.Bin())
	return err == nil && binErr == nil && filepath.Dir(real) == bin
}

// configuredHome is the directory of the Python that an environment was made
// with, where pyvenv.cfg says so.
func configuredHome(e env.Environment) string {
	config, err := env.ReadConfig(e.Path)
	if home := config.Get("home"); err == nil && filepath.IsAbs(home) {
		return home
	}
	return ""
}

// check looks whether the editable distributions are there.
func (r renewal) check() error {
	for _, d := range r.distributions {
		if d.Editable != "" && isGone(d.Editable) {
			err := fmt.Errorf("%q has %s installed from %s, which is not there", r.old.Name, d.Name, d.Editable)
			return hint.With(err, "put it back, or do without it: rm -r %s", hint.Word(d.Note))
		}
	}
	return nil
}

func isGone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// fromIndex reports whether a file that a distribution was installed from is
// gone, so that only an index can have it.
func fromIndex(d packages.Distribution) bool {
	return d.Editable == "" && d.Source() != "" && isGone(d.Source())
}

// has reports whether a distribution was in the old environment.
func (r renewal) has(name string) bool {
	return slices.ContainsFunc(r.distributions, func(d packages.Distribution) bool { return packages.Normalize(d.Name) == name })
}

// seeds are what a new environment may have in it from the start.
var seeds = []string{"pip", "setuptools", "wheel"}

// requirements are the lines by which pip installs what the old environment has
// into the one in dir, and what is there then. pip itself is the one that comes
// with the new Python, and so are setuptools and wheel where nobody has asked for
// them: keptSeeds has those that stay.
func (r renewal) requirements(dir string) (lines []string, expected []wanted) {
	for _, d := range r.distributions {
		w := wanted{name: d.Name}
		switch {
		case isPip(d) || r.isSeed(d) && (r.isSameSeries() || r.cameAlong(d)):
			continue
		case r.isSeed(d): // an old one does not work with another Python
			lines = append(lines, d.Name)
		case fromIndex(d):
			w.version = d.Version
			lines = append(lines, d.Pinned())
		default:
			if d.Source() == "" && d.Requirement() == d.Pinned() {
				w.version = d.Version
			}
			placed := r.place(d, dir)
			w.editable = placed.Editable
			lines = append(lines, strings.ReplaceAll(placed.Requirement(), "\n", ""))
		}
		expected = append(expected, w)
	}
	return lines, expected
}

// installs reports whether anything is to be installed by pip.
func (r renewal) installs(dir string) bool {
	lines, _ := r.requirements(dir)
	return len(lines)+len(r.keptSeeds()) > 0
}

// keptSeeds are setuptools and wheel, where the version of Python stays and so
// theirs can.
func (r renewal) keptSeeds() (kept []wanted) {
	for _, d := range r.distributions {
		if !isPip(d) && r.isSeed(d) && r.isSameSeries() {
			kept = append(kept, wanted{name: d.Name, version: d.Version})
		}
	}
	return kept
}

// isSeed reports whether a distribution is one that environments may have from
// the start, and from no other place.
func (r renewal) isSeed(d packages.Distribution) bool {
	return slices.Contains(seeds, packages.Normalize(d.Name)) && d.Source() == ""
}

// isSameSeries reports whether the version of Python stays, as far as it matters
// to packages.
func (r renewal) isSameSeries() bool {
	return r.interpreter.Version.Series() == strings.TrimRight(strings.TrimPrefix(r.series(), "pypy"), "t")
}

// cameAlong reports whether a seed came with the old environment: one that nobody
// has asked pip for (PEP 376), and setuptools up to 3.11, where ensurepip has
// asked for it.
func (r renewal) cameAlong(d packages.Distribution) bool {
	_, err := os.Stat(filepath.Join(d.Note, "REQUESTED"))
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	version, err := python.ParseVersion(strings.TrimRight(strings.TrimPrefix(r.series(), "pypy"), "t"))
	return packages.Normalize(d.Name) == "setuptools" && err == nil && version.Less(python.Version{Major: 3, Minor: 12})
}

// place is the distribution as it is to be installed into the environment in
// dir: what is editable inside of the old environment is inside of the new one.
func (r renewal) place(d packages.Distribution, dir string) packages.Distribution {
	if below, ok := r.inside(d); ok {
		d.Editable = filepath.Join(dir, below)
	}
	return d
}

// inside returns where in the environment an editable distribution is, if it is.
func (r renewal) inside(d packages.Distribution) (below string, ok bool) {
	for _, root := range realAndGiven(r.old.Path) {
		if below, ok := strings.CutPrefix(d.Editable, root+"/"); ok {
			return below, true
		}
	}
	return "", false
}

func realAndGiven(path string) []string {
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		return []string{path, real}
	}
	return []string{path}
}

// printRenewal says what would be done.
func (a *app) printRenewal(r renewal) {
	had := r.old.PythonVersion()
	if had == "" {
		had = "unknown"
	}
	if err := r.old.Check(); err != nil {
		had += ", gone"
	}
	a.printf("%s: Python %s (%s) in place of %s, made with %s\n", printable(r.old.Name), r.interpreter.Name(), r.interpreter.BaseExecutable, had, r.builder.Name())
	lines, _ := r.requirements(r.old.Path)
	for _, seed := range r.keptSeeds() {
		lines = append(lines, seed.name+"=="+seed.version)
	}
	for _, line := range lines {
		a.printf("    %s\n", printable(line))
	}
	if err := r.check(); err != nil {
		a.warnf("%s", err)
	}
	a.noteGone(r)
	a.warnUncopied(r)
}

// warnUncopied names what cannot be carried over.
func (a *app) warnUncopied(r renewal) {
	for _, path := range r.persons.Uncopied {
		a.warnf("%s is not a file, and will not be in the new environment", filepath.Join(r.old.Path, path))
	}
}

// noteGone names what will not come from where it came from.
func (a *app) noteGone(r renewal) {
	for _, d := range r.distributions {
		if fromIndex(d) {
			a.notef("%s was installed from %s, which is gone: %s is looked for in the package index", d.Name, d.Source(), d.Pinned())
		}
	}
}
