package completions

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// listPaths returns the entries of a directory that begin with base, sorted:
// files by their names, directories with a slash at the end. Hidden ones are
// left out unless base begins with a dot.
func listPaths(dir, base string, kind Paths) []string {
	if base == ".." {
		return []string{"../"}
	}
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, base) || name[0] == '.' && base == "" || !isOneLine(name) {
			continue
		}
		switch {
		case isDirectory(dir, entry):
			names = append(names, name+"/")
		case kind == AnyFile:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isDirectory reports whether an entry of dir is a directory, or leads to one.
func isDirectory(dir string, entry os.DirEntry) bool {
	if entry.Type()&os.ModeSymlink == 0 {
		return entry.IsDir()
	}
	info, err := os.Stat(filepath.Join(dir, entry.Name()))
	return err == nil && info.IsDir()
}

// splitPath splits a path after its last slash.
func splitPath(path string) (dir, base string) {
	i := strings.LastIndexByte(path, '/') + 1
	return path[:i], path[i:]
}

// isOneLine reports whether a text can be handed to a shell as a line.
func isOneLine(text string) bool { return !strings.ContainsFunc(text, unicode.IsControl) }
