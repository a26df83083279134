package startup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// A NameError says that a shell was named that den cannot do this for.
type NameError struct{ error }

func (e *NameError) Unwrap() error { return e.error }

// An Edit is a start-up file with lines to change.
type Edit struct {
	File
	Lines []EditedLine
}

// An EditedLine is one that has to do with virtualenvwrapper.
type EditedLine struct {
	Number   int
	Old, New string // New is "" for a line that only the person can change
}

// WrapperFiles are the files named, or those that the shells that virtualenvwrapper
// is for, or those of them that are named, read when they start.
func WrapperFiles(names []string) ([]string, error) {
	if len(names) == 0 {
		for _, s := range WrapperShells() {
			names = append(names, s.Name)
		}
	}
	var paths []string
	for _, name := range names {
		if strings.Contains(name, "/") {
			if _, err := os.Stat(name); err != nil {
				return nil, fmt.Errorf("reading a start-up file: %w", err)
			}
			path, err := filepath.Abs(name)
			if err != nil {
				return nil, err
			}
			paths = append(paths, path)
			continue
		}
		s, err := shells.ByName(name)
		switch {
		case err != nil:
			return nil, hint.With(&NameError{err}, "a file is named by its path: ./%s", name)
		case len(s.WrapperFiles) == 0:
			return nil, hint.With(&NameError{fmt.Errorf("there is no virtualenvwrapper for %s", s.Name)}, "den setup %s", s.Name)
		}
		dir := filepath.Dir(s.RCFile(os.Getenv))
		if !filepath.IsAbs(dir) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", name)
		}
		for _, file := range s.WrapperFiles {
			paths = append(paths, filepath.Join(dir, file))
		}
	}
	return existing(paths), nil
}

// WrapperShells are those that can source virtualenvwrapper.sh.
func WrapperShells() []*shell.Shell {
	return slices.DeleteFunc(slices.Clone(shells.All()), func(s *shell.Shell) bool { return len(s.WrapperFiles) == 0 })
}

// existing keeps one path of each file that is there.
func existing(paths []string) []string {
	var kept []string
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !slices.ContainsFunc(kept, func(other string) bool { return disk.IsSame(path, other) }) {
			kept = append(kept, path)
		}
	}
	return kept
}

// readEdit reads the file and has each of its lines changed.
func readEdit(path string, change func(string) string) (Edit, error) {
	read, err := Read(path)
	if err != nil {
		return Edit{}, err
	}
	file := Edit{File: read}
	number := 0
	for line := range strings.Lines(file.Content) {
		number++
		old := strings.TrimRight(line, "\r\n")
		changed := change(old)
		if changed == old {
			continue
		}
		file.Lines = append(file.Lines, EditedLine{number, old, changed})
	}
	return file, nil
}

// Changed is the content with the new lines in it, their ends as they were.
func (f Edit) Changed() string {
	var b strings.Builder
	number, next := 0, f.Lines
	for line := range strings.Lines(f.Content) {
		number++
		if len(next) > 0 && next[0].Number == number {
			if next[0].New != "" {
				line = next[0].New + line[len(next[0].Old):]
			}
			next = next[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// PutBack makes the file what it was before it was changed.
func (f Edit) PutBack() error {
	if f.Changed() == f.Content {
		return nil
	}
	now, err := Open(f.Path)
	if err == nil {
		_, err = now.Replace(f.Content)
	}
	return err
}

// KeepParsing leaves to the person each line that the shell's own parser does not
// read as code, or with which it would not take the file any more.
func (f Edit) KeepParsing(d *shell.Shell) {
	breaks := func(lines []EditedLine) bool {
		return Breaks(d, f.Content, Edit{f.File, lines}.Changed())
	}
	lines := strings.SplitAfter(f.Content, "\n")
	for i, line := range f.Lines {
		before, after := lines[:line.Number-1], lines[line.Number:]
		if IsText(d, strings.Join(before, ""), strings.Join(after, "")) || breaks(f.Lines[i:i+1]) {
			f.Lines[i].New = ""
		}
	}
	if !breaks(f.Lines) {
		return
	}
	for i := range f.Lines {
		f.Lines[i].New = ""
	}
}
