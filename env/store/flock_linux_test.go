package store

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// noFlockVariable, when it is set, has the test binary know no flock, as if all
// its files were on a file system without.
const noFlockVariable = "DEN_ENV_TEST_NO_FLOCK"

// forbidFlock makes flock(2) fail with the error.
func forbidFlock(with syscall.Errno) error { return forbid(unix.SYS_FLOCK, with) }

// forbid makes a system call fail with the error, in this process and all that it
// starts, by a filter (seccomp(2)).
func forbid(call uint32, with syscall.Errno) error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: call, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(with)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}

// TestWithoutFlock runs the tests that are about locks again, where there is no
// flock: one at a time, nothing swept from under the living, nothing left by the
// dead.
func TestWithoutFlock(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const tests = "TestLockIsOnes|TestLocksOfTwoNames|TestNoteOfTheDead|TestHasLocks|TestCreateAtOnce|TestCreateAfterKill|TestCreateWaits|TestRemoveAtOnce|TestRemoveWaits|TestStagesAmongSweepers|TestSweepLetsTheLivingBe|TestMoveKilled|TestChurn"
	for _, errno := range []syscall.Errno{unix.ENOLCK, unix.EOPNOTSUPP, unix.ENOSYS} {
		again := exec.CommandContext(t.Context(), executable, "-test.v", "-test.run=^("+tests+")$")
		again.Env = append(os.Environ(), fmt.Sprintf("%s=%d", noFlockVariable, errno))
		out, err := again.CombinedOutput()
		if err != nil {
			t.Errorf("%v: %v\n%s", errno, err, out)
		}
		for test := range strings.SplitSeq(tests, "|") {
			if !strings.Contains(string(out), "--- PASS: "+test+" ") {
				t.Errorf("%v: %s did not pass\n%s", errno, test, out)
			}
		}
	}
}

// TestNoteOfTheDead: a lock that is kept by a note is free when the process that
// it tells of is no more, and is not when nobody can tell.
func TestNoteOfTheDead(t *testing.T) {
	ended := exec.Command("sh", "-c", "exit")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	here := place{bootID(), processSpace(), machineID()}
	for _, row := range []struct {
		note string
		free bool
	}{
		{owner{ended.Process.Pid, "1", here}.String(), true},
		{owner{os.Getpid(), "another start", here}.String(), true},
		{owner{os.Getpid(), "1", place{"an earlier boot", here.space, here.machine}}.String(), true},
		{owner{ended.Process.Pid, "1", place{"another boot", here.space, "another machine"}}.String(), false},
		{"garbled", false},
	} {
		path := filepath.Join(t.TempDir(), "lock")
		symlink(t, row.note, linkPath(path))
		note, err := takeLink(path)
		if err != nil || (note != nil) != row.free {
			t.Errorf("%q: %v, %v", row.note, note, err)
		}
		if note == nil {
			continue
		}
		if second, err := takeLink(path); second != nil || err != nil {
			t.Errorf("held: %v, %v", second, err)
		}
		note.drop()
		if names := in(t, filepath.Dir(path)); names != nil {
			t.Errorf("left: %q", names)
		}
	}
}

// TestHasLocks: what doctor asks.
func TestHasLocks(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	want := os.Getenv(noFlockVariable) == ""
	if has, err := home.HasLocks(); err != nil || has != want {
		t.Errorf("%v, %v, want %v", has, err, want)
	}
	nothingLeft(t, home)
}
