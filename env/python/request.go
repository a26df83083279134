package python

import (
	"fmt"
	"strings"
)

// A request is what a person asked for, where that is a version or a range.
// The zero request admits every interpreter.
type request struct {
	implementation string // "" admits any
	// freeThreaded asks for a build without the lock, which a version gives to
	// nobody who did not ask.
	freeThreaded bool
	bounds       []bound
}

// A bound is one clause of a request.
type bound struct {
	// op is one of PEP 440's comparisons (== != <= >= < >), or "is" and
	// "is not", which compare as many numbers as were given: 3.12 is 3.12.1.
	op      string
	version Version
	parts   int
}

// A RequestError says that a request is in none of the forms that Find takes.
type RequestError struct {
	Request string
	Reason  string
}

func (e *RequestError) Error() string {
	return fmt.Sprintf("%q does not name a Python version: %s", e.Request, e.Reason)
}

// looksLikeVersion tells a request for a version or a range from a name.
func looksLikeVersion(text string) bool {
	return text != "" && (isDigit(text[0]) || strings.IndexByte("<>=!~", text[0]) >= 0)
}

// parseRequest reads a version ("3", "3.12", "3.12.1", "3.13t"), a range
// ("<3.13,>=3.10", "~=3.10", "==3.12.*"), or either after the name of an
// implementation ("pypy3.10", "cpython-3.12").
func parseRequest(text string) (request, error) {
	var r request
	rest := text
	for _, name := range []string{cpython, pypy} {
		if after, ok := strings.CutPrefix(rest, name); ok {
			r.implementation = name
			rest = strings.TrimLeft(after, "-@")
			break
		}
	}
	if r.implementation == "" {
		rest = strings.TrimPrefix(rest, "python")
	}
	if rest == "" && text != "" {
		return r, nil
	}
	for clause := range strings.SplitSeq(rest, ",") {
		if err := r.addClause(strings.TrimSpace(clause)); err != nil {
			return request{}, &RequestError{Request: text, Reason: err.Error()}
		}
	}
	return r, nil
}

// Satisfies reports whether a Python of the version is one that the comparisons admit,
// such as a project's requires-python. The error is a *RequestError.
func Satisfies(v Version, comparisons string) (bool, error) {
	r, err := parseRequest(comparisons)
	if err != nil {
		return false, err
	}
	for _, b := range r.bounds {
		if !b.admits(v) {
			return false, nil
		}
	}
	return true, nil
}

// addClause reads one clause of a range, or a bare version.
func (r *request) addClause(clause string) error {
	op := "is"
	for _, known := range []string{"==", "!=", "<=", ">=", "~=", "<", ">"} {
		if after, ok := strings.CutPrefix(clause, known); ok {
			op, clause = known, strings.TrimSpace(after)
			break
		}
	}
	if after, ok := strings.CutSuffix(clause, ".*"); ok {
		switch op {
		case "==", "is":
			op, clause = "is", after
		case "!=":
			op, clause = "is not", after
		}
	}
	if after, ok := strings.CutSuffix(clause, "t"); ok && op == "is" {
		r.freeThreaded, clause = true, after
	}
	v, parts, err := parseParts(clause)
	if err != nil {
		return err
	}
	if op != "~=" {
		r.bounds = append(r.bounds, bound{op, v, parts})
		return nil
	}
	if parts < 2 {
		return fmt.Errorf("~= needs at least two numbers, as in ~=3.10")
	}
	r.bounds = append(r.bounds, bound{">=", v, parts}, bound{"is", v.truncate(parts - 1), parts - 1})
	return nil
}

// admits tells whether an interpreter is one that was asked for.
func (r request) admits(i Interpreter) bool {
	if r.implementation != "" && r.implementation != i.Implementation {
		return false
	}
	if len(r.bounds) > 0 && r.freeThreaded != i.FreeThreaded {
		return false
	}
	for _, b := range r.bounds {
		if !b.admits(i.Version) {
			return false
		}
	}
	return true
}

func (b bound) admits(v Version) bool {
	switch b.op {
	case "is":
		return b.prefixes(v)
	case "is not":
		return !b.prefixes(v)
	case "==":
		return v.Compare(b.version) == 0
	case "!=":
		return v.Compare(b.version) != 0
	case "<=":
		return v.Compare(b.version) <= 0
	case ">=":
		return v.Compare(b.version) >= 0
	case ">":
		return v.Compare(b.version) > 0
	}
	// PEP 440: "<3.13" does not mean 3.13.0rc1, which comes before 3.13.
	return v.Less(b.version) && (b.version.Suffix != "" || v.compareRelease(b.version) < 0)
}

// prefixes tells whether v begins with the numbers that the bound gives. Three
// of them name a final version.
func (b bound) prefixes(v Version) bool {
	if b.parts == 3 {
		return v.Compare(b.version) == 0
	}
	return v.truncate(b.parts).compareRelease(b.version) == 0
}

// A hint is what the name of a file or directory says about the interpreter in it, before
// den runs that.
type hint struct {
	implementation string // "" when untold
	version        Version
	parts          int // how many of the version's numbers are known; 0: none
	freeThreaded   bool
}

// excludes tells whether no interpreter with this hint can be meant.
func (r request) excludes(h hint) bool {
	if r.implementation != "" && h.implementation != "" && r.implementation != h.implementation {
		return true
	}
	// A file python3.13 may well be the free-threaded build; a file
	// python3.13t cannot be the other one.
	if h.freeThreaded && !r.freeThreaded && len(r.bounds) > 0 {
		return true
	}
	for _, b := range r.bounds {
		if b.excludes(h) {
			return true
		}
	}
	return false
}

func (b bound) excludes(h hint) bool {
	parts := min(h.parts, b.parts)
	if parts == 0 {
		return false
	}
	order := h.version.truncate(parts).compareRelease(b.version.truncate(parts))
	switch b.op {
	case "is", "==":
		return order != 0
	case "is not":
		return order == 0 && h.parts >= b.parts
	case "<", "<=":
		return order > 0
	case ">", ">=":
		return order < 0
	}
	return false
}

// SeriesOf returns the version that a directory in lib is for, in the form that
// Find takes, "3.12" for python3.12, and reports whether it is for one. What
// others have called python-notes is not: Find would look for a command of that
// name.
func SeriesOf(library string) (series string, ok bool) {
	h, ok := fileHint(library)
	if !ok || h.parts != 2 {
		return "", false
	}
	return strings.TrimPrefix(library, "python"), true
}
