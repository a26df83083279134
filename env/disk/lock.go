package disk

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// LockDir waits until nobody else has locked the directory, and locks it. A file system
// without locks goes without.
func LockDir(dir string) (unlock func(), err error) {
	file, err := OpenDir(dir)
	if err != nil {
		return nil, err
	}
	err = Retry(func() error { return unix.Flock(int(file.Fd()), unix.LOCK_EX) })
	if err != nil && !errors.Is(err, unix.ENOTSUP) && !errors.Is(err, unix.ENOLCK) && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EBADF) {
		file.Close()
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return func() { file.Close() }, nil
}
