package store

// This file has what den asks of Linux alone.

import (
	"fmt"
	"os"
	"strconv"
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
	fields, err := disk.ProcessStat(pid)
	if err != nil {
		return "", err
	}
	if len(fields) < 20 {
		return "", fmt.Errorf("reading /proc/%d/stat: it has %d fields", pid, len(fields))
	}
	if fields[0] == "Z" || fields[0] == "X" {
		return "", errEnded
	}
	return fields[19], nil
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

// birthTime is when the file at path was made, in nanoseconds since 1970; 0 when
// that cannot be told.
func birthTime(path string) int64 {
	var stat unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME, &stat)
	if err != nil || stat.Mask&unix.STATX_BTIME == 0 {
		return 0
	}
	return stat.Btime.Sec*1e9 + int64(stat.Btime.Nsec)
}

// isMountRoot reports whether the open directory is a mount's uppermost, and
// whether the kernel tells (Linux 5.8 and later do).
func isMountRoot(fd int) (is, known bool) {
	var stat unix.Statx_t
	err := disk.Retry(func() error { return unix.Statx(fd, "", unix.AT_EMPTY_PATH, 0, &stat) })
	known = err == nil && stat.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT != 0
	return stat.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0, known
}

// mountPoints returns the paths at which something is mounted: the fifth field
// of each line, in which blanks and backslashes are octal (proc_pid_mountinfo(5)).
func mountPoints() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.SplitN(line, " ", 6); len(fields) == 6 {
			paths = append(paths, unescapeOctal(fields[4]))
		}
	}
	return paths, nil
}

func unescapeOctal(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if c, err := strconv.ParseUint(after[:min(3, len(after))], 8, 8); err == nil && len(after) >= 3 {
			b.WriteByte(byte(c))
			after = after[3:]
		} else {
			b.WriteByte('\\')
		}
		text = after
	}
}

func renameNoReplace(from, to string) error {
	return unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
}

func renameExchange(one, other string) error {
	return unix.Renameat2(unix.AT_FDCWD, one, unix.AT_FDCWD, other, unix.RENAME_EXCHANGE)
}

// syncFileSystem writes all of the file system that f is on to the disk.
// Before Linux 5.8 it does not tell of errors in doing so.
func syncFileSystem(f *os.File) error {
	return unix.Syncfs(int(f.Fd()))
}
