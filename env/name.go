package env

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name, in bytes, that file systems take (NAME_MAX).
const maxName = 255

// NameError says why Name cannot be an environment's.
type NameError struct {
	Name   string
	Reason string // completes "it …": "starts with a dash"
}

func (e *NameError) Error() string {
	return fmt.Sprintf("%q cannot be an environment's name: it %s", e.Name, e.Reason)
}

// CheckName returns a *NameError unless name can be an environment's. A name is one
// component of a path. It has 1 to 255 bytes. It does not start with a dot (such names
// are hidden, and . and .. are among them) or a dash (an option). It has no slash, no
// colon (it separates the entries of PATH), and no control character, NUL and U+0080 to
// U+009F included. It is UTF-8: the name gets into pyvenv.cfg, and CPython does not start
// if that is not strict UTF-8. Everything else is allowed: spaces in any place, quotes,
// dollar signs, any script.
func CheckName(name string) error {
	reason := ""
	switch {
	case name == "":
		reason = "is empty"
	case name[0] == '-':
		reason = "starts with a dash"
	case name[0] == '.':
		reason = "starts with a dot"
	case strings.Contains(name, "/"):
		reason = "contains a slash"
	case strings.Contains(name, ":"):
		reason = "contains a colon"
	case strings.Contains(name, "\x00"):
		reason = "contains a NUL"
	case strings.Contains(name, "\n"):
		reason = "contains a newline"
	case !utf8.ValidString(name):
		reason = "is not valid UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		reason = "contains a control character"
	case len(name) > maxName:
		reason = fmt.Sprintf("is longer than %d bytes", maxName)
	}
	if reason != "" {
		return &NameError{Name: name, Reason: reason}
	}
	return nil
}
