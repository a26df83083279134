package layout

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env/programtest"
	"den/env/python"
	"den/env/python/child"
)

// expectRuns checks that a report script runs under that interpreter.
func expectRuns(t *testing.T, script, python string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), script, "x y")
	cmd.Env = append(environ(t), "LC_ALL=C.UTF-8")
	output, err := cmd.CombinedOutput()
	if want := python + "\x00" + script + "\x00x y\x00"; err != nil || string(output) != want {
		t.Errorf("%s: %v\n got %q\nwant %q", script, err, output, want)
	}
}

// says runs a program of an environment and returns the line it prints.
func says(t *testing.T, program string, args ...string) string {
	t.Helper()
	run := func() ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = append(environ(t), "PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_NO_INDEX=1")
		return cmd.CombinedOutput()
	}
	output, err := run()
	for errors.Is(err, syscall.ETXTBSY) {
		// What another test is about to start still holds the file open that
		// this one has just written: https://go.dev/issue/22315.
		output, err = run()
	}
	if err != nil {
		t.Errorf("%s %q: %v\n%s", program, args, err, output)
	}
	return strings.TrimSpace(string(output))
}

func newBuilder(t *testing.T, backend string, options Options) Builder {
	t.Helper()
	b, err := New(backend, options)
	if err != nil {
		t.Fatal(err)
	}
	if b.Name() != backend {
		t.Errorf("New(%q).Name() = %q", backend, b.Name())
	}
	return b
}

// TestVenvWithEveryInterpreter makes an environment with each one here, moves
// it to its place, and uses it.
func TestVenvWithEveryInterpreter(t *testing.T) {
	b := newBuilder(t, "venv", Options{Environ: environ(t)})
	for _, i := range interpreters(t) {
		t.Run(i.Name()+" "+i.Path, func(t *testing.T) {
			home := nasty(t, `it's "my" $HOME`)
			dir, final := home+"/.den/x/web", home+"/web"
			err := b.Build(t.Context(), dir, final, Spec{Interpreter: i, Prompt: "a prompt", SystemSitePackages: true})
			if i.Version.Less(python.Version{Major: 3, Minor: 8}) {
				expectTooOld(t, err, i, dir)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(dir, final); err != nil {
				t.Fatal(err)
			}
			expectSaysFinal(t, final, dir)
			if got := says(t, final+"/bin/python", "-c", "import sys; print(sys.prefix)"); got != final {
				t.Errorf("sys.prefix is %q, want %q", got, final)
			}
			config, err := os.ReadFile(final + "/pyvenv.cfg")
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"include-system-site-packages = true\n", "prompt = 'a prompt'\n"} {
				if !strings.Contains(string(config), want) {
					t.Errorf("pyvenv.cfg lacks %q:\n%s", want, config)
				}
			}
			if _, err := os.Stat(final + "/bin/pip"); err == nil {
				t.Error("pip was installed")
			}
		})
	}
}

func expectTooOld(t *testing.T, err error, i python.Interpreter, dir string) {
	t.Helper()
	var old *TooOldError
	if !errors.As(err, &old) || old.Interpreter.Version != i.Version || !strings.HasSuffix(err.Error(), "is Python "+i.Version.String()) {
		t.Errorf("Build: %v, want a TooOldError", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was made")
	}
}

// expectSaysFinal checks that an environment does not tell where it was made.
func expectSaysFinal(t *testing.T, final, dir string) {
	t.Helper()
	err := filepath.WalkDir(final, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasSuffix(path, ".pyc") {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), dir) {
			t.Errorf("%s tells of %s:\n%s", path, dir, content)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestVenvWithPip makes one with pip, from a plain directory to a nasty place,
// and has pip tell, check and remove what is there.
func TestVenvWithPip(t *testing.T) {
	i, err := finder(t).Find(t.Context(), ">=3.8")
	if err != nil {
		t.Fatal(err)
	}
	dir := nasty(t, "plain") + "/web"
	home := nasty(t, "it's $HOME `id` \\x \"and\" '''more'''")
	final := home + "/web"
	b := newBuilder(t, "venv", Options{Environ: environ(t)})
	if err := b.Build(t.Context(), dir, final, Spec{Interpreter: i, Pip: true}); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, final); err != nil {
		t.Fatal(err)
	}
	expectSaysFinal(t, final, dir)
	expectRecorded(t, final)
	if got := says(t, final+"/bin/python", "-c", "import sys; print(sys.prefix)"); got != final {
		t.Errorf("sys.prefix is %q", got)
	}
	if got := says(t, final+"/bin/pip", "--version"); !strings.Contains(got, " from "+final+"/") {
		t.Errorf("pip --version: %s", got)
	}
	says(t, final+"/bin/pip", "check")
	says(t, final+"/bin/pip", "uninstall", "--yes", "pip")
	if left, err := filepath.Glob(escapeGlob(final) + "/bin/pip*"); err != nil || len(left) > 0 {
		t.Errorf("pip left %q (%v)", left, err)
	}
}

func TestVenvLacksModules(t *testing.T) {
	whole := python.Interpreter{
		Path: "/usr/bin/python3.11", BaseExecutable: "/nonexistent/python3", Implementation: "cpython",
		Version: python.Version{Major: 3, Minor: 11, Micro: 2}, HasVenv: true, HasEnsurepip: true,
	}
	b := newBuilder(t, "venv", Options{})
	for _, row := range []struct {
		name   string
		change func(*python.Interpreter)
		pip    bool
		want   string
	}{
		{"no ensurepip", func(i *python.Interpreter) { i.HasEnsurepip = false }, true,
			"venv needs the module ensurepip of /usr/bin/python3.11, which is not installed"},
		{"no ensurepip, Debian", func(i *python.Interpreter) { i.HasEnsurepip, i.Debian = false, true }, true,
			"venv needs the module ensurepip of /usr/bin/python3.11, which is not installed (Debian package python3.11-venv)"},
		{"no venv, Debian", func(i *python.Interpreter) { i.HasVenv, i.Debian = false, true }, false,
			"venv needs the module venv of /usr/bin/python3.11, which is not installed (Debian package python3.11-venv)"},
		{"no ensurepip, PyPy, Debian", func(i *python.Interpreter) { i.HasEnsurepip, i.Debian, i.Implementation = false, true, "pypy" }, true,
			"venv needs the module ensurepip of /usr/bin/python3.11, which is not installed (Debian package pypy3-venv)"},
	} {
		i := whole
		row.change(&i)
		dir := nasty(t, "x") + "/web"
		err := b.Build(t.Context(), dir, dir, Spec{Interpreter: i, Pip: row.pip})
		var missing *MissingError
		if !errors.As(err, &missing) || err.Error() != row.want || missing.Hint == "" {
			t.Errorf("%s: %v, want %s", row.name, err, row.want)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was made", row.name)
		}
	}
}

// A bench is a directory with fake tools.
type bench struct {
	t       *testing.T
	root    string
	options Options
}

func newBench(t *testing.T) *bench {
	root := nasty(t, "bench")
	return &bench{t, root, Options{Environ: []string{"PATH=relative:" + root + "/bin:/usr/bin:/bin", "VIRTUAL_ENV=/other", "PYTHONHOME=/other", "UV_VENV_SEED=1", "PIP_INDEX_URL=kept"}}}
}

// tool writes a fake program that notes its arguments and environment, and
// then does what body says; $dir is its last argument.
func (b *bench) tool(path, body string) string {
	b.t.Helper()
	path = filepath.Join(b.root, path)
	script := `#!/bin/sh
printf '%s\n' "${0##*/}" "$@" >` + b.root + `/args
env >` + b.root + `/environ
for dir; do :; done
` + body
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := programtest.Write(path, []byte(script), 0o755); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// works is a body that makes an environment, with a Python that says that it is
// 3.8.0 and in there, and has its library in /usr.
const works = `mkdir -p "$dir/bin" &&
echo '#!/bin/sh
cd "${0%/*}/.."; echo; echo "den-probe: {\"version\": [3, 8, 0, \"final\", 0], \"prefix\": \"$PWD\", \"base_prefix\": \"/usr\", \"lacks\": []}"
' >"$dir/bin/python" && chmod +x "$dir/bin/python" &&
printf 'command = tool %s\n' "$dir" >"$dir/pyvenv.cfg"
`

// working is the interpreter that a body that works has built upon.
func working(program string) python.Interpreter {
	return python.Interpreter{Path: program, BaseExecutable: program, BasePrefix: "/usr", Version: python.Version{Major: 3, Minor: 8}, HasVenv: true, HasEnsurepip: true}
}

// built has a builder build, and returns how the tool was called.
func (b *bench) built(backend string, spec Spec) []string {
	b.t.Helper()
	dir, final := b.root+"/staging/web", b.root+"/home/web"
	if err := newBuilder(b.t, backend, b.options).Build(b.t.Context(), dir, final, spec); err != nil {
		b.t.Fatal(err)
	}
	expect(b.t, dir, final, []file{{"pyvenv.cfg", "command = tool DIR\n", 0o644}})
	environ, err := os.ReadFile(b.root + "/environ")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, gone := range []string{"VIRTUAL_ENV=", "PYTHONHOME="} {
		if strings.Contains(string(environ), gone) {
			b.t.Errorf("the tool was given %s", gone)
		}
	}
	if !strings.Contains(string(environ), "PIP_INDEX_URL=kept") {
		b.t.Error("the tool was not given the settings of pip")
	}
	args, err := os.ReadFile(b.root + "/args")
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(string(args), b.root, "ROOT")), "\n")
}

func TestToolsAreCalled(t *testing.T) {
	base := working("/usr/bin/python3.11")
	plain := Spec{Interpreter: base, Pip: true}
	all := Spec{Interpreter: base, SystemSitePackages: true, Prompt: "-a prompt"}
	for _, row := range []struct {
		backend string
		spec    Spec
		want    []string
	}{
		{"virtualenv", plain, []string{"virtualenv", "--python=/usr/bin/python3.11", "ROOT/staging/web"}},
		{"virtualenv", all, []string{"virtualenv", "--python=/usr/bin/python3.11", "--no-seed", "--system-site-packages", "--prompt=-a prompt", "ROOT/staging/web"}},
		{"uv", plain, []string{"uv", "venv", "--no-project", "--python=/usr/bin/python3.11", "--seed", "ROOT/staging/web"}},
		{"uv", all, []string{"uv", "venv", "--no-project", "--python=/usr/bin/python3.11", "--system-site-packages", "--prompt=-a prompt", "ROOT/staging/web"}},
	} {
		b := newBench(t)
		b.tool("bin/"+row.backend, works)
		if got := b.built(row.backend, row.spec); !slices.Equal(got, row.want) {
			t.Errorf("%s was called as\n%q, want\n%q", row.backend, got, row.want)
		}
		environ, err := os.ReadFile(b.root + "/environ")
		if err != nil {
			t.Fatal(err)
		}
		if row.backend == "uv" && strings.Contains(string(environ), "UV_VENV_SEED") {
			t.Error("uv was told to install pip by a variable")
		}

		// Another program in its place, by its path and by its name.
		b.options.Program = b.tool("elsewhere/mytool", works)
		if got := b.built(row.backend, row.spec); got[0] != "mytool" || !slices.Equal(got[1:], row.want[1:]) {
			t.Errorf("another %s was called as %q", row.backend, got)
		}
		b.tool("bin/named", works)
		b.options.Program = "named"
		if got := b.built(row.backend, row.spec); got[0] != "named" {
			t.Errorf("another %s was called as %q", row.backend, got)
		}
		b.options.Program = "unnamed"
		var missing *MissingError
		if _, err := New(row.backend, b.options); !errors.As(err, &missing) || !strings.Contains(err.Error(), "the program unnamed") {
			t.Errorf("New: %v", err)
		}
	}
}

func TestVenvIsCalled(t *testing.T) {
	b := newBench(t)
	i := working(b.tool("python3", works))
	for _, row := range []struct {
		spec Spec
		want []string
	}{
		{Spec{Interpreter: i, Pip: true}, []string{"python3", "-I", "-m", "venv", "ROOT/staging/web"}},
		{Spec{Interpreter: i, SystemSitePackages: true, Prompt: "x"}, []string{"python3", "-I", "-m", "venv", "--without-pip", "--system-site-packages", "--prompt=x", "ROOT/staging/web"}},
	} {
		if got := b.built("venv", row.spec); !slices.Equal(got, row.want) {
			t.Errorf("venv was called as\n%q, want\n%q", got, row.want)
		}
	}
	// A directory of another name does not give its name to the prompt.
	flags := Spec{}.flags("/staging/1234", "/home/web")
	if want := []string{"--prompt=web"}; !slices.Equal(flags, want) {
		t.Errorf("flags = %q, want %q", flags, want)
	}
}

func TestVirtualenvAsModule(t *testing.T) {
	b := newBench(t)
	b.options.Environ = []string{"PATH=/nonexistent:/usr/bin/nothing", "PIP_INDEX_URL=kept"}
	interpreter := b.tool("python3", "PATH=/usr/bin:/bin\n"+works)
	spec := Spec{Interpreter: working(interpreter), Pip: true}
	b.tool("python3", "PATH=/usr/bin:/bin\n"+works)
	script, err := os.ReadFile(interpreter)
	if err != nil {
		t.Fatal(err)
	}
	script = []byte(strings.Replace(string(script), "env >", "/usr/bin/env >", 1))
	if err := programtest.Write(interpreter, script, 0o755); err != nil {
		t.Fatal(err)
	}
	want := slices.Concat([]string{"python3"}, child.Module("virtualenv"), []string{"--python=ROOT/python3", "ROOT/staging/web"})
	if got := b.built("virtualenv", spec); !slices.Equal(got, want) {
		t.Errorf("called as %q, want %q", got, want)
	}

	b.tool("python3", "echo \"$0: No module named virtualenv\" >&2; exit 1\n")
	err = newBuilder(t, "virtualenv", b.options).Build(t.Context(), b.root+"/x", b.root+"/x", spec)
	var missing *MissingError
	if !errors.As(err, &missing) || missing.Hint == "" {
		t.Errorf("Build: %v, want a MissingError", err)
	}
}

func TestToolFails(t *testing.T) {
	b := newBench(t)
	dir := b.root + "/staging/web"
	spec := Spec{Interpreter: python.Interpreter{BaseExecutable: "/usr/bin/python3"}}

	path := b.tool("bin/uv", "echo 'disk is full' >&2; exit 7\n")
	err := newBuilder(t, "uv", b.options).Build(t.Context(), dir, dir, spec)
	var failed *FailedError
	if want := path + " failed: exit status 7\n    disk is full"; !errors.As(err, &failed) || err.Error() != want {
		t.Errorf("Build: %v, want %s", err, want)
	}
	b.tool("bin/uv", "echo done\n")
	err = newBuilder(t, "uv", b.options).Build(t.Context(), dir, dir, spec)
	if !errors.As(err, &failed) || !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "it left no environment") {
		t.Errorf("Build: %v", err)
	}
}

func TestBuildIsCancelled(t *testing.T) {
	b := newBench(t)
	b.tool("bin/uv", works+": >"+b.root+"/started\nsleep 1000 & sleep 1000\n")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for os.Remove(b.root+"/started") != nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	dir := b.root + "/staging/web"
	err := newBuilder(t, "uv", b.options).Build(ctx, dir, dir, Spec{})
	var failed *FailedError
	if !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Errorf("Build: %v", err)
	}
}

func TestBackends(t *testing.T) {
	if got := Backends(); !slices.Equal(got, []string{"native", "venv", "virtualenv", "uv"}) {
		t.Errorf("Backends = %q", got)
	}
	if _, err := New("conda", Options{}); err == nil || err.Error() != `there is no backend "conda": it is one of native, venv, virtualenv, uv` {
		t.Errorf("New: %v", err)
	}
	var missing *MissingError
	if _, err := New("uv", Options{Environ: []string{"PATH=/nonexistent"}}); !errors.As(err, &missing) || missing.Hint == "" {
		t.Errorf("New without uv: %v", err)
	}
}

// TestMaker: the native backend leaves to others what it does not make.
func TestMaker(t *testing.T) {
	native, err := New("native", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		version        python.Version
		implementation string
		copies         bool
		maker          string
	}{
		{python.Version{Major: 2, Minor: 7}, "cpython", false, "virtualenv"},
		{python.Version{Major: 3, Minor: 7}, "pypy", true, "virtualenv"},
		{python.Version{Major: 3, Minor: 8}, "cpython", true, "native"},
		{python.Version{Major: 3, Minor: 10}, "pypy", true, "venv"},
		{python.Version{Major: 3, Minor: 10}, "pypy", false, "native"},
	} {
		i := python.Interpreter{Version: row.version, Implementation: row.implementation}
		if maker := Maker(native, Spec{Interpreter: i, Copies: row.copies}); maker != row.maker {
			t.Errorf("%+v: made with %s", row, maker)
		}
	}
	if maker := Maker(venv{}, Spec{}); maker != "venv" {
		t.Errorf("venv: made with %s", maker)
	}
}
