package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// IsGone reports whether there is nothing at path.
func IsGone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// GivenAndReal returns the path, and the one without symbolic links where that
// is another.
func GivenAndReal(path string) []string {
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		return []string{path, real}
	}
	return []string{path}
}

// IsSame reports whether two paths lead to the same file.
func IsSame(one, other string) bool {
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}
