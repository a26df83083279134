package env

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
)

// extensionsFile is read by Python's site module at its start. The underscore
// brings it before the others, which are read in the order of their names.
const extensionsFile = "_virtualenv_path_extensions.pth"

// The first and the last line of it take the directories between them, which
// site puts last on sys.path, and put them first. They are those that
// virtualenvwrapper writes: either program can edit the other's file.
const (
	extensionsHead = "import sys; sys.__plen = len(sys.path)"
	extensionsTail = "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); sys.path[p:p]=new; sys.__egginsert = p+len(new)"
)

// Extensions is the file, in site-packages, that puts directories on sys.path
// before site-packages itself. It need not be there.
func (e Environment) Extensions() (Extensions, error) {
	site, err := e.SitePackages()
	return Extensions(filepath.Join(site, extensionsFile)), err
}

// Extensions is the path of such a file: a line for each directory, the one that
// is looked into first at the top, between two that are Python's.
type Extensions string

// Dirs returns the directories, in the order of sys.path.
func (x Extensions) Dirs() ([]string, error) {
	text, err := disk.ReadSmall(string(x))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", x, disk.Cause(err))
	}
	var dirs []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "import ") && line[0] != '#' {
			dirs = append(dirs, line)
		}
	}
	return dirs, nil
}

// Add puts directories, absolute and clean, on top, one after the other, so
// that the last of them is looked into first. One that is there already moves.
// Nothing is added when one of them cannot stand in such a file, in which a line
// that starts with "import" or "#" would be read as something else.
func (x Extensions) Add(dirs ...string) error {
	for _, dir := range dirs {
		if !filepath.IsAbs(dir) || strings.ContainsAny(dir, "\r\n\x00") || strings.TrimRight(dir, " \t") != dir {
			return fmt.Errorf("%q cannot stand in %s, which has a path on each line", dir, x)
		}
	}
	return x.change(func(old []string) []string {
		for _, dir := range dirs {
			old = slices.DeleteFunc(old, func(other string) bool { return other == dir })
			old = slices.Insert(old, 0, dir)
		}
		return old
	})
}

// Remove takes directories out. It returns those that are not in it.
func (x Extensions) Remove(dirs ...string) (absent []string, err error) {
	err = x.change(func(old []string) []string {
		for _, dir := range dirs {
			if !slices.Contains(old, dir) {
				absent = append(absent, dir)
			}
		}
		return slices.DeleteFunc(old, func(dir string) bool { return slices.Contains(dirs, dir) })
	})
	return absent, err
}

// change writes the file anew, at once: a Python that starts meanwhile reads
// the one or the other.
func (x Extensions) change(edit func(dirs []string) []string) error {
	dirs, err := x.Dirs()
	if err != nil {
		return err
	}
	lines := slices.Concat([]string{extensionsHead}, edit(dirs), []string{extensionsTail, ""})
	if err := disk.Replace(string(x), []byte(strings.Join(lines, "\n")), 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", x, disk.Cause(err))
	}
	return nil
}
