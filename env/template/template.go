// Package template finds and applies the templates that new projects are made
// from: executable files, and directories to copy. It does not know the templates
// that come with Python packages.
package template

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"den/env/disk"
)

// placeholder stands, in the names and the texts of a directory, for the name of
// the project.
const placeholder = "{{name}}"

// A Template is an executable file or a directory.
type Template struct {
	Name string
	Path string
	dir  bool
}

// List returns the templates in the directories, sorted by name. Of two with
// one name, the one in the earlier directory counts. Hidden files, and files
// that cannot be run, are none; a directory that is missing has none.
func List(dirs ...string) ([]Template, error) {
	var templates []Template
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for templates: %w", err)
		}
		for _, entry := range entries {
			name := entry.Name()
			known := slices.ContainsFunc(templates, func(t Template) bool { return t.Name == name })
			if t, ok := at(filepath.Join(dir, name)); ok && !known {
				templates = append(templates, t)
			}
		}
	}
	slices.SortFunc(templates, func(a, b Template) int { return strings.Compare(a.Name, b.Name) })
	return templates, nil
}

// Find returns the template with the name, from the first of the directories
// that has one, and whether there is one.
func Find(name string, dirs ...string) (Template, bool) {
	if name == "" || name[0] == '.' || strings.Contains(name, "/") {
		return Template{}, false
	}
	for _, dir := range dirs {
		if t, ok := at(filepath.Join(dir, name)); ok {
			return t, true
		}
	}
	return Template{}, false
}

// at is the template at path, and whether there is one.
func at(path string) (Template, bool) {
	t := Template{Name: filepath.Base(path), Path: path}
	info, err := os.Stat(path)
	if err != nil || strings.HasPrefix(t.Name, ".") {
		return t, false
	}
	t.dir = info.IsDir()
	return t, t.dir || info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// headLength is as much of an executable as is read for its description.
const headLength = 4 << 10

// Describe returns a line about the template: the first comment of a script, the
// first line of the README of a directory, or else where it is.
func (t Template) Describe() string {
	if !t.dir {
		for line := range strings.Lines(head(t.Path)) {
			text, isComment := strings.CutPrefix(line, "#")
			text = strings.TrimSpace(strings.TrimLeft(text, "#"))
			if isComment && text != "" && !strings.HasPrefix(line, "#!") && !strings.HasPrefix(text, "-*-") {
				return text
			}
		}
		return t.Path
	}
	readmes, _ := disk.Glob(t.Path, "README*")
	for _, readme := range readmes {
		for line := range strings.Lines(head(readme)) {
			if text := strings.Trim(line, "#=-* \t\r\n"); text != "" {
				return text
			}
		}
	}
	return t.Path
}

// head returns the beginning of a text file, "" for others.
func head(path string) string {
	text, err := disk.ReadHead(path, headLength)
	if err != nil || !isText(text) {
		return ""
	}
	return string(text)
}

// isText reports whether the bytes are text; the last letter may be cut off.
func isText(content []byte) bool {
	for cut := range utf8.UTFMax {
		if cut <= len(content) && utf8.Valid(content[:len(content)-cut]) {
			return !bytes.ContainsRune(content, 0)
		}
	}
	return false
}

// An Application is one of a template to a project.
type Application struct {
	Project string // the name of the project
	Dir     string // its directory
	// Command prepares a program to be run; its directory is then set.
	Command func(ctx context.Context, program string, args ...string) *exec.Cmd
}

// Apply runs the executable in the project's directory, with the name and the directory
// as its arguments, or copies the directory into it, with the name put in. Files that are
// in the project already stay as they are; Apply returns their paths, in the project.
func (t Template) Apply(ctx context.Context, a Application) (kept []string, err error) {
	if t.dir {
		return t.copyTo(ctx, a)
	}
	c := a.Command(ctx, t.Path, a.Project, a.Dir)
	c.Dir = a.Dir
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("running %s: %w", t.Path, err)
	}
	return nil, nil
}

func (t Template) copyTo(ctx context.Context, a Application) (kept []string, err error) {
	root, err := filepath.EvalSymlinks(t.Path) // which WalkDir would not enter
	if err != nil {
		return nil, fmt.Errorf("reading the template %s: %w", t.Path, err)
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if entry.Name() == ".git" && entry.IsDir() {
			return fs.SkipDir // the template's own history
		}
		below, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		below = strings.ReplaceAll(below, placeholder, a.Project)
		err = place(path, filepath.Join(a.Dir, below), entry, a.Project)
		if errors.Is(err, fs.ErrExist) && !entry.IsDir() {
			kept = append(kept, below)
			return nil
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("copying the template %s: %w", t.Path, err)
	}
	return kept, err
}

// place copies one file, link or directory. The error is fs.ErrExist where
// something stands.
func place(from, to string, entry fs.DirEntry, project string) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return disk.MkdirAll(to, info.Mode().Perm()|0o700)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(strings.ReplaceAll(target, placeholder, project), to)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", from)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if isText(content) {
		content = bytes.ReplaceAll(content, []byte(placeholder), []byte(project))
	}
	file, err := disk.MakeFile(to, os.O_WRONLY|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
