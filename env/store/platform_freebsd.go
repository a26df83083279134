package store

// This file has what den asks of FreeBSD alone.

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// bootID is when the kernel was started. Setting the clock changes it; then those
// from before count as unknown.
func bootID() string {
	started, err := unix.SysctlTimeval("kern.boottime")
	if err != nil {
		return ""
	}
	return fmt.Sprint(started.Sec)
}

// processSpace names the jail, from which processes in others are not seen.
func processSpace() string {
	name, _ := os.Hostname()
	return name
}

// machineID is not known: bootID would tell too little beside it.
func machineID() string { return "" }

// The layout of struct kinfo_proc (sys/user.h), where a long has eight bytes.
const (
	processSize = 1088
	startedAt   = 336 // ki_start, a struct timeval
	stateAt     = 388 // ki_stat
	zombie      = 5   // SZOMB in sys/proc.h
)

// startOf tells when a process was started.
func startOf(pid int) (string, error) {
	info, err := unix.SysctlRaw("kern.proc.pid", pid)
	if err != nil {
		return "", err
	}
	if len(info) != processSize {
		return "", errors.ErrUnsupported
	}
	if info[stateAt] == zombie {
		return "", errEnded
	}
	return fmt.Sprintf("%x", info[startedAt:startedAt+16]), nil
}

// awaitEnd returns when the process has ended or the file is gone.
func awaitEnd(o owner, path string) error {
	queue, err := unix.Kqueue()
	if err != nil {
		return err
	}
	defer unix.Close(queue)
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	either := make([]unix.Kevent_t, 2)
	unix.SetKevent(&either[0], o.pid, unix.EVFILT_PROC, unix.EV_ADD)
	either[0].Fflags = unix.NOTE_EXIT
	unix.SetKevent(&either[1], int(file.Fd()), unix.EVFILT_VNODE, unix.EV_ADD)
	either[1].Fflags = unix.NOTE_DELETE | unix.NOTE_RENAME
	_, err = unix.Kevent(queue, either, nil, nil)
	if err == unix.ESRCH || o.gone() {
		return nil
	}
	if err != nil {
		return err
	}
	return disk.Retry(func() error {
		_, err := unix.Kevent(queue, nil, make([]unix.Kevent_t, 1), nil)
		return err
	})
}

// born is when the file at path was made, in nanoseconds since 1970; 0 when
// that cannot be told.
func birthTime(path string) int64 {
	var stat unix.Stat_t
	if err := unix.Lstat(path, &stat); err != nil {
		return 0
	}
	return stat.Btim.Nano()
}

func isMountRoot(int) (is, known bool) { return false, false }

// mountPoints returns the paths at which something is mounted.
func mountPoints() ([]string, error) {
	count, err := unix.Getfsstat(nil, unix.MNT_NOWAIT)
	if err != nil {
		return nil, err
	}
	mounts := make([]unix.Statfs_t, count)
	if count, err = unix.Getfsstat(mounts, unix.MNT_NOWAIT); err != nil {
		return nil, err
	}
	var paths []string
	for _, mount := range mounts[:count] {
		paths = append(paths, unix.ByteSliceToString(mount.Mntonname[:]))
	}
	return paths, nil
}

// renameNoReplace and renameExchange: FreeBSD has no such calls.
func renameNoReplace(_, _ string) error { return errors.ErrUnsupported }

func renameExchange(_, _ string) error { return errors.ErrUnsupported }

// syncFileSystem: FreeBSD has no such call.
func syncFileSystem(*os.File) error {
	return errors.ErrUnsupported
}
