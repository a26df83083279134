package store

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// renameNew renames from to to, where nothing may be. The error is
// fs.ErrExist when something is.
func renameNew(from, to string) error {
	err := disk.Retry(func() error { return renameNoReplace(from, to) })
	if err == nil {
		return nil
	}
	// EINVAL is what Linux has for a file system without RENAME_NOREPLACE,
	// such as NFS.
	if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, unix.EINVAL) {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return renameChecked(from, to)
}

// renameChecked is renameNew where the system cannot look and rename in one.
// A file that appears between the two stays all the same, because a directory
// replaces only an empty directory (POSIX, rename).
func renameChecked(from, to string) error {
	if found, err := disk.Exists(to); err != nil {
		return err
	} else if found {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}
