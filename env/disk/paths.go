package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Glob returns the paths below dir that match a pattern of filepath.Glob. In dir, no
// character has a meaning.
func Glob(dir, pattern string) ([]string, error) {
	literal := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
	return filepath.Glob(filepath.Join(literal, pattern))
}

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

// IsAt reports whether an open file is the one that is at path: others may have put
// another there.
func IsAt(open interface{ Stat() (fs.FileInfo, error) }, path string) bool {
	held, err := open.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(path)
	return err == nil && os.SameFile(held, named)
}
