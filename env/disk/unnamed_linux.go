package disk

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// openUnnamed makes a file in dir that has no name yet, and so is gone when this process
// is killed; nil where the system or the file system has none (open(2), O_TMPFILE).
func openUnnamed(dir string, perm fs.FileMode) *os.File {
	file, err := os.OpenFile(dir, os.O_WRONLY|unix.O_TMPFILE, perm)
	if err != nil {
		return nil
	}
	if found, _ := Exists(descriptorPath(file)); !found { // without /proc it could get no name
		file.Close()
		return nil
	}
	return file
}

// nameFile gives such a file a name that nothing has.
func nameFile(file *os.File, path string) error {
	return Retry(func() error {
		return unix.Linkat(unix.AT_FDCWD, descriptorPath(file), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW)
	})
}

func descriptorPath(file *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", file.Fd()) }
