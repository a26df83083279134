package main

// The tests in this file and in index_linux_test.go, and no others, fetch from the package index.

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// den runs den in a home of the test's own.
func den(t *testing.T, home string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	link := filepath.Join(home, "den")
	if err := os.Symlink(program(t), link); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	c := exec.Command(link, args...)
	c.Args[0] = "den"
	return at(t, home, c)
}

// at runs a command in the home, with what it has to know to reach the index.
func at(t *testing.T, home string, c *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	c.Dir = home
	c.Env = []string{"HOME=" + home, "PATH=" + filepath.Dir(basePython(t)) + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "DEN_BYTECODE=never"}
	for _, entry := range os.Environ() {
		if strings.HasPrefix(entry, "PIP_") || strings.HasPrefix(entry, "UV_INDEX") || strings.HasPrefix(entry, "UV_DEFAULT_INDEX") || strings.HasPrefix(entry, "SSL_") || strings.Contains(strings.ToUpper(entry), "PROXY") {
			c.Env = append(c.Env, entry)
		}
	}
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// indexEnviron are the variables that say where packages come from.
func indexEnviron() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return !strings.HasPrefix(entry, "PIP_") && !strings.HasPrefix(entry, "SSL_") && !strings.Contains(strings.ToUpper(entry), "PROXY")
	})
}

// A package is installed with pip's own words on stdout; one that does not
// exist leaves the environment in place and says how to go on.
func TestInstall(t *testing.T) {
	home := t.TempDir()
	name := "it's $HOME; rm -rf"
	stdout, stderr, status := den(t, home, "mk", name, "-i", "six==1.16.0", "-i", "pyflakes==3.2.0")
	if status != 0 || !strings.Contains(stdout, "Successfully installed") {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, stderr, _ = den(t, home, "run", name, "python", "-c", "import six; print(six.__version__)"); stdout != "1.16.0\n" {
		t.Errorf("six says %q\n%s", stdout, stderr)
	}
	// Scripts run, in a directory that pip cannot write a right first line for.
	for _, program := range []string{"pyflakes", "pip"} {
		if stdout, stderr, status := den(t, home, "run", name, program, "--version"); status != 0 {
			t.Errorf("%s: status %d\n%s%s", program, status, stdout, stderr)
		}
	}

	stdout, stderr, status = den(t, home, "mk", "web", "-i", "den-no-such-package-9f3a")
	if status != 1 {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	for _, want := range []string{
		`den: error: "web" has been made, but installing packages failed`,
		"den: hint: to try again: den run web pip install den-no-such-package-9f3a\n",
		"den: hint: to take it away: den rm web\n",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
	if stdout, _, _ := den(t, home, "list"); stdout != name+"\nweb\n" {
		t.Errorf("there are %q", stdout)
	}
}

// An upgrade installs what was there, from the index too, in the same version,
// and the programs run from the place where the environment is.
func TestUpgradeFromIndex(t *testing.T) {
	home := t.TempDir()
	if stdout, stderr, status := den(t, home, "mk", "my web", "-i", "six==1.15.0", "-i", "pyflakes==3.1.0"); status != 0 {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	python := filepath.Join(home, ".virtualenvs", "my web", "bin", "python")
	if err := os.Remove(python); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/nowhere/python3", python); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, status := den(t, home, "upgrade", "my web"); status != 0 {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, stderr, _ := den(t, home, "run", "my web", "python", "-c", "import six; print(six.__version__)"); stdout != "1.15.0\n" {
		t.Errorf("six says %q\n%s", stdout, stderr)
	}
	if stdout, stderr, _ := den(t, home, "run", "my web", "pyflakes", "--version"); !strings.HasPrefix(stdout, "3.1.0 ") {
		t.Errorf("pyflakes says %q\n%s", stdout, stderr)
	}
}

// In a linked project, the real uv puts what it adds into the active environment, and
// nothing beside the project.
func TestUvAddsToTheEnvironment(t *testing.T) {
	home := t.TempDir()
	project := filepath.Join(home, "src", "web")
	if err := os.MkdirAll(project, 0o777); err != nil {
		t.Fatal(err)
	}
	const text = "[project]\nname = 'web'\nversion = '1'\nrequires-python = '>=3.6'\n"
	if err := os.WriteFile(filepath.Join(project, "pyproject.toml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"mk", "tools", "-i", "uv"}, {"mk", "web", "-a", project}} {
		if stdout, stderr, status := den(t, home, args...); status != 0 {
			t.Fatalf("status %d\n%s%s", status, stdout, stderr)
		}
	}
	script := `eval "$(./den init bash)"; PATH=~/.virtualenvs/tools/bin:$PATH; workon web && uv add six && uv run python -c 'import six, sys; print(sys.prefix)'`
	stdout, stderr, status := at(t, home, exec.Command("bash", "-c", script))
	if web := filepath.Join(home, ".virtualenvs", "web"); status != 0 || strings.TrimSpace(stdout) != web {
		t.Errorf("status %d, it runs in %q, want %q\n%s", status, stdout, web, stderr)
	}
	stdout, stderr, _ = den(t, project, "run", "--workon-home", filepath.Join(home, ".virtualenvs"), "web", filepath.Join(home, ".virtualenvs", "tools", "bin", "uv"), "run", "python", "-c", "import sys; print(sys.prefix)")
	if web := filepath.Join(home, ".virtualenvs", "web"); strings.TrimSpace(stdout) != web {
		t.Errorf("with den run, it runs in %q, want %q\n%s", stdout, web, stderr)
	}
	if _, err := os.Lstat(filepath.Join(project, ".venv")); err == nil {
		t.Error("uv has made an environment of its own")
	}
}

// A project with an extension module in C is built from its source, installed
// so that its files can go on being edited, and run by the program that it has.
func TestExtensionModule(t *testing.T) {
	home := t.TempDir()
	for name, content := range map[string]string{
		"pyproject.toml": "[build-system]\nrequires = ['setuptools>=61']\nbuild-backend = 'setuptools.build_meta'\n" +
			"[project]\nname = 'answer'\nversion = '1.0'\n[project.scripts]\nanswer = 'answer:main'\n",
		"setup.py": "from setuptools import Extension, setup\n" +
			"setup(py_modules=['answer'], ext_modules=[Extension('_answer', ['answer.c'])])\n",
		"answer.py": "import _answer\ndef main(): print(_answer.get())\n",
		"answer.c": `#define PY_SSIZE_T_CLEAN
#include <Python.h>
static PyObject *get(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"get", get, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_answer", NULL, -1, methods};
PyMODINIT_FUNC PyInit__answer(void) { return PyModule_Create(&module); }
`,
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if stdout, stderr, status := den(t, home, "mk", "web"); status != 0 {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, stderr, status := den(t, home, "run", "web", "pip", "install", "-e", "."); status != 0 {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, stderr, _ := den(t, home, "run", "web", "answer"); stdout != "42\n" {
		t.Errorf("it says %q\n%s", stdout, stderr)
	}
}

// A lock is what the specification says, by its own module; pip and uv find the
// archives, another tool installs it, and den installs the locks of others.
func TestLockAndSync(t *testing.T) {
	home := t.TempDir()
	succeed := func(args ...string) string {
		t.Helper()
		stdout, stderr, status := den(t, home, args...)
		if status != 0 {
			t.Fatalf("den %s: status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
		}
		return stdout
	}
	succeed("mk", "web", "-i", "six==1.16.0", "-i", "pyflakes==3.1.0")
	succeed("mk", "tools", "-i", "packaging>=26", "-i", "uv")
	if err := os.WriteFile(filepath.Join(home, "check.py"), []byte(lockChecker), 0o644); err != nil {
		t.Fatal(err)
	}
	uvIndex := "UV_NO_PROGRESS=1"
	if index := os.Getenv("PIP_INDEX_URL"); index != "" {
		uvIndex = "UV_DEFAULT_INDEX=" + index
	}
	// Below "den run tools", uv is on PATH.
	for _, row := range []struct{ file, setting, has string }{
		{"pylock.pip.toml", "PIP_FIND_LINKS=" + home, "pyflakes-3.1.0-py2.py3-none-any.whl"},
		{"pylock.uv.toml", uvIndex, "size = "},
	} {
		succeed("run", "tools", "env", "-u", "PIP_FIND_LINKS", "-u", "PIP_INDEX_URL", row.setting, "./den", "lock", "web", "-o", row.file)
		text, err := os.ReadFile(filepath.Join(home, row.file))
		if err != nil || !strings.Contains(string(text), row.has) {
			t.Errorf("%s lacks %q: %v\n%s", row.file, row.has, err, text)
		}
		if got := succeed("run", "tools", "python", "check.py", row.file); got != "pyflakes==3.1.0 six==1.16.0\n" {
			t.Errorf("the module reads %q from %s", got, row.file)
		}
		succeed("diff", "web", row.file)
	}

	// Another person, on another machine as it were, gets the same, and no path of the first.
	far := t.TempDir()
	for _, args := range [][]string{{"mk", "web"}, {"sync", "web", filepath.Join(home, "pylock.pip.toml")}, {"diff", "web", filepath.Join(home, "pylock.pip.toml")}} {
		if stdout, stderr, status := den(t, far, args...); status != 0 {
			t.Fatalf("den %q: status %d\n%s%s", args, status, stdout, stderr)
		}
	}
	if stdout, _, _ := den(t, far, "run", "web", "pyflakes", "--version"); !strings.HasPrefix(stdout, "3.1.0 ") {
		t.Errorf("pyflakes says %q", stdout)
	}
	if out, err := exec.Command("grep", "-rlF", home, filepath.Join(far, ".virtualenvs", "web")).Output(); err == nil {
		t.Errorf("these files name the home of the first: %s", out)
	}

	// uv installs what den has locked, and den what uv has.
	succeed("mk", "api", "-i", "six==1.15.0", "-i", "idna==3.4")
	succeed("run", "tools", "uv", "pip", "sync", "--python", filepath.Join(home, ".virtualenvs", "api"), "pylock.pip.toml")
	succeed("run", "tools", "sh", "-c", "echo idna==3.4 | uv pip compile -q --format pylock.toml -o pylock.toml -")
	succeed("mk", "site", "-i", "six==1.15.0")
	if got := succeed("sync", "site", "pylock.toml"); !strings.HasSuffix(got, "\n+ idna==3.4\n- six==1.15.0\n") {
		t.Errorf("it says %q", got)
	}
	succeed("diff", "site", "pylock.toml")
	if got := succeed("sync", "site", "pylock.uv.toml"); !strings.HasSuffix(got, "\n- idna==3.4\n+ pyflakes==3.1.0\n+ six==1.16.0\n") {
		t.Errorf("it says %q", got)
	}
	if got := succeed("run", "site", "pyflakes", "--version"); !strings.HasPrefix(got, "3.1.0 ") {
		t.Errorf("pyflakes says %q", got)
	}
}

// lockChecker reads a lock with the module of the people who wrote the specification.
const lockChecker = `import pathlib, sys
from packaging.pylock import Pylock, is_valid_pylock_path
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
path = pathlib.Path(sys.argv[1])
assert is_valid_pylock_path(path)
lock = Pylock.from_dict(tomllib.loads(path.read_text()))
lock.validate()
print(*sorted("%s==%s" % (p.name, p.version) for p in lock.packages))
`

// turns matches what shows that work goes on.
var turns = regexp.MustCompile(`[-/|\\] finding the archives of \d+ packages \[\d+s\]`)

// The page on deploying shows what a terminal shows.
func TestDeployingPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/deploying.md")
	if err != nil {
		t.Fatal(err)
	}
	p := newPerson(t)
	for _, entry := range indexEnviron() {
		name, value, _ := strings.Cut(entry, "=")
		p.environ[name] = value
	}
	const lock, sync = "den lock shop", "den sync shop pylock.shop.toml"
	make := "mkdir -p ~/src/shop; cd ~/src/shop; den mk --no-activate shop -i blinker==1.9.0 -i click==8.5.1 -i flask==3.0.0 -i itsdangerous==2.2.0" +
		" -i jinja2==3.1.6 -i markupsafe==3.0.4 -i werkzeug==3.1.9"
	for _, row := range []struct {
		before, typed string
		from          string // what the page shows begins with this
	}{
		{make, lock, ""},
		{"cd ~/src/shop; den rm shop; den mk --no-activate shop", sync, "Successfully installed"},
		{"cd ~/src/shop; den run shop pip install -q flask==3.1.3 six==1.17.0", "den diff shop pylock.shop.toml", ""},
		{"cd ~/src/shop", "den diff shop pylock.shop.toml --json", ""},
	} {
		shown, _ := p.bash(scenario{}, "{ "+row.before+"; } >~/setup.log 2>&1", row.typed)
		shown = turns.ReplaceAllString(shown, "")
		block := "$ " + row.typed + "\n"
		if _, rest, cut := strings.Cut(shown, row.from); row.from != "" && cut {
			shown, block = row.from+rest, block+"    …\n"
		}
		for line := range strings.Lines(shown) {
			block += "    " + line
		}
		if !strings.Contains(string(page), block) {
			t.Errorf("the page lacks this, which a terminal shows:\n%s", block)
		}
	}
}
