// Package hooks knows the hooks: their names, the directories they live in,
// the order in which they fire, and whether each is run as a program or
// sourced in the person's shell. They are those of virtualenvwrapper.
//
// The package finds and checks files; it starts nothing and knows no shell.
package hooks

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A place is a kind of directory in which a hook is looked for.
type place int

const (
	global  place = iota // the hook directory, WORKON_HOME by default
	local                // the environment's bin
	project              // .virtualenvwrapper in the environment's project
)

// An Event is a moment at which hooks fire. Its name is the hooks' file name.
type Event struct {
	Name string
	// Sourced hooks are evaluated in the person's shell, the others are run
	// as programs.
	Sourced bool
	places  []place
}

// The events, each with its places in the order in which they fire.
var (
	Initialize       = Event{"initialize", true, []place{global}}
	PreMkvirtualenv  = Event{"premkvirtualenv", false, []place{global}}
	PostMkvirtualenv = Event{"postmkvirtualenv", true, []place{global}}
	PreActivate      = Event{"preactivate", false, []place{global, local}}
	PostActivate     = Event{"postactivate", true, []place{global, local, project}}
	PreDeactivate    = Event{"predeactivate", true, []place{project, local, global}}
	PostDeactivate   = Event{"postdeactivate", true, []place{local, global}}
	PreRmvirtualenv  = Event{"prermvirtualenv", false, []place{global}}
	PostRmvirtualenv = Event{"postrmvirtualenv", false, []place{global}}
	PreCpvirtualenv  = Event{"precpvirtualenv", false, []place{global}}
	PostCpvirtualenv = Event{"postcpvirtualenv", true, []place{global}}
	PreMkproject     = Event{"premkproject", false, []place{global}}
	PostMkproject    = Event{"postmkproject", true, []place{global}}
	GetEnvDetails    = Event{"get_env_details", false, []place{global, local}}
)

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
		return filepath.Join(d.Project, ".virtualenvwrapper")
	}
}

// A Hook is a file that fires at an event.
type Hook struct {
	Event Event
	Path  string
	// InProject tells that the hook comes from the project and not from the
	// person's own directories.
	InProject bool
	// Argv starts a hook that is run; the hook's arguments follow. A file
	// without a #! line is a script for sh.
	Argv []string
}

// Find returns the hooks that fire at the event, in order, and an error for
// each file that is there but cannot or must not be used. The suffix is put
// behind the names of sourced hooks: a shell with a language of its own has
// files of its own ("postactivate.fish").
//
// Files without a single command in them, such as templates that nobody has
// filled in, are passed over: there is nothing to do.
func (d Directories) Find(event Event, suffix string) (hooks []Hook, problems []error) {
	name := event.Name
	if event.Sourced {
		name += suffix
	}
	for _, p := range event.places {
		dir := d.in(p)
		if dir == "" {
			continue
		}
		hook := Hook{Event: event, Path: filepath.Join(dir, name), InProject: p == project}
		used, err := hook.examine()
		switch {
		case err != nil:
			problems = append(problems, err)
		case used:
			hooks = append(hooks, hook)
		}
	}
	return hooks, problems
}

// headSize is how much of a hook is read to see whether it does anything.
const headSize = 4096

// examine reports whether the hook's file is there and does something. The
// error says why a file that is there is not used.
func (h *Hook) examine() (used bool, err error) {
	file, err := os.Open(h.Path)
	switch {
	case isAbsent(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("the hook cannot be read: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("the hook cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("the hook %s is not a file", h.Path)
	}
	if err := checkOwner(h.Path, info); err != nil {
		return false, err
	}
	head, err := io.ReadAll(io.LimitReader(file, headSize))
	if err != nil {
		return false, fmt.Errorf("the hook cannot be read: %w", err)
	}
	if len(head) < headSize && doesNothing(head) {
		return false, nil
	}
	if h.Event.Sourced {
		return true, nil
	}
	if info.Mode()&0o111 == 0 {
		return false, &UnusedError{h.Path, "it is not executable", "chmod +x " + quote(h.Path)}
	}
	h.Argv = []string{h.Path}
	if !bytes.HasPrefix(head, []byte("#!")) && !bytes.HasPrefix(head, []byte("\x7fELF")) {
		h.Argv = []string{"/bin/sh", h.Path}
	}
	return true, nil
}

func isAbsent(err error) bool {
	pathError, ok := err.(*fs.PathError)
	return ok && (pathError.Err == syscall.ENOENT || pathError.Err == syscall.ENOTDIR)
}

// An UnusedError tells of a hook that is there and is not used, and why.
type UnusedError struct {
	Path   string
	Reason string
	Mend   string // the command that mends it
}

func (e *UnusedError) Error() string {
	return fmt.Sprintf("the hook %s is not used: %s", e.Path, e.Reason)
}

// checkOwner returns an UnusedError for a file that belongs to, or can be
// written by, somebody who is neither the person nor root: it would do its
// author's work with the person's rights. A group with the
// person's own number is the private one that many systems give each person.
func checkOwner(path string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	person := uint32(os.Geteuid())
	if stat.Uid != person && stat.Uid != 0 {
		return &UnusedError{path, fmt.Sprintf("it belongs to another user (%d)", stat.Uid), fmt.Sprintf("chown %d %s", person, quote(path))}
	}
	writable := fs.FileMode(0o002)
	if stat.Gid != person && stat.Gid != 0 {
		writable |= 0o020
	}
	if info.Mode().Perm()&writable != 0 {
		return &UnusedError{path, "others can write to it", "chmod go-w " + quote(path)}
	}
	return nil
}

// quote returns the path for a command that a person may copy.
func quote(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// shellNames are the interpreters whose comments doesNothing understands.
var shellNames = []string{"sh", "bash", "zsh", "dash", "ksh", "fish"}

// doesNothing reports whether the script has only comments and blank lines.
func doesNothing(script []byte) bool {
	if first, ok := bytes.CutPrefix(script, []byte("#!")); ok {
		line, _, _ := strings.Cut(string(first), "\n")
		words := strings.Fields(line)
		if len(words) == 0 || !isShell(words[len(words)-1]) {
			return false
		}
	}
	for line := range bytes.Lines(script) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

func isShell(word string) bool {
	for _, name := range shellNames {
		if filepath.Base(word) == name {
			return true
		}
	}
	return false
}
