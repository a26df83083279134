// Package env keeps named Python environments in one directory, the home
// (WORKON_HOME): what a name may be, which environments there are, what each
// says of itself, and making and removing one so that it exists whole or not
// at all, whatever happens meanwhile and whoever else is at it.
//
// An environment is a directory of the home, or a symbolic link to one, that
// PEP 405 (or virtualenv, before it) would know: it holds pyvenv.cfg or
// bin/activate, and something at bin/python, be it a link that dangles. Other
// directories, files and names with a leading dot are not den's business and
// are left alone.
//
// The package's own notes are in the directory .den of the home:
//
//	.den/locks/NAME       held while NAME is being made or removed
//	.den/staging/*/NAME   environments being made
//	.den/trash/*          environments that were removed, to be deleted
//
// It starts no process: finding interpreters is left to den/env/python, laying
// an environment out to den/env/layout, and entering one to den/shell.
package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

// Home is a directory of environments. The zero Home is not one; NewHome makes
// them.
type Home struct {
	dir string
}

// NewHome takes dir, an absolute path, as the home. It looks at the path alone
// and not at the disk: the directory need not exist. A symbolic link in the
// path stays as it is. NewHome refuses the root directory, and a path with a
// colon, which would end an entry of PATH in the middle (venv refuses it too),
// with a newline, which would end a shebang line, or with a NUL.
func NewHome(dir string) (Home, error) {
	reason := ""
	clean := filepath.Clean(dir)
	switch {
	case dir == "":
		reason = "the path is empty"
	case !filepath.IsAbs(dir):
		reason = "the path is relative"
	case clean == "/":
		reason = "it is the root directory"
	case strings.Contains(dir, ":"):
		reason = "the path contains a colon"
	case strings.Contains(dir, "\n"):
		reason = "the path contains a newline"
	case strings.Contains(dir, "\x00"):
		reason = "the path contains a NUL"
	}
	if reason != "" {
		return Home{}, fmt.Errorf("environments cannot be kept in %q: %s", dir, reason)
	}
	return Home{clean}, nil
}

// Dir is the home's path, absolute, without a trailing slash.
func (h Home) Dir() string {
	return h.dir
}

// Path is where the environment called name is, or would be. It says nothing
// of whether name is a valid one; CheckName does.
func (h Home) Path(name string) string {
	return h.dir + "/" + name
}

// Ensure makes the home, and the directories above it, where it is missing,
// and reports whether it did: of two processes that call it at once, one does.
func (h Home) Ensure() (created bool, err error) {
	if h.exists() {
		return false, nil
	}
	if err := disk.MkdirAll(filepath.Dir(h.dir), 0o777); err != nil {
		return false, fmt.Errorf("creating %s: %w", h.dir, err)
	}
	err = disk.Mkdir(h.dir, 0o777)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist) && h.exists():
		return false, nil
	case errors.Is(err, fs.ErrExist):
		return false, fmt.Errorf("creating %s: %s stands there: %w", h.dir, describe(h.dir), reason(err))
	}
	return false, fmt.Errorf("creating %s: %w", h.dir, reason(err))
}

func (h Home) exists() bool {
	info, err := os.Stat(h.dir)
	return err == nil && info.IsDir()
}

// describe says what stands at path, with its article, for a message.
func describe(path string) string {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return "something"
	case info.IsDir():
		return "a directory"
	case info.Mode().IsRegular():
		return "a file"
	case info.Mode()&fs.ModeSymlink == 0:
		return "a special file"
	}
	target, err := os.Stat(path)
	switch {
	case err != nil:
		return DanglingLink
	case target.IsDir():
		return "a symbolic link to a directory"
	}
	return "a symbolic link to a file"
}

// reason is err without the call and the path in it, for a message that has
// already said, in words, what was attempted and on what.
func reason(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	case *os.SyscallError:
		return e.Err
	}
	return err
}
