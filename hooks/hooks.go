// Package hooks knows the hooks: their names, the directories they live in,
// the order in which they fire, and whether each is run as a program or
// sourced in the person's shell. virtualenvwrapper has the same hooks.
//
// The package finds and checks files. It starts nothing and knows no shell by name.
package hooks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// ProjectDirectory is where a project has its hooks, relative to it.
const ProjectDirectory = ".virtualenvwrapper"

// Directories tell where the hooks of one environment live. An empty one is
// not looked into.
type Directories struct {
	Global  string // the hook directory
	Local   string // the environment's bin
	Project string // the environment's project directory
}

func (d Directories) in(p place) string {
	switch {
	case p == global:
		return d.Global
	case p == local:
		return d.Local
	case d.Project == "":
		return ""
	default:
		return filepath.Join(d.Project, ProjectDirectory)
	}
}

// A Hook is a file that fires at an event.
type Hook struct {
	Event Event
	Path  string
	// ForSh tells that a shell with a language of its own was asked for, and
	// this hook, which is sourced, is written for sh or bash.
	ForSh bool
	// Argv starts a hook that is run; the hook's arguments follow. A file
	// without a #! line is a script for sh.
	Argv []string
}

// Find returns the hooks that fire at the event, in order, and an error for
// each file that exists but cannot or must not be used. The suffix is the hook
// suffix of a shell with a language of its own (".fish"), or empty: a sourced
// hook with the suffix replaces the one without.
//
// Files without a single command in them, such as templates that nobody has
// filled in, are passed over: there is nothing to do.
func (d Directories) Find(event Event, suffix string) (hooks []Hook, problems []error) {
	for _, p := range event.places {
		dir := d.in(p)
		if dir == "" {
			continue
		}
		hook := Hook{Event: event, Path: filepath.Join(dir, event.Name)}
		err := errAbsent
		if event.Sourced && suffix != "" {
			own := hook
			own.Path += suffix
			if err = own.examine(""); err != errAbsent {
				hook = own
			}
		}
		if err == errAbsent {
			err = hook.examine(suffix)
		}
		switch err {
		case errAbsent, ErrNoCommands:
		case nil:
			hooks = append(hooks, hook)
		default:
			problems = append(problems, err)
		}
	}
	return hooks, problems
}

// A File is one that is there for an event, used or not.
type File struct {
	Hook
	Place string // "global", "local" or "project"
	// Suffix names the one shell that the file is for; "" for every shell.
	Suffix string
	// Unused says why the file is not used; nil when it is.
	Unused error
}

// Files returns all files that are there for the event, in the order in which
// they fire: those for every shell, and those with one of the suffixes.
func (d Directories) Files(event Event, suffixes ...string) []File {
	var files []File
	for _, p := range event.places {
		dir := d.in(p)
		if dir == "" {
			continue
		}
		names := []string{""}
		if event.Sourced {
			names = append(names, suffixes...)
		}
		for _, suffix := range names {
			f := File{Place: p.String(), Suffix: suffix}
			f.Hook = Hook{Event: event, Path: filepath.Join(dir, event.Name+suffix)}
			if f.Unused = f.examine(""); f.Unused != errAbsent {
				files = append(files, f)
			}
		}
	}
	return files
}

// headSize is how much of a hook is read to see whether it does anything.
const headSize = 4096

// ErrNoCommands says of a file that it has nothing but comments.
var ErrNoCommands = errors.New("there are only comments in it")

var errAbsent = errors.New("there is no such file")

// examine reads the hook's file and fills in h from it; suffix is the hook suffix
// of the calling shell. The error says why the file is not used.
func (h *Hook) examine(suffix string) error {
	file, err := disk.Open(h.Path)
	switch {
	case isAbsent(err):
		return errAbsent
	case errors.Is(err, disk.ErrNotRegular):
		return &UnusedError{Path: h.Path, Reason: "it is not a file"}
	case err != nil:
		return fmt.Errorf("the hook cannot be read: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("the hook cannot be read: %w", err)
	}
	head, err := io.ReadAll(io.LimitReader(file, headSize))
	if err != nil {
		return fmt.Errorf("the hook cannot be read: %w", err)
	}
	if len(head) < headSize && doesNothing(head) {
		return ErrNoCommands
	}
	if err := disk.CheckTrust(h.Path, info); err != nil {
		return asUnused(h.Path, err)
	}
	line := firstLine(head)
	if strings.HasSuffix(line, "\r") {
		unused := &UnusedError{Path: h.Path, Reason: "its lines end in a carriage return, as on Windows", Mend: withoutReturns(h.Path)}
		if !h.Event.Sourced {
			unused.Errno = notFound(line)
		}
		return unused
	}
	if h.Event.Sourced {
		own, ok := shells.ByHookSuffix(suffix)
		h.ForSh = ok && interpreter(head) != own.Name
		return nil
	}
	if info.Mode()&0o111 == 0 {
		return &UnusedError{h.Path, "it is not executable", "chmod +x " + shell.QuoteSingle(h.Path), syscall.EACCES}
	}
	if err := checkInterpreter(h.Path, line); err != nil {
		return err
	}
	h.Argv = []string{h.Path}
	isBinary := bytes.IndexByte(head, 0) >= 0
	if !bytes.HasPrefix(head, []byte("#!")) && !isBinary {
		h.Argv = []string{"/bin/sh", h.Path}
	}
	return nil
}

func isAbsent(err error) bool {
	pathError, ok := err.(*fs.PathError)
	return ok && (pathError.Err == syscall.ENOENT || pathError.Err == syscall.ENOTDIR)
}

// An UnusedError is a hook that den does not use, and the reason.
type UnusedError struct {
	Path   string
	Reason string
	Mend   string // the command that mends it, if there is one
	// Errno is how starting the file would fail; 0 where it would not, or where
	// another program would say so.
	Errno syscall.Errno
}

func (e *UnusedError) Error() string {
	return fmt.Sprintf("the hook %s is not used: %s", e.Path, e.Reason)
}

// asUnused turns an error of disk.CheckTrust into an *UnusedError for the hook at path.
func asUnused(path string, err error) error {
	if untrusted, ok := errors.AsType[*disk.UntrustedError](err); ok {
		return &UnusedError{Path: path, Reason: untrusted.Reason, Mend: untrusted.Mend}
	}
	return fmt.Errorf("the hook cannot be used: %w", err)
}

// doesNothing reports whether the script has only comments and blank lines.
func doesNothing(script []byte) bool {
	if bytes.HasPrefix(script, []byte("#!")) && !shells.IsShell(interpreter(script)) {
		return false
	}
	for line := range bytes.Lines(script) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

// interpreter is the name of the program in the script's #! line: "bash" for
// "#!/usr/bin/env bash". It is "" where there is no such line.
func interpreter(script []byte) string {
	words := strings.Fields(firstLine(script))
	if len(words) == 0 {
		return ""
	}
	return filepath.Base(words[len(words)-1])
}
