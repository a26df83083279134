// Package python finds the Python interpreters of a machine and asks them
// about themselves.
//
// A Finder turns what a person asked for (a path, a command name, a version, a
// range) into an Interpreter, by looking on PATH and in the places where
// pyenv, asdf, mise, uv, Homebrew, conda, python.org's installer and `make
// altinstall` put them. Every candidate that matters is run once with a short
// script, and its answer may be kept on disk. The package does nothing else with an
// interpreter.
package python

import (
	"strings"
)

// An Interpreter is a Python that was run and answered. It is never the Python
// of a virtual environment: one asked for stands for its base interpreter.
type Interpreter struct {
	// Path is the file that was found. It may be a link to the interpreter or
	// a shim that starts it.
	Path string `json:"path"`
	// Source says where it was found: "PATH", "pyenv", "asdf", "mise", "uv",
	// "homebrew", "conda", "python.org", "/usr/local", "/opt", "/usr", or
	// "path" for one that was asked for by its path.
	Source string `json:"source"`

	Version Version `json:"version"`
	// Implementation is sys.implementation.name: "cpython", "pypy".
	Implementation string `json:"implementation"`
	// FreeThreaded tells a build without the global interpreter lock (PEP 703).
	FreeThreaded bool `json:"free_threaded"`
	// PointerBits is 32 or 64.
	PointerBits int `json:"pointer_bits"`

	// Executable is sys.executable.
	Executable string `json:"executable"`
	// BaseExecutable is the program that environments are to be built upon: as
	// stable a path as the interpreter knows, not resolved through links.
	BaseExecutable string `json:"base_executable"`
	Prefix         string `json:"prefix"`
	BasePrefix     string `json:"base_prefix"`
	// Stdlib is the directory of the standard library.
	Stdlib string `json:"stdlib"`

	// Scheme maps the names of the install scheme of virtual environments
	// (purelib, platlib, scripts, data, include, platinclude …; the scheme is
	// "venv" where the interpreter has it, else "posix_prefix") to
	// directories: relative for directories inside an environment, absolute for
	// directories of the base interpreter.
	Scheme map[string]string `json:"scheme"`

	// HasVenv and HasEnsurepip tell whether these modules can be imported:
	// Debian packages them apart.
	HasVenv      bool `json:"has_venv"`
	HasEnsurepip bool `json:"has_ensurepip"`
	// WheelDirs are the directories in which ensurepip looks for its wheels,
	// first choice first. They need not exist.
	WheelDirs []string `json:"wheel_dirs"`
	// Debian marks a Python that was built as a Debian (Ubuntu, deadsnakes)
	// package. Parts of it may be packages of their own.
	Debian bool `json:"debian"`
}

// Name tells one interpreter from another in a few characters, in a form that
// Find takes: "3.12.1", "3.13.0t", "pypy3.10.14".
func (i Interpreter) Name() string { return i.facts().name() }

// Series is the Name with two numbers, as in "3.12", "3.13t", "pypy3.10". Find admits the
// interpreters of that version.
func (i Interpreter) Series() string {
	h := i.facts()
	h.parts = 2
	return h.name()
}

// facts are what a name can hint at.
func (i Interpreter) facts() hint { return hint{i.Implementation, i.Version, 3, i.FreeThreaded} }

// Satisfies tells whether the interpreter's version is one that a package asks
// for in its Requires-Python, as in ">=3.8,!=3.9.1". The error is a
// *RequestError.
func (i Interpreter) Satisfies(specifier string) (bool, error) {
	if strings.TrimSpace(specifier) == "" {
		return true, nil
	}
	return Satisfies(i.Version, specifier)
}

const (
	cpython = "cpython"
	pypy    = "pypy"
)
