package python

import (
	"fmt"
	"path/filepath"
	"strings"

	"den/env/python/child"
)

// A NotFoundError says that no interpreter is what was asked for.
type NotFoundError struct {
	Request string
	// Available names the interpreters that there are, newest first, in the
	// form of Interpreter.Name. It is empty where the request was a path.
	Available []string
}

func (e *NotFoundError) Error() string {
	switch {
	case e.Request == "":
		return "no Python was found"
	case strings.Contains(e.Request, "/"):
		return fmt.Sprintf("there is no Python at %s", e.Request)
	}
	return fmt.Sprintf("no Python was found for %q", e.Request)
}

// A ProbeError says that a file is there but does not behave as a Python does.
type ProbeError struct {
	Path   string
	Output string // what it printed
	Err    error  // why it does not run; nil if it runs and is something else
}

func (e *ProbeError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s is not a Python interpreter", e.Path)
	}
	message := fmt.Sprintf("%s does not run: %v", e.Path, e.Err)
	lines := child.LastLines(e.Output, 100)
	switch {
	case len(lines) == 0:
		return message
	case isShimDir(filepath.Dir(e.Path)):
		return message + ": " + lines[0] // what it lacks; then it lists what it has
	}
	return message + ": " + lines[len(lines)-1]
}

func (e *ProbeError) Unwrap() error { return e.Err }
