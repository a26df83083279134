package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"den/env/disk"
)

// DanglingLink is what a symbolic link is called that leads nowhere.
const DanglingLink = "a symbolic link that leads nowhere"

// Dangling returns the names in the directory that are symbolic links and lead nowhere,
// as do those to an environment that has moved: none of them is an environment, and
// all of them are taken. They are sorted. A directory that is not there has none.
func (s Store) Dangling() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", s.dir, disk.Cause(err))
	}
	var names []string
	for _, entry := range entries {
		if entry.Type()&fs.ModeSymlink == 0 || s.kind.CheckName(entry.Name()) != nil {
			continue
		}
		if _, err := os.Stat(s.Path(entry.Name())); errors.Is(err, fs.ErrNotExist) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
