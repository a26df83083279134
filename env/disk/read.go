package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// smallSize bounds what ReadSmall reads. No settings, note, hook or start-up file
// that a person writes comes near it.
const smallSize = 16 << 20

// ErrNotRegular is in the error of Open and ReadSmall for what is no regular file.
var ErrNotRegular = errors.New("not a regular file")

// ErrTooLarge is in the error of ReadSmall for a file that goes on and on.
var ErrTooLarge = errors.New("too large")

// ReadSmall returns the content of the small file at path, or of the one that a
// link there leads to. It reads regular files only and never waits: a named pipe,
// a terminal or a device is an error, ErrNotRegular, and so is a file of more than
// 16 MiB, ErrTooLarge. Errors are *fs.PathError, as those of os.ReadFile.
func ReadSmall(path string) ([]byte, error) {
	fd, stat, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	// What is in /proc says that it is empty.
	content := make([]byte, min(max(stat.Size, 0), smallSize)+512)
	for n := 0; ; {
		more, err := ReadFull(fd, content[n:])
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: path, Err: err}
		}
		n += more
		if n > smallSize {
			return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w: it has more than %d MiB", ErrTooLarge, smallSize>>20)}
		}
		if n < len(content) {
			return content[:n], nil
		}
		content = append(content, make([]byte, len(content))...)
	}
}

// Open opens the regular file at path for reading, as ReadSmall does, and leaves it
// to the caller how much is read.
func Open(path string) (*os.File, error) {
	fd, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}

// openRegular opens a file without waiting for whoever may be at the other end of
// it, and closes it again unless it is a regular one.
func openRegular(path string) (fd int, stat unix.Stat_t, err error) {
	fd, err = OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err == unix.ENXIO { // a socket
		err = fmt.Errorf("%w: %w", ErrNotRegular, err)
	}
	if err != nil {
		return -1, stat, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	err = Retry(func() error { return unix.Fstat(fd, &stat) })
	if err == nil && stat.Mode&unix.S_IFMT != unix.S_IFREG {
		err = fmt.Errorf("it is %s, %w", kindOf(uint32(stat.Mode)), ErrNotRegular)
	}
	if err != nil {
		unix.Close(fd)
		return -1, stat, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return fd, stat, nil
}

// kindOf says, with its article, which kind of file has the mode.
func kindOf(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return "a directory"
	case unix.S_IFIFO:
		return "a named pipe"
	case unix.S_IFSOCK:
		return "a socket"
	}
	return "a device"
}
