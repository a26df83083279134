package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// smallSize bounds what ReadSmall reads. No settings, note, hook or start-up file
// that a person writes comes near it.
const smallSize = 16 << 20

// ErrNotRegular is in the error of Open and ReadSmall for what is no regular file.
var ErrNotRegular = errors.New("not a regular file")

// ReadSmall returns the content of the small file at path, or of the one that a
// link there leads to. It reads regular files only and never waits: a named pipe,
// a terminal or a device is an error, ErrNotRegular, and so is a file of more than
// 16 MiB, EFBIG. Errors are *fs.PathError, as os.ReadFile returns them.
func ReadSmall(path string) ([]byte, error) { return ReadSmallAt(unix.AT_FDCWD, path) }

// ReadSmallAt is ReadSmall for a path that starts at the open directory dir.
func ReadSmallAt(dir int, path string) ([]byte, error) {
	fd, stat, err := openRegular(dir, path)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	content, err := readSmall(fd, int(min(stat.Size, smallSize)))
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return content, nil
}

// readSmall reads an open file that is said to have size bytes. Of those in /proc
// the size is 0; where there is another, it saves the call that tells the end.
func readSmall(fd, size int) ([]byte, error) {
	content := make([]byte, 0, size+512)
	for {
		n, err := Read(fd, content[len(content):cap(content)])
		if err != nil {
			return nil, err
		}
		content = content[:len(content)+n]
		if len(content) > smallSize {
			return nil, unix.EFBIG
		}
		if n == 0 || len(content) == size {
			return content, nil
		}
		if len(content) == cap(content) {
			content = append(content, 0)[:len(content)]
		}
	}
}

// ReadHead returns as much of the beginning of a file as size says, or all of a shorter one.
func ReadHead(path string, size int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, size))
}

// Open opens the regular file at path for reading, as ReadSmall does, and leaves it
// to the caller how much is read.
func Open(path string) (*os.File, error) {
	fd, _, err := openRegular(unix.AT_FDCWD, path)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}

// OpenDir opens the directory at path, to list what is in it. It waits for nothing
// either: of what is no directory the error is ENOTDIR.
func OpenDir(path string) (*os.File, error) {
	fd, err := OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(fd), path), nil
}

// openRegular opens a file without waiting for whoever may be at the other end of
// it, and closes it again unless it is a regular one.
func openRegular(dir int, path string) (fd int, stat unix.Stat_t, err error) {
	fd, err = OpenAt(dir, path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err == unix.ENXIO { // Linux, of a socket
		err = notRegular(unix.S_IFSOCK)
	}
	if err != nil {
		return -1, stat, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	err = Retry(func() error { return unix.Fstat(fd, &stat) })
	if err == nil && stat.Mode&unix.S_IFMT != unix.S_IFREG {
		err = notRegular(uint32(stat.Mode))
	}
	if err != nil {
		unix.Close(fd)
		return -1, stat, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return fd, stat, nil
}

// A kindError says what stands in the place of a regular file.
type kindError struct{ error }

func (e kindError) Is(target error) bool { return target == ErrNotRegular }

func (e kindError) Unwrap() error { return e.error }

func notRegular(mode uint32) error {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return kindError{unix.EISDIR}
	case unix.S_IFIFO:
		return kindError{errors.New("is a named pipe")}
	case unix.S_IFSOCK:
		return kindError{errors.New("is a socket")}
	}
	return kindError{errors.New("is a device")}
}

// Changed returns when the file at path was changed last, or its mode, owner or name: no
// copy or archive that keeps the times of files brings back an earlier time.
func Changed(path string) (time.Time, error) {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return time.Time{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return time.Unix(stat.Ctim.Unix()), nil
}
