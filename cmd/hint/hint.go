// Package hint has errors that carry the next step for the person, and writes
// the words of a command as the person can copy them.
package hint

import (
	"errors"
	"fmt"
	"strings"

	"den/shell"
)

// A hinted error has next steps for the person.
type hinted struct {
	error
	hints []string
}

func (e hinted) Unwrap() error { return e.error }

// With returns the error with a next step.
func With(err error, format string, args ...any) error {
	return WithAll(err, fmt.Sprintf(format, args...))
}

// WithAll returns the error with next steps.
func WithAll(err error, hints ...string) error { return hinted{err, hints} }

// Of returns the next steps that the error carries, and whether it has been
// given any.
func Of(err error) (hints []string, ok bool) {
	h, ok := errors.AsType[hinted](err)
	return h.hints, ok
}

// Word returns a name as a person would type it in a shell.
func Word(name string) string {
	if isPlain(name) {
		return name
	}
	return shell.QuoteEscaped(name)
}

// Path returns a path as a person would type it in a shell.
func Path(path string) string {
	if isPlain(strings.ReplaceAll(path, "/", "")) {
		return path
	}
	return Word(path)
}

// Line returns words as a person would type them in a shell, with a blank between them.
func Line(words []string) string {
	typed := make([]string, len(words))
	for i, word := range words {
		typed[i] = Path(word)
	}
	return strings.Join(typed, " ")
}

func isPlain(name string) bool {
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '+') {
			return false
		}
	}
	return name != ""
}

// mostWords is how many words Some names.
const mostWords = 3

// Some joins the first few words, and says how many more there are.
func Some(words []string) string {
	if len(words) <= mostWords {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:mostWords], ", "), len(words)-mostWords)
}

// Join returns "a", "a or b", "a, b or c".
func Join(words []string, last string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + last + words[n-1]
	}
	return strings.Join(words, "")
}
