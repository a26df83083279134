package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "den/cmd" // the program under test: a change to it must run these tests again
	"den/env/programtest"
)

// limit is how long a shell may take before it counts as hung and is killed.
// It is generous on purpose: no row is about time.
const limit = 60 * time.Second

// kit is what every row shares and none changes.
type kit struct {
	dir    string // everything below is in here
	bin    string // holds den, for PATH
	tools  string // holds python3, a real one, and python, which says "outside"
	cache  string // what den has kept about interpreters, in a person's cache directory
	python string // the real interpreter, outside any environment
	major  string // its version, as in "3.12"
	fork   *fork  // starts scripts of xonsh; nil where each starts it for itself
}

// shared is set once, before any row runs.
var shared kit

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run prepares the kit, runs the rows and takes the kit away again.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err == nil {
		defer os.RemoveAll(dir)
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err == nil {
		shared, err = prepare(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 1
	}
	status := m.Run()
	shared.fork.end()
	if err := checkNoneLeft(dir); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 1
	}
	return status
}

// prepare builds den into dir, beside the shells that are to be tried in place of
// those on PATH, and finds a Python to make environments with.
func prepare(dir string) (kit, error) {
	k := kit{dir: dir, bin: filepath.Join(dir, "bin"), tools: filepath.Join(dir, "tools"), cache: filepath.Join(dir, "cache")}
	for _, d := range []string{k.bin, k.tools, k.cache} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return kit{}, err
		}
	}

	build := exec.Command("go", "build", "-o", filepath.Join(k.bin, "den"), "den/cmd/den")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build has it: it starts sooner
	if out, err := build.CombinedOutput(); err != nil {
		return kit{}, fmt.Errorf("building den: %w\n%s", err, out)
	}

	if err := prepareNushell(filepath.Join(k.bin, "den")); err != nil {
		return kit{}, err
	}

	const ask = `import sys; print(getattr(sys, "_base_executable", sys.executable)); print("%d.%d" % sys.version_info[:2])`
	out, err := exec.Command("python3", "-c", ask).Output()
	if err != nil {
		return kit{}, fmt.Errorf("asking python3 where it is: %w", err)
	}
	k.python, k.major, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err := os.Symlink(k.python, filepath.Join(k.tools, "python3")); err != nil {
		return kit{}, err
	}
	for variable, name := range map[string]string{"DEN_TEST_BASH": "bash", "DEN_TEST_ZSH": "zsh"} {
		if program := os.Getenv(variable); program != "" {
			if err := os.Symlink(program, filepath.Join(k.bin, name)); err != nil {
				return kit{}, err
			}
		}
	}
	if err := os.Setenv("PATH", k.bin+":"+os.Getenv("PATH")); err != nil {
		return kit{}, err
	}
	for name, script := range tools {
		if err := programtest.Write(filepath.Join(k.tools, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			return kit{}, err
		}
	}
	if err := k.meetPython(); err != nil {
		return kit{}, err
	}
	k.fork, err = prepareFork(dir)
	return k, err
}

// tools are the scripts that rows find on PATH: a python that is no environment's, and
// package managers that know of no file, as the real ones take long to say so.
var tools = map[string]string{"python": "echo outside", "dpkg": "exit 1", "rpm": "exit 1", "apk": "exit 1", "pacman": "exit 1"}

// meetPython fills the cache: den makes an environment, and so has asked the
// interpreter what it is, and seen one made from it start. Rows begin with that, or
// each would ask for itself.
func (k kit) meetPython() error {
	home, err := os.MkdirTemp(k.dir, "maker")
	if err != nil {
		return err
	}
	den := exec.Command(filepath.Join(k.bin, "den"), "mk", "--without-pip", "web")
	den.Env = []string{"CI=true", "HOME=" + home, "XDG_CACHE_HOME=" + k.cache, "PATH=" + k.tools + ":/usr/bin:/bin"}
	if out, err := den.CombinedOutput(); err != nil {
		return fmt.Errorf("den mk: %w\n%s", err, out)
	}
	return nil
}
