package disk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Exists reports whether there is something at path, be it a dangling link.
func Exists(path string) (bool, error) {
	return ExistsAt(unix.AT_FDCWD, path)
}

// ExistsAt is Exists for a path that starts at the open directory dir.
func ExistsAt(dir int, path string) (bool, error) {
	err := Retry(func() error { return lookAt(dir, path) })
	switch err {
	case nil:
		return true, nil
	case unix.ENOENT, unix.ENOTDIR, unix.ELOOP:
		return false, nil
	}
	return false, &fs.PathError{Op: "lstat", Path: path, Err: err}
}

// IsProgram reports whether there is a file at path that somebody may run.
func IsProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// IsShortage reports whether an error says that the system gives this process no more
// files, processes or memory.
func IsShortage(err error) bool {
	for _, short := range []error{unix.EMFILE, unix.ENFILE, unix.EAGAIN, unix.ENOMEM} {
		if errors.Is(err, short) {
			return true
		}
	}
	return false
}

// Cause returns err without the call and the path in it, for a message that has named
// both already.
func Cause(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	case *os.SyscallError:
		return e.Err
	}
	return err
}
