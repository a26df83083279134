package env

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// bootID is a random number that the kernel makes when it starts.
func bootID() string { return firstLine("/proc/sys/kernel/random/boot_id") }

// processSpace names the namespace in which processes are counted, which each
// container has of its own.
func processSpace() string {
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return namespace
}

// machineID is the number that the system was given when it was installed
// (machine-id(5)), and the host's name: machines that were made from one image
// may have the same number.
func machineID() string {
	for _, path := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if id := firstLine(path); id != "" && id != "uninitialized" {
			name, _ := os.Hostname()
			return id + " " + name
		}
	}
	return ""
}

// startOf tells when a process was started, in clock ticks since the boot
// (proc_pid_stat(5), field 22).
func startOf(pid int) (string, error) {
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
	return fields[19], nil
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
