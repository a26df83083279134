// Package disk writes files so that nobody ever sees half of one, and has the system
// calls to read and write many small files.
package disk

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// NewPrefix begins the names of files that are being written, and stay behind
// when their writer is killed.
const NewPrefix = ".new-"

// Replace puts a file with this content in the place of what is at path, which
// may be nothing: whoever opens path gets the old content or the new, whole. It
// has the permissions perm, without the bits of the umask, and, where root writes it, the
// owner of its directory. Before it gets its name,
// Replace calls each finish, to write more or to change other attributes of the
// file. On an error, path is as it was. A symbolic link at path is
// replaced, not followed; a device is not.
func Replace(path string, content []byte, perm fs.FileMode, finish ...func(*os.File) error) error {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeDevice != 0 {
		return &fs.PathError{Op: "replace", Path: path, Err: notRegular(unix.S_IFCHR)}
	}
	return writer{openUnnamed, os.OpenFile, os.Stat, os.Rename, os.Remove}.publish(path, content, perm, finish)
}

// ReplaceIn is Replace for a path below an open directory, which no symbolic link
// in the path leads out of.
func ReplaceIn(root *os.Root, path string, content []byte, perm fs.FileMode, finish ...func(*os.File) error) error {
	rename := func(from, to string) error { return renameIn(root, from, to) }
	return writer{nil, root.OpenFile, root.Stat, rename, root.Remove}.publish(path, content, perm, finish)
}

// renameIn is root.Rename, tried again when a signal interrupts it. os.Rename does
// so by itself.
func renameIn(root *os.Root, from, to string) error {
	return Retry(func() error { return root.Rename(from, to) })
}

// Create is Replace for a file that is not there yet: where something is at path,
// that stays, and the error is fs.ErrExist.
func Create(path string, content []byte, perm fs.FileMode, finish ...func(*os.File) error) error {
	return writer{openUnnamed, os.OpenFile, os.Stat, moveNew, os.Remove}.publish(path, content, perm, finish)
}

// moveNew moves a file to where nothing is.
func moveNew(fresh, path string) error {
	err := os.Link(fresh, path)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		// A file system without links: between the look and the rename
		// somebody may be quicker.
		if _, err := os.Lstat(path); err == nil {
			return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
		}
		return os.Rename(fresh, path)
	}
	if err == nil {
		err = os.Remove(fresh)
	}
	return err
}

// A writer is how a file is written aside and moved to its path.
type writer struct {
	// unnamed makes a file in dir without a name; nil where that cannot be done.
	unnamed func(dir string, perm fs.FileMode) *os.File
	open    func(path string, flag int, perm fs.FileMode) (*os.File, error)
	stat    func(path string) (fs.FileInfo, error)
	move    func(fresh, path string) error
	remove  func(path string) error
}

func (w writer) publish(path string, content []byte, perm fs.FileMode, finish []func(*os.File) error) error {
	dir := filepath.Dir(path)
	file, fresh, err := w.create(dir, perm)
	if err != nil {
		return err
	}
	err = handOver(file, func() (fs.FileInfo, error) { return w.stat(dir) })
	if err == nil {
		_, err = file.Write(content)
	}
	for _, step := range finish {
		if err == nil {
			err = step(file)
		}
	}
	if err == nil && fresh == "" {
		fresh, err = nameNew(file, dir)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = w.move(fresh, path)
	}
	if err != nil && fresh != "" {
		w.remove(fresh)
	}
	return err
}

// create is os.CreateTemp for a file that others may get to read. Its path is "" where it
// has no name yet.
func (w writer) create(dir string, perm fs.FileMode) (file *os.File, path string, err error) {
	if w.unnamed != nil {
		if file = w.unnamed(dir, perm); file != nil {
			return file, "", nil
		}
	}
	for {
		path = newName(dir)
		file, err = w.open(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return file, path, err
		}
	}
}

// nameNew gives a file without a name a new one in dir.
func nameNew(file *os.File, dir string) (path string, err error) {
	for {
		path = newName(dir)
		if err = nameFile(file, path); err == nil {
			return path, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", &fs.PathError{Op: "link", Path: path, Err: err}
		}
	}
}

// newName is a name in dir that no file has, unless by chance.
func newName(dir string) string {
	return filepath.Join(dir, NewPrefix+strconv.FormatUint(rand.Uint64(), 36))
}

// ReplaceLinkIn is ReplaceIn for a symbolic link to target.
func ReplaceLinkIn(root *os.Root, path, target string) error {
	for {
		fresh := newName(filepath.Dir(path))
		err := root.Symlink(target, fresh)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			if err = renameIn(root, fresh, path); err != nil {
				root.Remove(fresh)
			}
		}
		return err
	}
}

// Mode is for Replace: the file gets exactly this mode.
func Mode(mode fs.FileMode) func(*os.File) error {
	return func(f *os.File) error { return f.Chmod(mode) }
}

// Sync is for Replace: the content is on the disk before the file has its name.
func Sync(f *os.File) error { return f.Sync() }

// OpenAt opens the file called name in the open directory dir (openat); it is
// closed when a program is started.
func OpenAt(dir int, name string, flags int, perm uint32) (fd int, err error) {
	err = Retry(func() error {
		fd, err = unix.Openat(dir, name, flags|unix.O_CLOEXEC, perm)
		return err
	})
	return fd, err
}

// Read reads up to len(buffer) bytes; 0 at the end of the file.
func Read(fd int, buffer []byte) (n int, err error) {
	err = Retry(func() error {
		n, err = unix.Read(fd, buffer)
		return err
	})
	return max(n, 0), err
}

// ReadFull reads until the buffer is full or the file ends: then it returns fewer
// bytes. A single read may do so before, where the file system is on a network or
// a program.
func ReadFull(fd int, buffer []byte) (n int, err error) {
	for n < len(buffer) {
		more, err := Read(fd, buffer[n:])
		if more == 0 || err != nil {
			return n, err
		}
		n += more
	}
	return n, nil
}

// Write writes all of content.
func Write(fd int, content []byte) error {
	for len(content) > 0 {
		n := 0
		err := Retry(func() (err error) {
			n, err = unix.Write(fd, content)
			return err
		})
		if err != nil {
			return err
		}
		content = content[n:]
	}
	return nil
}

// Close closes a file that was written to. A network file system may report only
// now that the disk is full.
func Close(fd int) error {
	// On EINTR it is closed all the same.
	if err := unix.Close(fd); !errors.Is(err, unix.EINTR) {
		return err
	}
	return nil
}

// Retry makes a system call that a signal has interrupted once more.
func Retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
