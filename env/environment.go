package env

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"den/env/disk"
	"den/env/store"
)

// Environment is a Python environment: where it is, and what it is called, the
// last component of that. Its methods read the disk anew each time, and start
// no Python.
type Environment struct {
	Name, Path string
}

// Open returns the environment that is the directory at path, in a home or
// not. A relative path is taken from the working directory; a symbolic link
// stays as it is. It returns a *store.NotEnvironmentError when the directory is none,
// and fs.ErrNotExist when it does not exist.
func Open(path string) (Environment, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Environment{}, fmt.Errorf("resolving %s: %w", path, err)
	}
	info, err := os.Stat(absolute)
	if err != nil {
		return Environment{}, fmt.Errorf("opening environment %s: %w", absolute, disk.Cause(err))
	}
	if !info.IsDir() {
		return Environment{}, &store.NotEnvironmentError{Path: absolute, Reason: "is not a directory"}
	}
	lacks, err := lacking(absolute)
	if err != nil {
		return Environment{}, fmt.Errorf("opening environment %s: %w", absolute, err)
	}
	if lacks != "" {
		return Environment{}, &store.NotEnvironmentError{Path: absolute, Reason: "has no " + lacks}
	}
	return Environment{Name: filepath.Base(absolute), Path: absolute}, nil
}

// Bin is the directory of the environment's programs.
func (e Environment) Bin() string {
	return filepath.Join(e.Path, "bin")
}

// Python is the environment's interpreter, which may be a link that dangles;
// Check tells.
func (e Environment) Python() string {
	return filepath.Join(e.Path, "bin", "python")
}

// SitePackages is the directory that packages are installed into, the purelib
// of sysconfig's "venv" scheme: lib/pythonX.Y/site-packages, where python is
// pypy for PyPy and X.Y ends in t for a free-threaded build. Where there are
// several, it is the one of the version in pyvenv.cfg. The error is
// fs.ErrNotExist when there is none, or none can be told from the others.
func (e Environment) SitePackages() (string, error) {
	config, _ := ReadConfig(e.Path) // without it, one directory is still enough
	version := MinorVersion(configuredVersion(config))
	var all, fitting []string
	for _, lib := range e.libraries() {
		dir := filepath.Join(e.Path, "lib", lib, "site-packages")
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		all = append(all, dir)
		if libraryVersion(lib) == version {
			fitting = append(fitting, dir)
		}
	}
	switch {
	case len(fitting) == 1:
		return fitting[0], nil
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0:
		return "", fmt.Errorf("looking for site-packages in %s: %w", filepath.Join(e.Path, "lib"), fs.ErrNotExist)
	}
	return "", fmt.Errorf("looking for site-packages in %s: pyvenv.cfg does not tell which of %d it is: %w",
		filepath.Join(e.Path, "lib"), len(all), fs.ErrNotExist)
}

// Prompt is the text that stands for the environment in a prompt, without
// parentheses: the prompt in pyvenv.cfg or, if there is none that CheckPrompt
// admits, the name.
func (e Environment) Prompt() string {
	config, err := ReadConfig(e.Path)
	if err != nil || config.Get("prompt") == "" {
		return e.Name
	}
	prompt := readPrompt(config.Get("prompt"))
	if prompt == "" || CheckPrompt(prompt) != nil {
		return e.Name
	}
	return prompt
}

// unquote reads a string literal as Python's repr writes it, and reports
// whether text is one.
func unquote(text string) (string, bool) {
	quote := text[0]
	if len(text) < 2 || quote != '\'' && quote != '"' || text[len(text)-1] != quote {
		return "", false
	}
	var b strings.Builder
	for rest := text[1 : len(text)-1]; rest != ""; {
		// Go's escapes are those that repr uses. \xe9 is a letter in Python
		// and a byte in Go, but here comes as a rune either way.
		r, _, tail, err := strconv.UnquoteChar(rest, quote)
		if err != nil {
			return "", false
		}
		b.WriteRune(r)
		rest = tail
	}
	return b.String(), true
}
