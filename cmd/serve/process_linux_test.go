package serve

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
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
