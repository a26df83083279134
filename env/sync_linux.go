package env

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem writes all of the file system that f is on to the disk.
// Before Linux 5.8 it does not tell of errors in doing so.
func syncFileSystem(f *os.File) error {
	return unix.Syncfs(int(f.Fd()))
}
