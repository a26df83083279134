package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The names of the directories in .den. None of them can be an environment's,
// nor can that of the lock in a staging directory: a name has no leading dot.
const (
	ownDir     = ".den"
	locksDir   = "locks"
	stagingDir = "staging"
	trashDir   = "trash"
	stageLock  = ".lock"
)

// own is the path of a directory of the package's own, in .den.
func (h Home) own(dir string) string {
	return filepath.Join(h.dir, ownDir, dir)
}

// Used reports whether den has made or removed anything in this home before.
func (h Home) Used() bool {
	found, err := there(filepath.Join(h.dir, ownDir))
	return err == nil && found
}

// prepare makes .den and what belongs in it, closed to others: nobody is to
// use an environment that is half made.
func (h Home) prepare() error {
	for _, dir := range []string{locksDir, stagingDir, trashDir} {
		if err := os.MkdirAll(h.own(dir), 0o700); err != nil {
			return fmt.Errorf("creating %s: %w", h.own(dir), err)
		}
	}
	return nil
}

// readOwn lists a directory of the package's own, which may be missing.
func readOwn(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", dir, reason(err))
	}
	return entries, nil
}
