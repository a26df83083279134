package cmd

// In a shell that has loaded "den init virtualenvwrapper", scripts and people look
// for virtualenvwrapper's own lines. There, den prints these, to the letter and on
// the same stream, in place of what it would say itself. Hints follow on a terminal.

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"den/hooks"
)

// wrapperVersion is the version of virtualenvwrapper that den is compared with.
const wrapperVersion = "6.1.1"

// A wordedError is an error for which virtualenvwrapper has a line of its own.
type wordedError struct {
	error
	line string
}

func (e wordedError) Unwrap() error { return e.error }

// worded gives the error virtualenvwrapper's line.
func worded(err error, format string, args ...any) error {
	return wordedError{err, fmt.Sprintf(format, args...)}
}

// underWords reports whether the shell has the words from "den init
// virtualenvwrapper".
func (t *terminal) underWords() bool { return t.words != "" }

// sayWords prints virtualenvwrapper's line for an error, and reports whether it
// has one.
func (t *terminal) sayWords(err error) bool {
	w, ok := errors.AsType[wordedError](err)
	if !t.underWords() || !ok {
		return false
	}
	fmt.Fprintln(t.stderr, w.line)
	return true
}

// wording returns virtualenvwrapper's line under its words, or else den's own.
func (t *terminal) wording(line, own string) string {
	if t.underWords() {
		return line
	}
	return own
}

// notice prints virtualenvwrapper's line on standard error, or else the note.
func (t *terminal) notice(line, note string) {
	if t.underWords() {
		fmt.Fprintln(t.stderr, line)
		return
	}
	t.notef("%s", note)
}

// announce prints the line with which virtualenvwrapper says what it does. In its
// own words den says what it has done, by doneUnannounced.
func (t *terminal) announce(format string, args ...any) {
	if t.underWords() {
		t.printf(format+"\n", args...)
	}
}

// doneUnannounced is donef where announce has printed nothing.
func (t *terminal) doneUnannounced(format string, args ...any) {
	if !t.underWords() {
		t.donef(format, args...)
	}
}

// wordHookProblem returns the error with the line that virtualenvwrapper's hook
// loader logs for a hook that cannot be run.
func wordHookProblem(err error) error {
	unused, ok := errors.AsType[*hooks.UnusedError](err)
	if !ok || unused.Errno == 0 {
		return err
	}
	message := []rune(unused.Errno.Error())
	message[0] = unicode.ToUpper(message[0])
	return worded(err, `virtualenvwrapper.user_scripts could not run "%s": [Errno %d] %s: '%s'`,
		unused.Path, int(unused.Errno), string(message), strings.ReplaceAll(unused.Path, "'", `\'`))
}
