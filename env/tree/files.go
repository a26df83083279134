package tree

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// Files returns the paths of the files and links in a directory, relative to it.
func Files(dir string) (map[string]bool, error) {
	files := make(map[string]bool)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files[strings.TrimPrefix(path, dir+"/")] = true
		}
		return err
	})
	return files, err
}
