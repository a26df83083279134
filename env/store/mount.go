package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// errMounted says that a directory is where a file system is mounted.
var errMounted = errors.New("something is mounted there")

// isMountPoint reports whether the open directory is where a file system, or a
// part of one, is mounted.
func isMountPoint(dir *os.File) (bool, error) {
	fd := int(dir.Fd())
	if is, known := isMountRoot(fd); known {
		return is, nil
	}
	var here, above unix.Stat_t
	if err := disk.Retry(func() error { return unix.Fstat(fd, &here) }); err != nil {
		return false, err
	}
	if err := disk.Retry(func() error { return unix.Fstatat(fd, "..", &above, 0) }); err != nil {
		return false, err
	}
	return here.Dev != above.Dev, nil
}

// checkMounts returns an error that says what is mounted somewhere below the
// directory at path. Where the system does not tell, it finds nothing.
func checkMounts(path string) error {
	mounts, err := mountPoints()
	if err != nil || len(mounts) == 0 {
		return nil // deleting stops at what is mounted, all the same
	}
	actual, err := filepath.EvalSymlinks(path)
	if err != nil {
		return disk.Cause(err)
	}
	for _, mount := range mounts {
		if below, ok := strings.CutPrefix(mount, actual+"/"); ok {
			return fmt.Errorf("something is mounted in it, at %s: unmount it first", filepath.Join(path, below))
		}
	}
	return nil
}
