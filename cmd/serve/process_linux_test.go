package serve

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A server that was started with another Python than the environment has now is known.
func TestHasOtherPython(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "web", "gunicorn")
	c := mainProcess(t, s)
	started, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(c.Process.Pid), "exe"))
	if err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]bool{started: false, "/bin/sh": true} {
		if err := errors.Join(os.Remove(s.Python()), os.Symlink(program, s.Python())); err != nil {
			t.Fatal(err)
		}
		if got := s.HasOtherPython(); got != want {
			t.Errorf("with %s: %v", program, got)
		}
	}
}

// TestInterruptedStart: a server that does not listen yet goes with the den that started
// it; a signal from its terminal would not reach it.
func TestInterruptedStart(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "web", "gunicorn")
	if err := os.MkdirAll(s.Run, 0o700); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(s.Run, "started")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- s.Start(ctx, Launch{Command: []string{"/bin/sh", "-c", `echo $$ >"$1.new" && mv "$1.new" "$1" && exec sleep 1000`, "sh", note}, Dir: s.Run})
	}()
	pid := 0
	_ = await(t.Context(), func() (bool, error) {
		text, err := os.ReadFile(note)
		pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		return err == nil, nil
	})
	if session, err := unix.Getsid(pid); session != pid || pid == 0 || err != nil {
		t.Errorf("%d is in the session %d, %v", pid, session, err)
	}
	if info, err := os.Stat(s.LogFile()); err != nil || info.Mode().Perm()&0o007 != 0 {
		t.Errorf("the log: %v, %v", info, err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := await(t.Context(), func() (bool, error) { return !isAlive(pid), nil }); err != nil {
		t.Errorf("the server still runs: %v", err)
	}
}
