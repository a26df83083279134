package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// BrokenError says why the Python of Environment cannot run.
type BrokenError struct {
	Environment Environment
	Cause       string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("environment %q is broken: %s", e.Environment.Name, e.Cause)
}

// CauseOf returns why the Python of an environment cannot run, by an error of Check, without
// the environment's name.
func CauseOf(err error) string {
	if broken, ok := errors.AsType[*BrokenError](err); ok {
		return broken.Cause
	}
	return err.Error()
}

// Check returns a *BrokenError if the files show that the environment's Python cannot
// run, or would run elsewhere: bin/python is missing, leads nowhere or is not a program;
// or pyvenv.cfg is missing and bin/python is a link to another place; or the directory
// that pyvenv.cfg calls home is gone, in which CPython looks for its standard library.
// Check looks at files only and starts nothing. An environment may be broken in other
// ways.
func (e Environment) Check() error {
	config, err := ReadConfig(e.Path)
	return e.check(lookAtProgram(unix.AT_FDCWD, e.Python()), config, err, &shared{})
}

// check is Check for a caller that has looked already: it takes the target of bin/python,
// pyvenv.cfg or the error of reading it, and the facts about other environments.
func (e Environment) check(python program, config Config, configErr error, s *shared) error {
	cause := e.brokenPython(python, s)
	if cause == "" {
		cause = e.brokenHome(config, configErr, s)
	}
	if cause == "" {
		return nil
	}
	return &BrokenError{Environment: e, Cause: cause}
}

// A program is what a path leads to that should be one.
type program struct {
	stat unix.Stat_t
	err  error
}

// lookAtProgram looks at a path that starts at the open directory dir.
func lookAtProgram(dir int, path string) (p program) {
	p.err = disk.Retry(func() error { return unix.Fstatat(dir, path, &p.stat, 0) })
	return p
}

// brokenPython says what is wrong with bin/python.
func (e Environment) brokenPython(found program, s *shared) string {
	python := e.Python()
	switch {
	case errors.Is(found.err, fs.ErrNotExist):
		return e.lostPython()
	case errors.Is(found.err, unix.ELOOP):
		return fmt.Sprintf("%s is a symbolic link that leads back to itself", python)
	case found.err != nil:
		return fmt.Sprintf("%s cannot be looked at: %v", python, found.err)
	case found.stat.Mode&unix.S_IFMT == unix.S_IFDIR:
		return fmt.Sprintf("%s is a directory", python)
	case !s.isExecutable(python, found.stat):
		return fmt.Sprintf("%s may not be executed", python)
	}
	return ""
}

// maxLinks is how many symbolic links in a row Linux follows.
const maxLinks = 40

// lostPython says where the trail of bin/python ends.
func (e Environment) lostPython() string {
	if _, err := os.Stat(e.Path); err != nil {
		return fmt.Sprintf("%s does not exist", e.Path)
	}
	python := e.Python()
	end := python
	for range maxLinks {
		target, err := os.Readlink(end)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(end), target)
		}
		end = target
	}
	if end == python {
		return fmt.Sprintf("%s does not exist", python)
	}
	return fmt.Sprintf("%s leads to %s, which does not exist", python, end)
}

// strayPython says where bin/python leads in an environment without pyvenv.cfg.
// virtualenv 16 and older made none, and had a copy of Python in bin, which knows
// by what lies around it where it belongs. A link leads to a Python that does not
// know of the environment, and installs elsewhere.
func (e Environment) strayPython() string {
	real, err := filepath.EvalSymlinks(e.Python())
	if err != nil {
		return ""
	}
	root, err := filepath.EvalSymlinks(e.Path)
	if err != nil || strings.HasPrefix(real, root+"/") {
		return ""
	}
	return fmt.Sprintf("it has no pyvenv.cfg, so that its Python is the one of %s, and pip would install there", filepath.Dir(real))
}

// brokenHome says what is wrong with the directory that pyvenv.cfg calls home.
func (e Environment) brokenHome(config Config, err error, s *shared) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return e.strayPython()
	case err != nil:
		return err.Error()
	}
	if home := config.Home(); home != "" && s.isGone(home) {
		return fmt.Sprintf("the Python it was made with is gone: %s does not exist", home)
	}
	return ""
}
