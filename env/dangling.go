package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// DanglingLink is what a symbolic link is called that leads nowhere.
const DanglingLink = "a symbolic link that leads nowhere"

// Dangling returns the names in the home that are symbolic links and lead nowhere,
// as do those to an environment that has moved: none of them is an environment, and
// all of them are taken. They are sorted. A home that is not there has none.
func (h Home) Dangling() ([]string, error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", h.dir, reason(err))
	}
	var names []string
	for _, entry := range entries {
		if entry.Type()&fs.ModeSymlink == 0 || CheckName(entry.Name()) != nil {
			continue
		}
		if _, err := os.Stat(h.Path(entry.Name())); errors.Is(err, fs.ErrNotExist) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
