package python

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"den/env/programtest"
)

// A machine is a temporary root with fake interpreters in it: shell scripts
// that print an answer and keep a log of having been asked.
type machine struct {
	t    *testing.T
	root string
	find Finder
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &machine{t: t, root: root, find: Finder{
		Root:    root,
		Environ: []string{"HOME=" + root + "/home", "PATH=" + root + "/first:" + root + "/second:/usr/bin:/bin"},
	}}
}

// hidden takes the real machine's directories off PATH.
func (m *machine) hidden() *machine {
	m.set("PATH=" + m.root + "/first:relative:" + m.root + "/second")
	return m
}

func (m *machine) set(entry string) { m.find.Environ = append(m.find.Environ, entry) }

// script writes an executable at a path under the root.
func (m *machine) script(path, body string) string {
	m.t.Helper()
	path = filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	log := "echo " + quote(path) + " >>" + quote(m.root+"/asked") + "\n"
	if err := programtest.Write(path, []byte("#!/bin/sh\n"+log+body), 0o755); err != nil {
		m.t.Fatal(err)
	}
	return path
}

// python writes an interpreter; name is as Interpreter.Name gives it.
func (m *machine) python(path, name string) string {
	return m.answering(path, name, filepath.Join(m.root, path), "")
}

// answering writes a program that answers for the interpreter at executable,
// which is an environment's if base is not "".
func (m *machine) answering(path, name, executable, base string) string {
	m.t.Helper()
	i := interpreterNamed(m.t, name)
	level, serial := "final", "0"
	for _, kind := range suffixKinds {
		if digits, ok := strings.CutPrefix(i.Version.Suffix, kind.short); ok && kind.short != "" {
			level, serial = strings.Trim(kind.long, "."), digits
		}
	}
	prefix := filepath.Dir(filepath.Dir(executable))
	basePrefix := prefix
	if base != "" {
		basePrefix = filepath.Dir(filepath.Dir(base))
	} else {
		base = executable
	}
	answer := fmt.Sprintf(`{"version": [%d, %d, %d, "%s", %s], "implementation": "%s", "free_threaded": %v,`+
		` "executable": "%s", "base_executable": "%s", "prefix": "%s", "base_prefix": "%s", "stdlib": "%s/lib"}`,
		i.Version.Major, i.Version.Minor, i.Version.Micro, level, serial, i.Implementation, i.FreeThreaded,
		executable, base, prefix, basePrefix, basePrefix)
	return m.script(path, "printf '\\n%s\\n' '"+mark+answer+"'\n")
}

func quote(s string) string { return "'" + s + "'" }

// asked returns the programs that were run since it was last called, sorted.
func (m *machine) asked() []string {
	m.t.Helper()
	log, err := os.ReadFile(m.root + "/asked")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		m.t.Fatal(err)
	}
	_ = os.Remove(m.root + "/asked")
	lines := strings.Fields(string(log))
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], m.root+"/")
	}
	slices.Sort(lines)
	return lines
}

// finds checks which interpreter a request leads to.
func (m *machine) finds(request, wantPath, wantName string) Interpreter {
	m.t.Helper()
	got, err := m.find.Find(m.t.Context(), request)
	if err != nil {
		m.t.Errorf("Find(%q): %v, want %s", request, err, wantPath)
		return got
	}
	if got.Path != filepath.Join(m.root, wantPath) || got.Name() != wantName {
		m.t.Errorf("Find(%q) = %s at %s, want %s at %s", request, got.Name(), got.Path, wantName, wantPath)
	}
	return got
}

// misses checks that a request leads to a NotFoundError that names these.
func (m *machine) misses(request string, available ...string) {
	m.t.Helper()
	got, err := m.find.Find(m.t.Context(), request)
	var missing *NotFoundError
	if !errors.As(err, &missing) {
		m.t.Errorf("Find(%q) = %s, %v; want a NotFoundError", request, got.Path, err)
		return
	}
	if missing.Request != request || !slices.Equal(missing.Available, available) {
		m.t.Errorf("Find(%q): request %q, available %q; want %q", request, missing.Request, missing.Available, available)
	}
}

func TestFindVersion(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("first/python3", "3.9.2")
	m.python("second/python3.12", "3.12.1")
	m.python("home/.pyenv/versions/3.12.4/bin/python3.12", "3.12.4")
	m.python("home/.pyenv/versions/3.13.0t/bin/python3.13t", "3.13.0t")
	m.python("home/.pyenv/versions/3.14.0rc2/bin/python3.14", "3.14.0rc2")
	m.python("home/.pyenv/versions/pypy3.10-7.3.13/bin/pypy3.10", "pypy3.10.13")
	m.python("usr/local/bin/python3.9", "3.9.2")
	m.python("usr/bin/python2.7", "2.7.18")

	m.finds("3.12", "home/.pyenv/versions/3.12.4/bin/python3.12", "3.12.4")
	m.finds("3.12.1", "second/python3.12", "3.12.1")
	m.finds("3.9", "first/python3", "3.9.2")                             // PATH breaks the tie
	m.finds("3", "home/.pyenv/versions/3.12.4/bin/python3.12", "3.12.4") // neither 3.13t nor 3.14rc
	m.finds("3.13t", "home/.pyenv/versions/3.13.0t/bin/python3.13t", "3.13.0t")
	m.finds("3.14", "home/.pyenv/versions/3.14.0rc2/bin/python3.14", "3.14.0rc2")
	m.finds("3.10", "home/.pyenv/versions/pypy3.10-7.3.13/bin/pypy3.10", "pypy3.10.13")
	m.finds("pypy3.10", "home/.pyenv/versions/pypy3.10-7.3.13/bin/pypy3.10", "pypy3.10.13")
	m.finds(">=3.10,<3.12.4", "second/python3.12", "3.12.1")
	m.finds("2.7", "usr/bin/python2.7", "2.7.18")
	m.misses("3.13", "3.12.4", "3.12.1", "3.9.2", "2.7.18", "3.14.0rc2", "3.13.0t", "pypy3.10.13")
}

func TestFindRunsOnlyWhatMayMatch(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("first/python3.11", "3.11.2")
	m.python("first/pypy3.12", "pypy3.12.1")
	m.python("home/.pyenv/versions/3.12.1/bin/python3.12", "3.12.1")
	m.python("home/.pyenv/versions/3.10.4/bin/python", "3.10.4")
	m.python("usr/bin/python3", "3.12.3")
	m.python("second/python3.12t", "3.12.1t")
	m.python("opt/homebrew/Cellar/python", "3.10.9")
	if err := os.MkdirAll(m.root+"/opt/homebrew/opt/python@3.10/bin", 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"first/python3": "python3.11", "first/python": "python3.11",
		"opt/homebrew/opt/python@3.10/bin/python3": "../../../Cellar/python",
	} {
		if err := os.Symlink(target, filepath.Join(m.root, link)); err != nil {
			t.Fatal(err)
		}
	}
	m.finds("cpython3.12", "usr/bin/python3", "3.12.3")
	want := []string{"home/.pyenv/versions/3.12.1/bin/python3.12", "usr/bin/python3"}
	if got := m.asked(); !slices.Equal(got, want) {
		t.Errorf("ran %q, want %q", got, want)
	}
}

func TestFindCommand(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("first/python3.11", "3.11.2")
	m.python("second/python3.11", "3.11.9")
	m.python("second/jython", "2.7.4")
	m.python("home/.asdf/installs/python/3.10.4/bin/python3.10", "3.10.4")
	m.python("home/.asdf/installs/python/3.10.9/bin/python3.10", "3.10.9")
	m.python("usr/local/bin/mypython", "3.8.1")

	m.finds("python3.11", "first/python3.11", "3.11.2")
	m.finds("jython", "second/jython", "2.7.4")
	m.finds("python3.10", "home/.asdf/installs/python/3.10.9/bin/python3.10", "3.10.9")
	m.finds("mypython", "usr/local/bin/mypython", "3.8.1")
	m.misses("pypy3", "3.11.9", "3.11.2", "3.10.9", "3.10.4")
	m.misses("nopython", "3.11.9", "3.11.2", "3.10.9", "3.10.4")
}

func TestFindDefault(t *testing.T) {
	m := newMachine(t).hidden()
	m.misses("")
	m.python("opt/python3.9/bin/python3.9", "3.9.1")
	m.python("opt/python3.10/bin/python3.10", "3.10.1")
	m.finds("", "opt/python3.10/bin/python3.10", "3.10.1")
	m.python("second/python", "2.7.18")
	m.finds("", "opt/python3.10/bin/python3.10", "3.10.1")
	m.python("first/python", "3.7.1")
	m.finds("", "first/python", "3.7.1")
	m.python("second/python3", "3.8.1")
	m.finds("", "second/python3", "3.8.1")
}

func TestFindDefaultTakesPython2WhenNothingElseIsThere(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("second/python", "2.7.18")
	m.finds("", "second/python", "2.7.18")
}

func TestRelativeEntriesOfPathDoNotCount(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("relative/python3", "3.12.1")
	m.python("relative/mypython", "3.12.1")
	m.python("versions/3.12.1/bin/python3", "3.12.1")
	m.set("HOME=") // and nothing is under it
	t.Chdir(m.root)
	m.misses("")
	m.misses("python3")
	m.misses("mypython")
}

func TestFindPath(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("elsewhere/bin/python3", "3.11.2")
	m.python("home/mine/python", "3.12.1")
	m.finds(m.root+"/elsewhere/bin/python3", "elsewhere/bin/python3", "3.11.2")
	m.finds(m.root+"/elsewhere", "elsewhere/bin/python3", "3.11.2")
	m.finds("~/mine/python", "home/mine/python", "3.12.1")
	t.Chdir(m.root + "/home")
	m.finds("./mine/python", "home/mine/python", "3.12.1")
	m.finds("../elsewhere/bin/python3", "elsewhere/bin/python3", "3.11.2")
	m.misses("./nothing")
	m.misses("~")
	m.misses("./mine")
}

func TestFindBaseOfEnvironment(t *testing.T) {
	m := newMachine(t).hidden()
	base := m.python("usr/bin/python3.11", "3.11.2")
	inner := m.answering("envs/inner/bin/python", "3.11.2", m.root+"/envs/inner/bin/python", base)
	m.answering("first/python3", "3.11.2", m.root+"/first/python3", inner)
	for _, request := range []string{"", "3.11", "python3", m.root + "/envs/inner", m.root + "/envs/inner/bin/python"} {
		if got := m.finds(request, "usr/bin/python3.11", "3.11.2"); got.Source != "/usr" {
			t.Errorf("Find(%q): source %q", request, got.Source)
		}
	}
}

func TestFindInEnvironmentWithoutBase(t *testing.T) {
	m := newMachine(t).hidden()
	itself := m.root + "/envs/web/bin/python"
	m.answering("envs/web/bin/python", "3.11.2", itself, "/nowhere/bin/python")
	loop := m.root + "/envs/loop/bin/python"
	m.answering("envs/loop/bin/python", "3.11.2", loop, m.root+"/envs/pool/bin/python")
	m.answering("envs/pool/bin/python", "3.11.2", m.root+"/envs/pool/bin/python", loop)
	if err := os.Symlink("/nowhere/python3", m.root+"/envs/dangling"); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ path, want string }{
		{loop, "cannot find the interpreter"},
		{itself, "/nowhere/bin/python does not run: no such file"},
		{m.root + "/envs/dangling", "it links to /nowhere/python3, which is not there"},
	} {
		_, err := m.find.Find(t.Context(), row.path)
		var broken *ProbeError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("Find(%q): %v, want a ProbeError that says %q", row.path, err, row.want)
		}
	}
}

func TestFindPassesOverWhatDoesNotRun(t *testing.T) {
	m := newMachine(t).hidden()
	m.script("first/python3", "echo 'error while loading shared libraries' >&2; exit 127\n")
	m.script("first/python3.12", "exit 0\n")
	m.python("second/python3", "3.11.2")
	m.finds("", "second/python3", "3.11.2")
	m.finds("python3", "second/python3", "3.11.2")
	m.finds("3", "second/python3", "3.11.2")
	m.misses("3.12", "3.11.2")

	// What is there by that very name and is broken is what the person has to
	// hear of.
	_, err := m.find.Find(t.Context(), "python3.12")
	if want := m.root + "/first/python3.12 is not a Python interpreter"; err == nil || err.Error() != want {
		t.Errorf("Find: %v, want %s", err, want)
	}
	_, err = m.find.Find(t.Context(), m.root+"/first/python3")
	if want := m.root + "/first/python3 does not run: exit status 127: error while loading shared libraries"; err == nil || err.Error() != want {
		t.Errorf("Find: %v, want %s", err, want)
	}
}

func TestShims(t *testing.T) {
	m := newMachine(t).hidden()
	m.set("PATH=" + m.root + "/pyenv/shims:" + m.root + "/second")
	real310 := m.python("pyenv/versions/3.10.4/bin/python3.10", "3.10.4")
	m.python("pyenv/versions/3.11.7/bin/python3.11", "3.11.7")
	m.answering("pyenv/shims/python3", "3.10.4", real310, "")
	m.script("pyenv/shims/python3.11", "echo 'pyenv: python3.11: command not found' >&2\necho 'it exists in: 3.11.7' >&2\nexit 127\n")
	m.script("pyenv/shims/python3.12", "echo 'pyenv: python3.12: command not found' >&2\nexit 127\n")

	if got := m.finds("python3", "pyenv/shims/python3", "3.10.4"); got.Executable != real310 {
		t.Errorf("the shim stands for %s", got.Executable)
	}
	m.finds("python3.11", "pyenv/versions/3.11.7/bin/python3.11", "3.11.7")
	m.misses("python3.12", "3.11.7", "3.10.4")
	m.asked()
	if got := m.finds("3", "pyenv/versions/3.11.7/bin/python3.11", "3.11.7"); got.Source != "pyenv" {
		t.Errorf("source %q", got.Source)
	}
	if asked := m.asked(); slices.ContainsFunc(asked, func(path string) bool { return strings.Contains(path, "shims") }) {
		t.Errorf("a version was asked for, and shims were run: %q", asked)
	}
	_, err := m.find.Find(t.Context(), m.root+"/pyenv/shims/python3.11")
	if err == nil || !strings.HasSuffix(err.Error(), "pyenv: python3.11: command not found") {
		t.Errorf("Find of a shim by its path: %v", err)
	}
}

// TestShimsOfPyenvAreReadNotRun: which version a shim would start is told by
// pyenv's files and variables.
func TestShimsOfPyenvAreReadNotRun(t *testing.T) {
	m := newMachine(t).hidden()
	m.set("PATH=" + m.root + "/pyenv/shims:" + m.root + "/second")
	m.python("pyenv/versions/3.10.4/bin/python3", "3.10.4")
	m.python("pyenv/versions/3.11.7/bin/python3", "3.11.7")
	m.python("second/python3", "3.9.2")
	m.script("pyenv/shims/python3", "exit 1\n")
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(m.root, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(m.root)
	m.finds("python3", "second/python3", "3.9.2")

	write("pyenv/version", "nonsense/../.. 3.10.4\n")
	if got := m.finds("", "pyenv/versions/3.10.4/bin/python3", "3.10.4"); got.Source != "pyenv" {
		t.Errorf("source %q", got.Source)
	}
	write("project/.python-version", "# ours\n3.11.7 # newest\n3.10.4\n")
	write("project/sub/file", "")
	t.Chdir(m.root + "/project/sub")
	m.finds("", "pyenv/versions/3.11.7/bin/python3", "3.11.7")
	m.finds(m.root+"/pyenv/shims/python3", "pyenv/versions/3.11.7/bin/python3", "3.11.7")
	m.set("PYENV_VERSION=system:3.10.4")
	m.finds("", "second/python3", "3.9.2")
	m.set("PYENV_VERSION=3.10.4")
	m.finds("", "pyenv/versions/3.10.4/bin/python3", "3.10.4")
	if asked := m.asked(); slices.ContainsFunc(asked, func(path string) bool { return strings.Contains(path, "shims") }) {
		t.Errorf("shims were run: %q", asked)
	}

	// What pyenv would look for elsewhere, it is left to look for.
	m.set("PYENV_VERSION=3.10")
	m.finds("", "second/python3", "3.9.2")
	if asked := m.asked(); !slices.ContainsFunc(asked, func(path string) bool { return strings.Contains(path, "shims") }) {
		t.Errorf("the shim was not run: %q", asked)
	}
}

func TestAllPlaces(t *testing.T) {
	m := newMachine(t).hidden()
	m.set("PYENV_ROOT=" + m.root + "/pyenv")
	m.set("XDG_DATA_HOME=" + m.root + "/data")
	m.set("CONDA_EXE=" + m.root + "/srv/conda/bin/conda")
	want := map[string]string{}
	minor := 30
	place := func(source, bin string) {
		minor--
		path := fmt.Sprintf("%s/python3.%d", bin, minor)
		want[m.python(path, fmt.Sprintf("3.%d.1", minor))] = source
	}
	place("PATH", "first")
	place("pyenv", "pyenv/versions/web [1]/bin")
	place("asdf", "home/.asdf/installs/python/3.28.1/bin")
	place("mise", "data/mise/installs/python/x/bin")
	place("uv", "data/uv/python/cpython-x/bin")
	place("homebrew", "opt/homebrew/bin")
	place("homebrew", "opt/homebrew/opt/python@x/bin")
	place("homebrew", "usr/local/opt/python@x/bin")
	place("homebrew", "home/linuxbrew/.linuxbrew/bin")
	place("conda", "home/miniconda3/bin")
	place("conda", "home/anaconda3/envs/web/bin")
	place("conda", "srv/conda/envs/web/bin")
	place("python.org", "Library/Frameworks/Python.framework/Versions/x/bin")
	place("python.org", "Library/Frameworks/PythonT.framework/Versions/x/bin")
	place("/usr/local", "usr/local/bin")
	place("/opt", "opt/mine/bin")
	place("/usr", "usr/bin")

	all, err := m.find.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, i := range all {
		got[i.Path] = i.Source
	}
	for path, source := range want {
		if got[path] != source {
			t.Errorf("%s: source %q, want %q", path, got[path], source)
		}
	}
	if len(all) != len(want) {
		t.Errorf("found %d, want %d: %v", len(all), len(want), got)
	}
	if !slices.IsSortedFunc(all, preference) {
		t.Error("not in the order of preference")
	}
}

func TestPlacesThatVariablesMove(t *testing.T) {
	m := newMachine(t).hidden()
	for _, entry := range []struct{ variable, dir, bin string }{
		{"ASDF_DATA_DIR", "a", "a/installs/python/1/bin"},
		{"MISE_DATA_DIR", "m", "m/installs/python/1/bin"},
		{"UV_PYTHON_INSTALL_DIR", "u", "u/1/bin"},
	} {
		m.set(entry.variable + "=" + m.root + "/" + entry.dir)
		m.python(entry.bin+"/python3", "3.12.1")
	}
	all, err := m.find.All(t.Context())
	if err != nil || len(all) != 3 {
		t.Errorf("All = %v, %v; want three", all, err)
	}
}

func TestAllListsEachOnce(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("first/python3.12", "3.12.1")
	m.python("home/miniconda3/bin/python3.11", "3.11.1")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(m.root+"/usr/bin", 0o755))
	must(os.MkdirAll(m.root+"/second", 0o755))
	must(os.Symlink("python3.12", m.root+"/first/python3"))
	must(os.Link(m.root+"/first/python3.12", m.root+"/first/python3.12m"))
	must(os.Symlink(m.root+"/first/python3", m.root+"/usr/bin/python3"))
	web := "home/.pyenv/versions/web/bin/python"
	m.answering(web, "3.12.1", m.root+"/"+web, m.root+"/first/python3.12")
	m.script("second/python3.8", "exit 1\n")
	all, err := m.find.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, i := range all {
		paths = append(paths, strings.TrimPrefix(i.Path, m.root+"/"))
	}
	if want := []string{"first/python3.12m", "home/miniconda3/bin/python3.11"}; !slices.Equal(paths, want) {
		t.Errorf("All = %q, want %q", paths, want)
	}
}

func TestAppleStubIsNotRun(t *testing.T) {
	m := newMachine(t).hidden()
	m.find.goos = "darwin"
	m.python("usr/bin/python3", "3.9.6")
	m.misses("3")
	if asked := m.asked(); len(asked) != 0 {
		t.Errorf("ran %q", asked)
	}
	if err := os.MkdirAll(m.root+"/Library/Developer/CommandLineTools/usr/bin", 0o755); err != nil {
		t.Fatal(err)
	}
	m.finds("3", "usr/bin/python3", "3.9.6")
}

func TestHangingInterpreterIsGivenUp(t *testing.T) {
	m := newMachine(t)
	m.script("first/python3", "sleep 1000 & sleep 1000\n")
	m.python("second/python3", "3.11.2")
	m.find.Limit = 50 * time.Millisecond
	// The interpreter beside it may be slow to start: only the first must fail.
	_, err := m.find.Find(t.Context(), m.root+"/first/python3")
	var broken *ProbeError
	if !errors.As(err, &broken) || !strings.Contains(err.Error(), "no answer within 50ms") {
		t.Errorf("Find: %v", err)
	}
}
