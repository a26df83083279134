package completions

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// listPaths returns the entries of a directory that can stand in place of base,
// sorted: files by their names, directories with a slash at the end. Hidden
// ones are left out unless base begins with a dot. fits tells which can stand
// there, nil that all can.
func (o Offer) listPaths(dir, base string, fits func(name string) bool) []string {
	if base == ".." {
		return []string{"../"}
	}
	entries, err := readDir(dir)
	if err != nil {
		return nil
	}
	able := func(name string) bool {
		return (name[0] != '.' || strings.HasPrefix(base, ".")) && isOneLine(name) && (fits == nil || fits(name))
	}
	pattern := o.preferred(entries, able)
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !able(name):
		case isDirectory(dir, entry):
			names = append(names, name+"/")
		case o.Paths == AnyFile && (pattern == "" || matches(pattern, name)):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// preferred returns the first of the Offer's patterns that one of the entries
// matches which can stand in the place; "" when there is none.
func (o Offer) preferred(entries []os.DirEntry, able func(name string) bool) string {
	for _, pattern := range o.Preferred {
		if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() && able(e.Name()) && matches(pattern, e.Name()) }) {
			return pattern
		}
	}
	return ""
}

// matches reports whether a name matches one of the patterns in a list of them.
func matches(patterns, name string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		ok, err := filepath.Match(pattern, name)
		return ok && err == nil
	})
}

// readDir reads a directory; "" is the working directory.
func readDir(dir string) ([]os.DirEntry, error) { return os.ReadDir(cmp.Or(dir, ".")) }

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

// hasPrefixFold is strings.HasPrefix, whatever is written in capitals.
func hasPrefixFold(text, prefix string) bool {
	for _, want := range prefix {
		r, n := utf8.DecodeRuneInString(text)
		if n == 0 || unicode.ToLower(r) != unicode.ToLower(want) {
			return false
		}
		text = text[n:]
	}
	return true
}
