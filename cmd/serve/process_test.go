package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// twoWorkers is a main process with two workers: the signal USR1 replaces the first one,
// and USR2 both.
const twoWorkers = `
import os, signal, subprocess, sys
def start(): return subprocess.Popen(['sleep', '600'])
workers = [start(), start()]
def replace(number):
    for i in range(number):
        workers[i].kill()
        workers[i].wait()
        workers[i] = start()
signal.signal(signal.SIGUSR1, lambda *_: replace(1))
signal.signal(signal.SIGUSR2, lambda *_: replace(2))
with open(sys.argv[1] + '.new', 'w') as file:
    file.write(str(os.getpid()))
os.rename(sys.argv[1] + '.new', sys.argv[1])
while True:
    signal.pause()
`

// mainProcess starts a main process for the site, in a group of its own that ends with the
// test.
func mainProcess(t *testing.T, s Site) *exec.Cmd {
	t.Helper()
	if err := os.MkdirAll(s.Run, 0o750); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("python3", "-c", twoWorkers, s.PidFile())
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
	})
	err := await(context.Background(), func() (bool, error) {
		_, runs := s.Running()
		return runs && len(childrenOf(c.Process.Pid)) == 2, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A server that is still busy with an earlier reload replaces some of its workers, and
// ignores who asks: it is asked again.
func TestReloadAsksAgain(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "web", "uwsgi")
	s.Workers = 2
	c := mainProcess(t, s)
	old, asked := childrenOf(c.Process.Pid), 0
	err := s.Reload(context.Background(), func() error {
		if asked++; asked == 1 {
			return c.Process.Signal(syscall.SIGUSR1)
		}
		return c.Process.Signal(syscall.SIGUSR2)
	})
	if err != nil || asked != 2 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	if now := childrenOf(c.Process.Pid); without(old, now) != 2 {
		t.Errorf("there were %v, and are %v", old, now)
	}
}

// A reload is over when the new workers have imported the application, where they tell.
func TestReloadAwaitsWorkers(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "web", "gunicorn")
	s.Workers = 2
	c := mainProcess(t, s)
	if err := os.WriteFile(s.ReadyFile(), []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]bool{"gunicorn": true, "granian": false} {
		other := s
		other.Server = server
		if _, counts := other.readyWorkers(Process{Started: time.Now()}); counts != want {
			t.Errorf("%s tells: %v", server, counts)
		}
	}
	if _, counts := s.readyWorkers(Process{Started: time.Now().Add(time.Hour)}); counts {
		t.Error("what an earlier server has told counts")
	}
	old := childrenOf(c.Process.Pid)
	told := make(chan struct{})
	go func() {
		_ = await(t.Context(), func() (bool, error) { return without(childrenOf(c.Process.Pid), old) == 2, nil })
		close(told)
		for _, id := range childrenOf(c.Process.Pid) {
			text, _ := os.ReadFile(s.ReadyFile())
			_ = os.WriteFile(s.ReadyFile(), fmt.Appendf(text, "%d\n", id), 0o600)
		}
	}()
	if err := s.Reload(t.Context(), func() error { return c.Process.Signal(syscall.SIGUSR2) }); err != nil {
		t.Fatal(err)
	}
	select {
	case <-told:
	default:
		t.Error("it does not wait for them")
	}
}

// A number in the file counts if its process is the user's, and was there when the file was
// written.
func TestRunning(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "web", "gunicorn")
	c := mainProcess(t, s)
	if p, runs := s.Running(); !runs || p.ID != c.Process.Pid || time.Since(p.Started) > time.Hour {
		t.Errorf("it is %+v, %v", p, runs)
	}
	// The file is empty while a worker writes it anew.
	number, err := os.ReadFile(s.PidFile())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.PidFile(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	written := make(chan error)
	go func() { written <- os.WriteFile(s.PidFile(), number, 0o600) }()
	_, runs := s.Running()
	if err := <-written; err != nil || !runs {
		t.Errorf("while it is written: %v, %v", runs, err)
	}
	early := time.Now().Add(-time.Hour)
	if err := os.Chtimes(s.PidFile(), early, early); err != nil {
		t.Fatal(err)
	}
	if p, runs := s.Running(); runs {
		t.Errorf("a process that has started since is %+v", p)
	}
	for _, text := range []string{"", "1", "0", "-1", "x", strconv.Itoa(1 << 30)} {
		if err := os.WriteFile(s.PidFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, runs := s.Running(); runs {
			t.Errorf("%q is %+v", text, p)
		}
	}
	if err := s.Reload(context.Background(), nil); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without a process: %v", err)
	}
}

func TestParseElapsed(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"00:07": 7 * time.Second, "12:34": 754 * time.Second, "01:00:00": time.Hour, "2-03:04:05": 51*time.Hour + 245*time.Second,
	} {
		if got, err := parseElapsed(text); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "7", "x-1:2", "1:2:3:4", "a:b"} {
		if _, err := parseElapsed(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
