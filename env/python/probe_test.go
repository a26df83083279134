package python

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"den/env/programtest"
)

// realFinder finds the interpreters of this machine, with a home that is empty.
func realFinder(t *testing.T) Finder {
	t.Helper()
	return Finder{Environ: append(os.Environ(), "HOME="+t.TempDir(), "PYENV_ROOT=", "XDG_DATA_HOME=")}
}

// TestRealInterpreters compares what every interpreter here answers with what
// it says when asked by other means.
func TestRealInterpreters(t *testing.T) {
	all, err := realFinder(t).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no interpreter was found: the tests need one on PATH")
	}
	const script = `import sys, os, platform, struct
print(os.path.realpath(sys.prefix))
print(platform.python_implementation().lower())
print("%d.%d.%d" % sys.version_info[:3])
print(struct.calcsize("P") * 8)
`
	for _, i := range all {
		t.Run(i.Name()+" "+i.Path, func(t *testing.T) {
			output, err := exec.CommandContext(t.Context(), i.BaseExecutable, "-c", script).Output()
			if err != nil {
				t.Fatal(err)
			}
			prefix, err := filepath.EvalSymlinks(i.Prefix)
			if err != nil {
				t.Fatal(err)
			}
			release := i.Version
			release.Suffix = ""
			bits := map[int]string{32: "32", 64: "64"}[i.PointerBits]
			got := strings.Join([]string{prefix, i.Implementation, release.String(), bits, ""}, "\n")
			if got != string(output) {
				t.Errorf("the probe tells\n%s\nthe interpreter itself\n%s", got, output)
			}
			if i.BasePrefix != i.Prefix || i.Source == "" {
				t.Errorf("base prefix %q, source %q", i.BasePrefix, i.Source)
			}
			if _, err := os.Stat(filepath.Join(i.Stdlib, "os.py")); err != nil {
				t.Errorf("standard library: %v", err)
			}
			if purelib := i.Scheme["purelib"]; !strings.HasSuffix(purelib, "/site-packages") || filepath.IsAbs(purelib) {
				t.Errorf("purelib %q", purelib)
			}
			if i.Scheme["scripts"] != "bin" || i.Scheme["data"] != "." {
				t.Errorf("scripts %q, data %q", i.Scheme["scripts"], i.Scheme["data"])
			}
			if len(i.WheelDirs) == 0 || i.HasVenv && i.Version.Major < 3 {
				t.Errorf("wheels in %q, venv %v", i.WheelDirs, i.HasVenv)
			}
		})
	}
}

// aPython returns an interpreter that can make environments.
func aPython(t *testing.T) Interpreter {
	t.Helper()
	found, err := realFinder(t).Find(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !found.HasVenv {
		t.Fatalf("%s has no venv module", found.Path)
	}
	return found
}

func TestRealEnvironmentStandsForItsBase(t *testing.T) {
	base := aPython(t)
	outer, inner := t.TempDir()+"/outer", t.TempDir()+"/inner"
	for _, args := range [][]string{
		{base.BaseExecutable, "-m", "venv", "--without-pip", outer},
		{outer + "/bin/python", "-m", "venv", "--without-pip", inner},
	} {
		if output, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, output)
		}
	}
	for _, request := range []string{outer, inner, inner + "/bin/python3"} {
		got, err := realFinder(t).Find(t.Context(), request)
		if err != nil || got.Prefix != base.Prefix || got.Version != base.Version || strings.HasPrefix(got.Path, outer) {
			t.Errorf("Find(%s) = %s %s, %v; want that of %s", request, got.Path, got.Prefix, err, base.Prefix)
		}
	}
	f := realFinder(t)
	f.Environ = append(f.Environ, "PATH="+inner+"/bin:"+outer+"/bin")
	got, err := f.Find(t.Context(), "")
	if err != nil || got.Prefix != base.Prefix {
		t.Errorf("with the environment on PATH: %s, %v", got.Path, err)
	}
}

// TestProbeInHostileSurroundings runs a real interpreter where modules lie in
// wait and variables point elsewhere.
func TestProbeInHostileSurroundings(t *testing.T) {
	base := aPython(t)
	dir := t.TempDir()
	for _, module := range []string{"json", "os", "sysconfig", "site", "imp"} {
		if err := os.WriteFile(dir+"/"+module+".py", []byte("raise SystemExit('hijacked')\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	f := realFinder(t)
	f.Environ = append(f.Environ, "PYTHONHOME="+dir, "PYTHONPATH="+dir, "__PYVENV_LAUNCHER__="+dir+"/python",
		"PYTHONSTARTUP="+dir+"/os.py", "PYTHONVERBOSE=1", "LC_ALL=C")
	all, err := f.All(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("All = %v, %v", all, err)
	}
	found, err := f.Find(t.Context(), base.BaseExecutable)
	if err != nil || found.Prefix != base.Prefix {
		t.Errorf("Find = %s, %v; want %s", found.Prefix, err, base.Prefix)
	}
}

func TestProbeKeepsTheBytesOfPaths(t *testing.T) {
	base := aPython(t)
	dir := t.TempDir() + "/caf\xe9 ❄ \"quoted\""
	// The file systems of macOS refuse names that are not UTF-8.
	if err := os.Mkdir(dir, 0o755); err != nil {
		dir = strings.ReplaceAll(dir, "\xe9", "é")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	link := dir + "/python3"
	if err := os.Symlink(base.BaseExecutable, link); err != nil {
		t.Fatal(err)
	}
	f := realFinder(t)
	f.CacheDir = t.TempDir()
	for range 2 { // asked, then remembered
		found, err := f.Find(t.Context(), link)
		if err != nil || found.Path != link || found.Executable != link {
			t.Errorf("Find(%q) = executable %q, %v", link, found.Executable, err)
		}
	}
	if _, ok := f.remembered(link); !ok {
		t.Error("the answer was not kept")
	}
}

func TestProbeOfOtherPrograms(t *testing.T) {
	m := newMachine(t)
	noise := m.script("noisy", "yes | head -c 300000; echo >&2; printf '\\nden-probe: not JSON\\n'\n")
	garbage := filepath.Join(m.root, "python3")
	if err := programtest.Write(garbage, []byte("\x7fELF no program"), 0o755); err != nil {
		t.Fatal(err)
	}
	forbidden := filepath.Join(m.root, "python3.9")
	if err := os.WriteFile(forbidden, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ path, want string }{
		{"/bin/ls", "/bin/ls is not a Python interpreter"},
		{m.script("silent", "exit 0\n"), m.root + "/silent is not a Python interpreter"},
		{noise, noise + " is not a Python interpreter"},
		{m.script("pypy3", "echo Fatal >&2; kill -ABRT $$\n"), m.root + "/pypy3 does not run: signal: aborted"},
		{garbage, garbage + " does not run: exec format error"},
		{forbidden, forbidden + " does not run: permission denied"},
	} {
		_, err := m.find.Find(t.Context(), row.path)
		var broken *ProbeError
		if !errors.As(err, &broken) || broken.Path != row.path || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("Find(%q): %v, want %s", row.path, err, row.want)
		}
	}
}

func TestFindIsCancelled(t *testing.T) {
	m := newMachine(t).hidden()
	m.set("PATH=" + m.root + "/first:/usr/bin:/bin") // for sleep
	started := m.root + "/started"
	m.script("first/python3", ": >"+quote(started)+"; sleep 1000 & sleep 1000\n")
	for _, request := range []string{"", "3", "python3", m.root + "/first/python3"} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for os.Remove(started) != nil {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		_, err := m.find.Find(ctx, request)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Find(%q): %v", request, err)
		}
		cancel()
	}
}

func TestInterpreterAsJSON(t *testing.T) {
	text, err := json.Marshal(Interpreter{Path: "/usr/bin/python3", Version: Version{Major: 3, Minor: 12}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"path":"/usr/bin/python3"`, `"version":"3.12.0"`, `"free_threaded":false`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}
