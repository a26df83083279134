package store

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// noFsyncVariable, when it is set, has TestSyncFails try what fsync(2) fails with.
const noFsyncVariable = "DEN_ENV_TEST_NO_FSYNC"

// TestSyncFails: an environment of which the disk cannot be told is not there; a
// file system that has nothing to tell, as some on a network, is as good as another.
func TestSyncFails(t *testing.T) {
	if number, err := strconv.Atoi(os.Getenv(noFsyncVariable)); err == nil {
		createWithoutFsync(t, syscall.Errno(number))
		return
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, errno := range []syscall.Errno{unix.EIO, unix.EINVAL, unix.EOPNOTSUPP} {
		again := exec.CommandContext(t.Context(), executable, "-test.v", "-test.run=^TestSyncFails$")
		again.Env = append(os.Environ(), noFsyncVariable+"="+strconv.Itoa(int(errno)))
		if out, err := again.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestSyncFails ") {
			t.Errorf("%v: %v\n%s", errno, err, out)
		}
	}
}

func createWithoutFsync(t *testing.T, errno syscall.Errno) {
	home := newHome(t)
	if err := forbid(unix.SYS_FSYNC, errno); err != nil {
		t.Fatal(err)
	}
	err := home.Create(t.Context(), "web", func(_ context.Context, dir, _ string) error { return lay(dir) })
	if fails := errno == unix.EIO; (err != nil) != fails {
		t.Errorf("it fails: %v, %v", fails, err)
	}
	names, listErr := home.Names()
	if listErr != nil || (len(names) > 0) != (err == nil) {
		t.Errorf("there are %q, %v", names, listErr)
	}
}
