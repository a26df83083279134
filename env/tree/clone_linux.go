package tree

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// cloneByName is for macOS.
func cloneByName(string, string) error { return errors.ErrUnsupported }

// cloneInto makes the empty file out share the blocks of in (FICLONE), which
// btrfs, XFS, bcachefs, OCFS2 and ZFS can.
func cloneInto(out, in *os.File) error {
	return unix.IoctlFileClone(int(out.Fd()), int(in.Fd()))
}

// copyAttributes copies the extended attributes that belong to the person: one
// call for the most of files, which have none.
func copyAttributes(out, in *os.File) error {
	size, err := unix.Flistxattr(int(in.Fd()), nil)
	if err != nil || size == 0 {
		return nil // a file system without them
	}
	names := make([]byte, size)
	if size, err = unix.Flistxattr(int(in.Fd()), names); err != nil {
		return nil
	}
	for name := range strings.SplitSeq(string(names[:size]), "\x00") {
		if !strings.HasPrefix(name, "user.") {
			continue // the system gives the others anew
		}
		value := make([]byte, maxAttribute)
		n, err := unix.Fgetxattr(int(in.Fd()), name, value)
		if err == nil {
			err = unix.Fsetxattr(int(out.Fd()), name, value[:n], 0)
		}
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return os.NewSyscallError("copying the attribute "+name+" of "+in.Name(), err)
		}
	}
	return nil
}

// maxAttribute is the largest value that Linux takes (XATTR_SIZE_MAX).
const maxAttribute = 64 << 10
