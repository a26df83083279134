package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	version, commit = "1.2.3", "0123456789abcdef"
	// A den that starts one in the background starts this very program: were
	// that to run the tests, each of them would start more.
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		main()
	}
	testscript.Main(tests{m}, map[string]func(){"den": main})
}

// tests are the tests of this package, and clear up after themselves.
type tests struct{ *testing.M }

func (t tests) Run() int {
	status := t.M.Run()
	if dir := os.Getenv(builtVariable); dir != "" && built.ours {
		os.RemoveAll(dir)
	}
	return status
}

// builtVariable has the directory with the den that program has built, for the
// tests that run themselves again.
const builtVariable = "DEN_TEST_BUILT"

var built struct {
	sync.Once
	ours bool
	err  error
}

// program is den as people have it. Tests that start it by the hundred need it:
// this test binary, which can act as den too, takes ten times as long to start
// where it looks for races.
func program(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if os.Getenv(builtVariable) != "" {
			return
		}
		var dir string
		if dir, built.err = os.MkdirTemp("", "den"); built.err != nil {
			return
		}
		built.ours = true
		os.Setenv(builtVariable, dir)
		build := exec.Command("go", "build", "-ldflags", "-X main.version="+version+" -X main.commit="+commit, "-o", filepath.Join(dir, "den"), "den/cmd/den")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building den: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(os.Getenv(builtVariable), "den")
}

// TestSessions runs testdata/*.txtar: each reads as a session at a terminal, with
// den as people have it. Where DEN_TEST_RACES is set they run it with the race
// detector, which takes four times as long.
//
// Beside testscript's own commands they have
//
//	lay NAME...    lay out environments by hand, without pip, in WORKON_HOME
//	mode FILE PERM set permissions
//	hollow FILE    put a program that notes its start in $WORK/started, and
//	               fails, in the place of one, so that the file looks as before
//	inshell ARG... run den as the integration does; the plan goes to $WORK/plan
func TestSessions(t *testing.T) {
	python := basePython(t)
	path := []string{filepath.Dir(python)}
	if os.Getenv("DEN_TEST_RACES") == "" { // else den is this test binary
		path = append(path, filepath.Dir(program(t)))
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("WORKON_HOME", filepath.Join(home, "envs"))
			e.Setenv("PYTHON", python)
			e.Setenv("PATH", strings.Join(append(slices.Clone(path), e.Getenv("PATH")), ":"))
			e.Setenv("SHELL", "/bin/bash")
			e.Setenv("LC_ALL", "C.UTF-8")
			e.Setenv("DEN_BYTECODE", "never") // nothing is to go on in the background
			return os.MkdirAll(filepath.Join(home, "envs"), 0o777)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lay":     lay,
			"mode":    mode,
			"hollow":  hollow,
			"inshell": inShell,
		},
	})
}

// basePython is a real interpreter on PATH: a shim would look for its
// interpreters below the tests' own HOME.
func basePython(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import sys; print(getattr(sys, '_base_executable', sys.executable))").Output()
	if err != nil {
		t.Fatalf("the tests need a python3 on PATH: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// lay lays out whole environments, as quickly as can be.
func lay(ts *testscript.TestScript, neg bool, names []string) {
	if neg || len(names) == 0 {
		ts.Fatalf("usage: lay NAME...")
	}
	for _, name := range names {
		ts.Check(layOut(filepath.Join(ts.Getenv("WORKON_HOME"), name), ts.Getenv("PYTHON")))
	}
}

// layOut lays out a whole environment, without pip, at dir.
func layOut(dir, python string) error {
	config := fmt.Sprintf("home = %s\ninclude-system-site-packages = false\nversion = 3.11.2\n", filepath.Dir(python))
	return errors.Join(
		os.MkdirAll(filepath.Join(dir, "bin"), 0o777),
		os.MkdirAll(filepath.Join(dir, "lib", "python3.11", "site-packages"), 0o777),
		os.Symlink(python, filepath.Join(dir, "bin", "python")),
		os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte(config), 0o666),
	)
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	var perm os.FileMode
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode FILE PERM")
	}
	if _, err := fmt.Sscanf(args[1], "%o", &perm); err != nil {
		ts.Fatalf("mode: %v", err)
	}
	ts.Check(os.Chmod(ts.MkAbs(args[0]), perm))
}

func hollow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hollow FILE")
	}
	path := ts.MkAbs(args[0])
	info, err := os.Stat(path)
	ts.Check(err)
	content := fmt.Appendf(nil, "#!/bin/sh\necho started >>'%s'\nexit 1\n", ts.MkAbs("started"))
	content = append(content, make([]byte, int(info.Size())-len(content))...)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	ts.Check(err)
	_, err = file.Write(content)
	ts.Check(errors.Join(err, file.Close(), os.Chtimes(path, info.ModTime(), info.ModTime())))
}

// inShell runs den with a code channel, for bash.
func inShell(ts *testscript.TestScript, neg bool, args []string) {
	script := `exec 3>"$WORK/plan"; exec den --shell bash "$@"`
	err := ts.Exec("bash", append([]string{"-c", script, "bash"}, args...)...)
	if (err != nil) != neg {
		ts.Fatalf("den %s: %v", strings.Join(args, " "), err)
	}
}
