package layout

import (
	"fmt"
	"syscall"
)

// mountSmall puts a file system of so many KiB onto dir.
func mountSmall(dir string, kib int) (unmount func(), err error) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		return nil, err
	}
	return func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }, nil
}
