package layout

import (
	"fmt"
	"strings"

	"den/env/python"
	"den/env/python/child"
)

// A TooOldError says that a backend cannot build upon an interpreter.
type TooOldError struct {
	Backend     string
	Interpreter python.Interpreter
	Oldest      string // the first version that it can build upon: "3.8"
}

func (e *TooOldError) Error() string {
	return fmt.Sprintf("%s needs Python %s or later, and %s is Python %s",
		e.Backend, e.Oldest, e.Interpreter.Path, e.Interpreter.Version)
}

// A MissingError says that something which a backend needs is not installed.
type MissingError struct {
	Backend string
	Lack    string // what is missing, and from where: "the program uv"
	// Package is the Debian package that has what an interpreter of Debian's
	// lacks; "" otherwise.
	Package string
	Hint    string // how to get it
}

func (e *MissingError) Error() string {
	message := fmt.Sprintf("%s needs %s, which is not installed", e.Backend, e.Lack)
	if e.Package != "" {
		message += fmt.Sprintf(" (Debian package %s)", e.Package)
	}
	return message
}

// A FailedError says that a tool ran and made no environment.
type FailedError struct {
	Program string
	Output  string // the end of what it printed
	Err     error
}

// Error gives, indented on lines of their own, the last of what the tool said.
func (e *FailedError) Error() string {
	lines := append([]string{fmt.Sprintf("%s failed: %v", e.Program, e.Err)}, child.LastLines(e.Output, 10)...)
	return strings.Join(lines, "\n    ")
}

func (e *FailedError) Unwrap() error { return e.Err }

// A StartError says that an environment was laid out and its Python does not
// start, or is another than the one that was asked for.
type StartError struct {
	Spec Spec
	Err  error
}

func (e *StartError) Error() string {
	how := "linked to"
	if e.Spec.Copies {
		how = "copied from"
	}
	return fmt.Sprintf("the environment's Python, %s %s, does not work: %s", how, e.Spec.Interpreter.BaseExecutable, e.Err)
}

func (e *StartError) Unwrap() error { return e.Err }

// A NoLinksError says that the file system of Dir has no symbolic links, and the
// interpreter was to be linked to.
type NoLinksError struct{ Dir string }

func (e *NoLinksError) Error() string {
	return fmt.Sprintf("the file system of %s has no symbolic links", e.Dir)
}
