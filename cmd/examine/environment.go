package examine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/packages"
	"den/env/parallel"
	"den/env/python"
	"den/env/variables"
	"den/hooks"
	"den/lazy"
	"den/shell/added"
	"den/shell/shells"
)

// An Examination looks at environments.
type Examination struct {
	Finder      python.Finder // which starts their Pythons
	ProjectFile string        // the name of the file that notes a project
	starts      map[string]start
}

// A start is how an environment's Python has started.
type start struct {
	said python.Started
	err  error
}

// Start starts the Pythons of the environments, several at a time. The error is the cause
// of ctx.
func (x *Examination) Start(ctx context.Context, environments []env.Environment) error {
	starts := make([]start, len(environments))
	err := parallel.Each(ctx, 2*runtime.GOMAXPROCS(0), len(environments), func(ctx context.Context, numbers iter.Seq[int]) error {
		for i := range numbers {
			if environments[i].Check() == nil {
				starts[i].said, starts[i].err = x.Finder.Start(ctx, environments[i].Python())
			}
		}
		return nil
	})
	x.starts = make(map[string]start)
	for i, e := range environments {
		x.starts[e.Path] = starts[i]
	}
	return err
}

// Environment looks at one of those that have been started.
func (x *Examination) Environment(e env.Environment) (found []Finding) {
	report := ReportTo(&found, e.Name)
	upgrade := "den upgrade " + hint.Word(e.Name)
	broken := e.Check()
	if broken != nil {
		report(Problem, "python", upgrade, "its Python does not run: %s", env.CauseOf(broken))
	}
	site, err := e.SitePackages()
	if err != nil {
		report(Problem, "packages", upgrade, "it has no directory for packages: %s", err)
	}
	if broken == nil && err == nil {
		x.checkStart(e, site, report)
	}
	if err == nil {
		checkPip(e, site, broken == nil, report)
	}
	if strays := straysIn(e); len(strays) > 0 {
		report(Problem, "scripts", upgrade, "programs in it belong to another environment: %s", hint.Some(strays))
	}
	if other := otherHome(e); other != "" {
		report(Problem, "scripts", upgrade, "its bin/activate enters %s", other)
	}
	if path := writableByOthers(e, site); path != "" {
		report(Problem, "permissions", "chmod -R go-w "+hint.Path(e.Path), "others can write to %s", path)
	}
	checkAdded(e, report)
	checkVariables(e, report)
	project, err := e.Project(x.ProjectFile)
	checkHooks(hooks.Directories{Local: e.Bin(), Project: project}, report)
	if err != nil {
		report(Problem, "project", "", "%s", err)
	} else if project != "" && disk.IsGone(project) {
		report(Problem, "project", "rm "+hint.Path(filepath.Join(e.Path, x.ProjectFile)), "its project %s is not there", project)
	}
	return found
}

// checkStart compares the facts that the environment's Python reports when it starts with
// those in pyvenv.cfg.
func (x *Examination) checkStart(e env.Environment, site string, report Reporter) {
	upgrade := "den upgrade " + hint.Word(e.Name)
	said, err := x.starts[e.Path].said, x.starts[e.Path].err
	if disk.IsShortage(err) {
		report(Problem, "python", "", "this process may not start its Python: %s", firstOf(err.Error()))
		return
	}
	if err != nil {
		report(Problem, "python", upgrade, "its Python does not run: %s", firstOf(err.Error()))
		return
	}
	if !said.IsIn(e.Path) {
		report(Problem, "python", upgrade, "its Python says that it is in %s: pip would install there", said.Prefix)
		return
	}
	if home := e.BaseHome(); home != "" && !python.LeadsTo(home, said.BasePrefix) {
		report(Problem, "python", upgrade, "its Python was made with the one in %s, and uses the library in %s", home, said.BasePrefix)
		return
	}
	now := said.Version.String()
	library := strings.TrimRight(strings.TrimLeft(filepath.Base(filepath.Dir(site)), "abcdefghijklmnopqrstuvwxyz"), "t")
	switch had := e.PythonVersion(); {
	case !strings.HasPrefix(now+".", library+"."):
		report(Problem, "python", upgrade, "its Python is %s now, and its packages are for %s", now, library)
		return
	case had != "" && had != now && strings.Count(had, ".") > 1:
		report(Note, "python", upgrade, "its Python is %s now, and was %s when it was made", now, had)
	}
	for _, lack := range said.Lacks {
		report(Problem, "python", "den upgrade "+hint.Word(e.Name)+" -p PYTHON", "its Python lacks a part of its library: %s", lack)
	}
}

func firstOf(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	return line
}

// checkPip looks whether pip is whole. That there is none may be meant.
func checkPip(e env.Environment, site string, runs bool, report Reporter) {
	_, noPackage := os.Stat(filepath.Join(site, "pip", "__init__.py"))
	_, noProgram := os.Lstat(filepath.Join(e.Bin(), "pip"))
	installed, _ := packages.Read(site)
	own, noted := packages.Find(installed, "pip")
	noted = noted && own.Editable == ""
	switch {
	case noPackage == nil && noProgram == nil:
	case noPackage != nil && (noProgram == nil || noted):
		report(Problem, "pip", "den upgrade "+hint.Word(e.Name), "pip is missing from %s, but other files of pip are there", site)
	case noPackage != nil:
		mend := ""
		if runs && e.HasEnsurepip() {
			mend = "den run " + hint.Word(e.Name) + " python -m ensurepip"
		}
		report(Note, "pip", mend, "it has no pip")
	default:
		report(Problem, "pip", "den run "+hint.Word(e.Name)+" python -m pip install --force-reinstall pip", "its bin has no pip: the word pip means that of another Python")
	}
}

// checkHooks reports the hooks that are there and cannot be used.
func checkHooks(dirs hooks.Directories, report Reporter) {
	for _, event := range hooks.Events() {
		for _, f := range dirs.Files(event, shells.HookSuffixes()...) {
			if unused, ok := errors.AsType[*hooks.UnusedError](f.Unused); ok {
				report(Problem, "hooks", unused.Mend, "%s", unused)
			}
		}
	}
}

// headLength is as much of a script as its first lines take.
const headLength = 8 << 10

// straysIn returns the programs in bin that run under the Python of another
// environment, or under one that is not there.
func straysIn(e env.Environment) []string {
	entries, err := os.ReadDir(e.Bin())
	if err != nil {
		return nil
	}
	var strays []string
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		head, _ := disk.ReadHead(filepath.Join(e.Bin(), entry.Name()), headLength)
		python := layout.ScriptPython(head)
		dir := filepath.Dir(python)
		if python == "" || dir == e.Bin() || disk.IsSame(dir, e.Bin()) {
			continue
		}
		_, isEnvironment := os.Stat(filepath.Join(filepath.Dir(dir), "pyvenv.cfg"))
		if isEnvironment == nil || disk.IsGone(python) {
			strays = append(strays, fmt.Sprintf("%s (%s)", entry.Name(), python))
		}
	}
	return strays
}

// virtualEnvLine is how the activate scripts of venv, virtualenv, uv and den say
// where they belong, where the path needs no more than a pair of quotes.
var virtualEnvLine = lazy.Pattern(`(?m)^\s*(?:\\?export )?VIRTUAL_ENV=(?:'(/[^'\\]*)'|"(/[^"$\\]*)"|(/[^\s'"$\\]*))$`)

// otherHome returns the directory that bin/activate enters, if it is another.
func otherHome(e env.Environment) string {
	script, _ := disk.ReadSmall(activate.Script(e)) // den's own sets the variable far from its start
	match := virtualEnvLine().FindSubmatch(script)
	if match == nil {
		return ""
	}
	says := string(slices.Concat(match[1], match[2], match[3]))
	if disk.IsSame(says, e.Path) {
		return ""
	}
	return says
}

// writableByOthers returns the first of the environment's directories and
// programs that others can write to, and so have run with this person's rights.
func writableByOthers(e env.Environment, site string) string {
	paths := []string{e.Path, e.Bin(), filepath.Join(e.Path, "pyvenv.cfg")}
	if site != "" {
		paths = append(paths, site)
	}
	entries, _ := os.ReadDir(e.Bin())
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			paths = append(paths, filepath.Join(e.Bin(), entry.Name()))
		}
	}
	for _, path := range paths {
		if isOthers(path) {
			return path
		}
	}
	return ""
}

// isOthers reports whether others than the person and root can write to a file.
// A group with the person's own number is the private one that many systems
// give each person.
func isOthers(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	writable := fs.FileMode(0o002)
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Gid) != os.Getuid() && stat.Gid != 0 {
		writable |= 0o020
	}
	return info.Mode().Perm()&writable != 0
}

// checkAdded reports what a person has added to bin/activate by hand.
func checkAdded(e env.Environment, report Reporter) {
	if lines := added.Shown(activate.AddedTo(e).All()); len(lines) > 0 {
		report(Problem, "activate", activate.ImportLine(e), "its bin/activate has lines of yours, which workon does not source: %s", hint.Some(lines))
	}
}

// checkVariables reports what of the variables is not set, and who else can
// read them.
func checkVariables(e env.Environment, report Reporter) {
	path, edit := filepath.Join(e.Path, variables.FileName), "den vars edit "+hint.Word(e.Name)
	file, err := variables.Read(e.Path)
	if untrusted, ok := errors.AsType[*disk.UntrustedError](err); ok {
		report(Problem, "variables", untrusted.Mend, "its variables are not set: %s", err)
	} else if err != nil {
		report(Problem, "variables", "", "its variables are not set: %s", err)
	}
	for _, err := range file.Errors() {
		report(Problem, "variables", edit, "%s, %s", path, err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		report(Problem, "variables", "chmod 600 "+hint.Path(path), "other users can read its variables in %s", path)
	}
	if !activate.SetVariables(e) {
		report(Problem, "variables", edit, "its activate scripts do not set what is in %s", path)
	}
}
