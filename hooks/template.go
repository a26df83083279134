package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
	"den/shell/shells"
)

// A Template is a hook's file that nobody has written yet: it says when the
// hook fires, and does nothing.
type Template struct {
	Content string
	Mode    fs.FileMode
}

// Template returns the one for a hook. It is for a place that belongs to one
// environment, or for one that all share, and starts with the person's shell,
// which is what $SHELL says.
func (e Event) Template(shell string, forOne bool) Template {
	t := Template{Mode: 0o755}
	// That of postmkproject is executable in virtualenvwrapper, too.
	if e.Sourced && e.Name != PostMkproject.Name {
		t.Mode = 0o644
	}
	when, how := e.When, "run"
	if forOne {
		when = strings.Replace(when, "an environment", "this environment", 1)
	}
	if e.Sourced {
		how = "sourced"
	}
	t.Content = fmt.Sprintf("#!%s\n# %s: %s %s.\n", e.interpreter(shell), e.Name, how, when)
	if e.Arguments != "" {
		t.Content += fmt.Sprintf("# Given: %s.\n", e.Arguments)
	}
	t.Content += "\n"
	return t
}

// interpreter is the one for the first line of a template. A hook that is
// sourced is, by its name, for the shells of the Bourne family.
func (e Event) interpreter(shell string) string {
	if !filepath.IsAbs(shell) || strings.ContainsAny(shell, " \t\n") || e.Sourced && !shells.SourcesSh(shell) {
		return "/bin/sh"
	}
	return shell
}

// For returns the template of a sourced hook in the own language of a shell.
func (t Template) For(shell string) Template {
	_, comments, _ := strings.Cut(t.Content, "\n")
	return Template{"#!/usr/bin/env " + shell + "\n" + comments, 0o644}
}

// Write makes the file, unless there is one.
func (t Template) Write(path string) error {
	file, err := disk.MakeFile(path, os.O_WRONLY|os.O_EXCL, t.Mode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(t.Content)
	return errors.Join(err, file.Close())
}

// WriteLocal makes the templates of an environment's own hooks in its bin,
// where they are missing.
func WriteLocal(bin, shell string) error {
	for _, event := range Events() {
		if !event.IsLocal() {
			continue
		}
		if err := event.Template(shell, true).Write(filepath.Join(bin, event.Name)); err != nil {
			return err
		}
	}
	return nil
}

// WriteGlobal makes the templates of the hooks for all environments, and their
// directory, where they are missing. That of initialize comes last: when it is
// there, the others have been made.
func WriteGlobal(dir, shell string) error {
	if err := disk.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, event := range slices.Backward(Events()) {
		// virtualenvwrapper has none for these two.
		if event.Name == PreCpvirtualenv.Name || event.Name == PostCpvirtualenv.Name {
			continue
		}
		if err := event.Template(shell, false).Write(filepath.Join(dir, event.Name)); err != nil {
			return err
		}
	}
	return nil
}
