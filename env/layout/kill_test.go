package layout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"den/env"
	"den/env/python"
)

// A making is what the test binary does instead of running tests, when the
// variable holds one: it makes an environment, and has itself killed on the
// way or runs out of room.
type making struct {
	Home, Cache string
	Interpreter python.Interpreter
	Step        string         // at which it sends itself the signal; "" to print the steps
	Signal      syscall.Signal // 0 for none
	FileLimit   uint64         // bytes that a file may have; 0 for no limit
}

const makingVariable = "DEN_BUILD_TEST_MAKING"

func TestMain(m *testing.M) {
	text, ok := os.LookupEnv(makingVariable)
	if !ok {
		os.Exit(m.Run())
	}
	var making making
	err := json.Unmarshal([]byte(text), &making)
	if err == nil {
		err = making.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// setBoth sets the two limits, which have a sign on FreeBSD.
func setBoth[T int64 | uint64](one, other *T, value uint64) { *one, *other = T(value), T(value) }

// run makes the environment called web.
func (m making) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if m.FileLimit > 0 {
		signal.Ignore(syscall.SIGXFSZ)
		var limit syscall.Rlimit
		setBoth(&limit.Cur, &limit.Max, m.FileLimit)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
	}
	home, err := env.NewHome(m.Home)
	if err != nil {
		return err
	}
	b := native{Options{Environ: os.Environ(), CacheDir: m.Cache}, func(step string) error {
		if m.Step == "" {
			fmt.Println(step)
		}
		if m.Signal == 0 || step != m.Step {
			return nil
		}
		if err := syscall.Kill(os.Getpid(), m.Signal); err != nil {
			return err
		}
		// A signal that can be handled ends what comes next, not this.
		<-ctx.Done()
		return nil
	}}
	_, err = home.Create(ctx, "web", func(ctx context.Context, dir, final string) error {
		return b.Build(ctx, dir, final, Spec{Interpreter: m.Interpreter, Pip: true, Setuptools: Unwanted})
	})
	return err
}

// start runs the test binary to make an environment.
func (m making) start(t *testing.T) (output string, err error) {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(environ(t), makingVariable+"="+string(text))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestKilledAtEachStep: whatever ends den, and whenever, there is either the
// whole environment or none, the name is free, and the next den clears up.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	cold := making{Home: t.TempDir(), Cache: t.TempDir(), Interpreter: withSmallPip(t)}
	printed, err := cold.start(t)
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	steps := someSteps(strings.Split(strings.TrimSpace(printed), "\n"))
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT} {
		for i, step := range steps {
			if signal == syscall.SIGTERM && i%2 != 0 || signal == syscall.SIGINT && i%4 != 0 {
				continue // den is told of both alike, whatever the step
			}
			t.Run(fmt.Sprintf("%v at %s", signal, step), func(t *testing.T) {
				m := making{Home: t.TempDir(), Cache: cold.Cache, Interpreter: cold.Interpreter, Step: step, Signal: signal}
				if isCold(step) {
					m.Cache = t.TempDir()
				}
				output, err := m.start(t)
				var exit *exec.ExitError
				if !errors.As(err, &exit) {
					t.Fatalf("it was not killed: %v\n%s", err, output)
				}
				if status := exit.Sys().(syscall.WaitStatus); signal == syscall.SIGKILL && status.Signal() != signal {
					t.Fatalf("it ended as %v\n%s", exit, output)
				}
				if signal != syscall.SIGKILL && !strings.Contains(output, context.Canceled.Error()) && !strings.Contains(output, signal.String()) {
					t.Errorf("it says %q", output)
				}
				expectNothing(t, m.Home, signal != syscall.SIGKILL)
				if !isCold(step) && !strings.HasPrefix(step, "place") {
					return
				}
				m.Signal = 0
				if output, err := m.start(t); err != nil {
					t.Fatalf("the next one: %v\n%s", err, output)
				}
				expectWhole(t, m)
			})
		}
	}
}

func isCold(step string) bool {
	return slices.ContainsFunc([]string{"unpack", "compile", "pack", "keep"}, func(s string) bool { return strings.HasPrefix(step, s+" ") })
}

// someSteps are all steps but those of placing directories, of which a few
// stand for the others.
func someSteps(all []string) []string {
	var some []string
	placing := 0
	for _, step := range all {
		if strings.HasPrefix(step, "place ") {
			if placing++; placing%5 != 1 {
				continue
			}
		}
		some = append(some, step)
	}
	return some
}

// expectNothing checks that nothing is called web; where den could clear up,
// that nothing else was left, and else that sweeping does.
func expectNothing(t *testing.T, dir string, cleared bool) {
	t.Helper()
	home, err := env.NewHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	if names, err := home.Names(); err != nil || len(names) > 0 {
		t.Errorf("there are %q, %v", names, err)
	}
	if _, err := os.Lstat(home.Path("web")); err == nil {
		t.Error("the name is taken")
	}
	if needs := home.NeedsSweep(); needs == cleared {
		t.Errorf("there is something to sweep: %v", needs)
	}
	if err := home.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(dir + "/.den/*/*")
	if err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

func expectWhole(t *testing.T, m making) {
	t.Helper()
	web := m.Home + "/web"
	expectRecorded(t, web)
	says(t, web+"/bin/pip", "check")
	if left, err := filepath.Glob(web + "/.seeds*"); err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

// TestDiskFull: with little room, there is no environment, and the error says
// why.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	i := withSmallPip(t)
	warm := making{Home: t.TempDir(), Cache: t.TempDir(), Interpreter: i}
	if output, err := warm.start(t); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, row := range []struct {
		name, cache string
	}{{"warm", warm.Cache}, {"cold", t.TempDir()}, {"no cache", ""}} {
		for _, limit := range []int{64, 400} {
			t.Run(fmt.Sprintf("%s, %d KiB", row.name, limit), func(t *testing.T) {
				m := making{Home: t.TempDir(), Cache: row.cache, Interpreter: i}
				want := syscall.ENOSPC
				if unmount, err := mountSmall(m.Home, limit); err == nil {
					defer unmount()
				} else { // not root, or in a container: then files may not grow
					want, m.FileLimit = syscall.EFBIG, uint64(limit)*16
				}
				output, err := m.start(t)
				if err == nil || !strings.Contains(output, want.Error()) && !strings.Contains(output, fmt.Sprintf("Errno %d", want)) {
					t.Errorf("Create: %v\n%s", err, output)
				}
				expectNothing(t, m.Home, true)
			})
		}
	}
	// A full disk under the cache alone is no reason to fail.
	m := making{Home: t.TempDir(), Cache: t.TempDir(), Interpreter: i}
	if unmount, err := mountSmall(m.Cache, 64); err == nil {
		defer unmount()
		if output, err := m.start(t); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		expectWhole(t, m)
	}
}
