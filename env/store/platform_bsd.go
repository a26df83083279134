//go:build darwin || freebsd

package store

import (
	"os"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// This file has what macOS and FreeBSD have in common.

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

// birthTime is when the file at path was made, in nanoseconds since 1970; 0 when
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
