// Package pyproject reads the Python and the packages that a project or a script asks
// for: the dependency groups of pyproject.toml (PEP 735), its requires-python, and the
// inline metadata of a script (PEP 723). It installs nothing.
package pyproject

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"den/env/disk"
	"den/env/packages"
)

// FileName is the file in a project's directory.
const FileName = "pyproject.toml"

// Wants are what a project or a script asks for.
type Wants struct {
	Python       string   // comparisons as in PEP 440; "" admits any
	Requirements []string // as in PEP 508, each on one line
}

// A File is a pyproject.toml.
type File struct {
	Path    string
	Name    string // of the project; "" where the file does not say it
	Python  string // requires-python; "" where there is none
	groups  map[string][]any
	display map[string]string // how the file spells a group's name
}

// A GroupError says that there is no dependency group of that name.
type GroupError struct {
	Path, Name string
	Groups     []string // those that there are
}

func (e *GroupError) Error() string {
	return fmt.Sprintf("%s has no dependency group %q", e.Path, e.Name)
}

// Read reads the pyproject.toml in the directory. The error is an fs.ErrNotExist where
// there is none.
func Read(dir string) (File, error) {
	f := File{Path: filepath.Join(dir, FileName), groups: map[string][]any{}, display: map[string]string{}}
	text, err := disk.ReadSmall(f.Path)
	if err != nil {
		return f, err
	}
	var content struct {
		Project struct {
			Name   string `toml:"name"`
			Python string `toml:"requires-python"`
		} `toml:"project"`
		Groups map[string][]any `toml:"dependency-groups"`
	}
	if err := decode(text, &content); err != nil {
		return f, fmt.Errorf("reading %s: %w", f.Path, err)
	}
	f.Name, f.Python = content.Project.Name, content.Project.Python
	for _, name := range slices.Sorted(maps.Keys(content.Groups)) {
		key := packages.Normalize(name)
		if other, twice := f.display[key]; twice {
			return f, fmt.Errorf("reading %s: the dependency groups %q and %q have the same name", f.Path, other, name)
		}
		f.display[key], f.groups[key] = name, content.Groups[name]
	}
	return f, nil
}

// decode reads TOML. The error names the line.
func decode(text []byte, content any) error {
	err := toml.Unmarshal(text, content)
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := at.Position()
		return fmt.Errorf("line %d: %s", line, strings.TrimPrefix(at.Error(), "toml: "))
	}
	return err
}

// Groups are the names of the dependency groups.
func (f File) Groups() []string { return slices.Sorted(maps.Values(f.display)) }

// Group returns the requirements of a dependency group, with those of the groups that
// it includes. The error is a *GroupError where there is no such group.
func (f File) Group(name string) ([]string, error) {
	return f.group(name, nil)
}

// group is Group for a group that others include, the outermost first.
func (f File) group(name string, within []string) ([]string, error) {
	key := packages.Normalize(name)
	if slices.Contains(within, key) {
		return nil, fmt.Errorf("%s: the dependency group %q includes itself", f.Path, name)
	}
	entries, ok := f.groups[key]
	if !ok {
		return nil, &GroupError{f.Path, name, f.Groups()}
	}
	within = append(slices.Clone(within), key)
	var all []string
	for _, entry := range entries {
		some, err := f.entry(entry, within)
		if err != nil {
			if _, missing := errors.AsType[*GroupError](err); missing && len(within) == 1 {
				err = fmt.Errorf("the dependency group %q: %w", name, err)
			}
			return nil, err
		}
		for _, requirement := range some {
			if !slices.Contains(all, requirement) {
				all = append(all, requirement)
			}
		}
	}
	return all, nil
}

// entry returns the requirements of one entry of a group.
func (f File) entry(entry any, within []string) ([]string, error) {
	switch e := entry.(type) {
	case string:
		return []string{e}, checkRequirement(f.Path, e)
	case map[string]any:
		if name, ok := e["include-group"].(string); ok && len(e) == 1 {
			return f.group(name, within)
		}
	}
	return nil, fmt.Errorf("%s: the dependency group %q has an entry that is neither a requirement nor an include-group", f.Path, f.display[within[len(within)-1]])
}

// checkRequirement returns an error for a text that pip would take for an option, a
// path or several lines: PEP 508 begins with the name of a distribution.
func checkRequirement(path, text string) error {
	end := strings.IndexFunc(text+"\n", packages.EndsName)
	rest := strings.TrimLeft(text[end:], " \t")
	if end == 0 || strings.IndexByte("-_.", text[0]) >= 0 || strings.ContainsFunc(text, isControl) ||
		rest != "" && strings.IndexByte("[(<>=!~;@", rest[0]) < 0 {
		return fmt.Errorf("%s: %q is not a requirement", path, text)
	}
	return nil
}

func isControl(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

// IsProject reports whether the directory has a file by which pip can install it.
func IsProject(dir string) bool {
	return slices.ContainsFunc([]string{FileName, "setup.py"}, func(name string) bool {
		found, err := disk.Exists(filepath.Join(dir, name))
		return found || err != nil // pip says what is wrong
	})
}
