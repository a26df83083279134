package tree

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// cloneByName is for macOS.
func cloneByName(_, _ int, _ string) error { return errors.ErrUnsupported }

// cloneInto makes the empty file out share the blocks of in (FICLONE), which
// btrfs, XFS, bcachefs, OCFS2 and ZFS can.
func cloneInto(out, in int) error {
	return disk.Retry(func() error { return unix.IoctlFileClone(out, in) })
}

// copyAttributes copies the extended attributes that belong to the person: one
// call for the most of files, which have none.
func copyAttributes(out, in int) error {
	size, err := unix.Flistxattr(in, nil)
	if err != nil || size == 0 {
		return nil // a file system without them
	}
	names := make([]byte, size)
	if size, err = unix.Flistxattr(in, names); err != nil {
		return nil
	}
	for name := range strings.SplitSeq(string(names[:size]), "\x00") {
		if !strings.HasPrefix(name, "user.") {
			continue // the system gives the others anew
		}
		value := make([]byte, maxAttribute)
		n, err := unix.Fgetxattr(in, name, value)
		if err == nil {
			err = unix.Fsetxattr(out, name, value[:n], 0)
		}
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return os.NewSyscallError("copying the attribute "+name, err)
		}
	}
	return nil
}

// maxAttribute is the largest value that Linux takes (XATTR_SIZE_MAX).
const maxAttribute = 64 << 10
