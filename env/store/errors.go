package store

import (
	"fmt"
	"path/filepath"
)

// ExistsError says that the name is taken, by what is at Path.
type ExistsError struct {
	Name, Path string
	Found      string // what stands there, "" for an environment: "a directory", "a file"
}

func (e *ExistsError) Error() string {
	if e.Found == "" {
		return fmt.Sprintf("environment %q exists already", e.Name)
	}
	return fmt.Sprintf("the name %q is taken: %s is %s, not an environment",
		e.Name, e.Path, e.Found)
}

// NotFoundError says that Home has no environment called Name.
type NotFoundError struct {
	Name, Home string
	Found      string   // what has the name, and is none: "a directory"; "" for nothing
	Similar    []string // names of environments that may have been meant, best first; this package fills in none
}

func (e *NotFoundError) Error() string {
	if e.Found != "" {
		return fmt.Sprintf("no environment named %q: %s is %s", e.Name, filepath.Join(e.Home, e.Name), e.Found)
	}
	return fmt.Sprintf("no environment named %q", e.Name)
}

// NotEnvironmentError says why the directory Path is no environment.
type NotEnvironmentError struct {
	Path   string
	Reason string // completes "it …": "has no bin/python"
}

func (e *NotEnvironmentError) Error() string {
	return fmt.Sprintf("%s is not an environment: it %s", e.Path, e.Reason)
}
