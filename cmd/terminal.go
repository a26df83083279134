package cmd

// This file is everything that den says to the person. The rules:
//
//   - Errors, warnings and notes go to standard error, begin with "den: " and
//     are neither capitalized nor ended with a full stop; a hint line follows
//     where there is a next step.
//   - Data goes to standard output: plain lines for a program, a table on a
//     terminal, JSON when asked for.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/term"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/env/disk"
)

// The exit statuses. den run has the status of the program that it becomes.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusNotRunnable = 126
	statusNotFound    = 127
	statusInterrupted = 130
)

// terminal is where den reads and prints.
type terminal struct {
	stdin, stdout, stderr *os.File
	unwritten             error  // why printf could not write
	words                 string // the tool that gave the words, such as "virtualenvwrapper"; "" for den's own
}

func (t *terminal) say(kind, format string, args ...any) {
	if kind != "" {
		kind += ": "
	}
	fmt.Fprintf(t.stderr, "den: %s%s\n", kind, fmt.Sprintf(format, args...))
}

func (t *terminal) warnf(format string, args ...any) { t.say("warning", format, args...) }
func (t *terminal) notef(format string, args ...any) { t.say("note", format, args...) }
func (t *terminal) hintf(format string, args ...any) { t.say("hint", format, args...) }

// donef tells a person that something was done; a program gets the exit status.
func (t *terminal) donef(format string, args ...any) {
	if isTerminal(t.stderr) {
		t.say("", format, args...)
	}
}

// isWatched reports whether a person sees at once what den prints. A command that has
// nothing to print tells a person so, and a program nothing.
func (t *terminal) isWatched() bool { return isTerminal(t.stdout) || isTerminal(t.stderr) }

// printf prints data. A failure makes the command fail in the end.
func (t *terminal) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(t.stdout, format, args...); err != nil {
		t.unwritten = err
	}
}

// printJSON prints a value for a program.
func (t *terminal) printJSON(value any) error {
	encoder := json.NewEncoder(t.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// console is where pip reads and prints.
func (t *terminal) console() pip.Console {
	return pip.Console{Stdin: t.stdin, Stdout: t.stdout, Stderr: t.stderr, Notef: t.notef, Warnf: t.warnf}
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// report prints the error and its hints and returns the exit status for it.
func (t *terminal) report(err error) int {
	if err == nil {
		return statusDone
	}
	if silent, ok := errors.AsType[exitStatus](err); ok {
		return int(silent)
	}
	if errors.Is(err, context.Canceled) {
		t.say("error", "interrupted")
		return statusInterrupted
	}
	t.sayWith("error", err)
	if own, ok := errors.AsType[statusError](err); ok {
		return own.status
	}
	if as[usageError](err) {
		return statusUsage
	}
	return statusFailed
}

// sayWith prints what went wrong, as an error or a warning, and its hints.
func (t *terminal) sayWith(kind string, err error) {
	if t.sayWords(err) {
		if !isTerminal(t.stderr) {
			return // a program gets virtualenvwrapper's line and no other
		}
	} else {
		t.say(kind, "%s", err)
	}
	for _, next := range hints(err) {
		t.hintf("%s", next)
	}
}

// exitStatus ends den with a status; what went wrong has been said already.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// A statusError has an exit status of its own.
type statusError struct {
	error
	status int
}

func (e statusError) Unwrap() error { return e.error }

// A usageError says that den was called wrongly.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// warnOf warns about an error that stops nothing.
func (t *terminal) warnOf(err error) {
	t.sayWith("warning", err)
}

// hints returns the next steps for an error: its own, or those that follow
// from what went wrong.
func hints(err error) []string {
	if disk.IsShortage(err) {
		return []string{showLimits}
	}
	if given, ok := hint.Of(err); ok {
		return given
	}
	untrusted, isUntrusted := errors.AsType[*disk.UntrustedError](err)
	switch {
	case isUntrusted:
		return []string{"look at it first, then: " + untrusted.Mend}
	case errors.Is(err, syscall.ENOSPC):
		return []string{"make room on the disk and try again; nothing was left behind"}
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return permissionHints(err)
	}
	return nil
}

// permissionHints returns the next steps for a file that den may not read or write. den
// does not know why, so they show where to look.
func permissionHints(err error) []string {
	const elsewhere = `environments can be elsewhere: set WORKON_HOME to a directory of yours ("den config workon_home" shows the present one)`
	file, ok := errors.AsType[*fs.PathError](err)
	if !ok || !filepath.IsAbs(file.Path) {
		return []string{elsewhere}
	}
	there := file.Path
	for disk.IsGone(there) {
		there = filepath.Dir(there)
	}
	return []string{"to see who may: ls -ld " + hint.Path(there), elsewhere}
}
