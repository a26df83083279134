package pack

import (
	"fmt"
	"strings"
)

// A CorruptError says why a file is not a packed environment, or none that was
// packed so.
type CorruptError struct{ Reason string }

func (e *CorruptError) Error() string { return e.Reason }

// A NewerError says that a packed environment has a format that this den does not
// know.
type NewerError struct {
	Format int
	Den    string // the den that wrote it
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("it has the format %d, of den %s, which this den does not know", e.Format, e.Den)
}

// A MisfitError says why an interpreter, or all, are not what a packed environment
// needs.
type MisfitError struct{ Reason string }

func (e *MisfitError) Error() string { return e.Reason }

// An OutsideError names what in an environment leads out of it.
type OutsideError struct{ Found []Outside }

func (e *OutsideError) Error() string {
	lines := []string{"it has what leads out of it:"}
	for _, o := range e.Found {
		lines = append(lines, "    "+o.String())
	}
	return strings.Join(lines, "\n")
}
