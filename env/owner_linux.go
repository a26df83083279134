package env

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// processSpace is where the numbers of processes count: this machine, or this
// container on it.
func processSpace() string {
	name, _ := os.Hostname()
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return name + " " + namespace
}

// birthOf tells when a process was started: the boot, and the clock ticks since
// (proc_pid_stat(5), field 22).
func birthOf(pid int) (string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The name, in parentheses, may have anything in it.
	_, rest, _ := cutLast(string(stat), ")")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return "", fmt.Errorf("reading /proc/%d/stat: it has %d fields", pid, len(fields))
	}
	if fields[0] == "Z" || fields[0] == "X" {
		return "", errEnded
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(boot)) + " " + fields[19], err
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// awaitEnd returns when the process has ended or the file is gone.
func awaitEnd(o owner, path string) error {
	process, err := unix.PidfdOpen(o.pid, 0)
	if err == unix.ESRCH {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(process)
	changes, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(changes)
	_, err = unix.InotifyAddWatch(changes, path, unix.IN_DELETE_SELF|unix.IN_ATTRIB|unix.IN_MOVE_SELF)
	if err == unix.ENOENT {
		return nil
	}
	if err != nil {
		return err
	}
	if o.gone() { // while it was being opened
		return nil
	}
	either := []unix.PollFd{{Fd: int32(process), Events: unix.POLLIN}, {Fd: int32(changes), Events: unix.POLLIN}}
	return disk.Retry(func() error {
		_, err := unix.Poll(either, -1)
		return err
	})
}
