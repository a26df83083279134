package python

import (
	"fmt"
	"path/filepath"
	"slices"
)

// A Named is an interpreter that den has not run now. Its facts are those of an earlier
// answer or, if there was none, those in the names of its file and directory. That may be
// wrong.
type Named struct {
	// Name is a version in a form that Find takes, with as many numbers as are
	// known: "3.12", "3.12.1", "3.13t", "pypy3.10".
	Name string
	// Series is the Name with two numbers.
	Series string
	Path   string
	// Source is as in Interpreter.
	Source string
}

// Names lists the interpreters with a version that is known, or that the name gives,
// in the order in which Find prefers them. It reads directories and the cache, and
// starts nothing, so it is fast enough to be called while a person types.
func (f Finder) Names() []Named {
	type told struct {
		Named
		hint hint
	}
	var all []told
	var known []Interpreter
	for _, c := range f.scan(request{}) {
		named, h := Named{Path: c.path, Source: c.source}, hintOf(c.path)
		if i, err := f.follow(c.path, c.source, f.recall); err == nil {
			if slices.ContainsFunc(known, func(k Interpreter) bool { return IsSame(k, i) }) {
				continue
			}
			known = append(known, i)
			named.Path, named.Source = i.Path, i.Source
			h = i.facts()
		} else if real, err := filepath.EvalSymlinks(c.path); err == nil {
			if r := hintOf(real); r.parts > h.parts {
				h = r
			}
		}
		if h.parts > 1 {
			named.Name = h.name()
			h.parts = 2
			named.Series = h.name()
			all = append(all, told{named, h})
		}
	}
	slices.SortStableFunc(all, func(a, b told) int { return hintPreference(a.hint, b.hint) })
	names := make([]Named, len(all))
	for i, t := range all {
		names[i] = t.Named
	}
	return names
}

// recall is the answer that the program at path gave once.
func (f Finder) recall(path string) (answer, error) {
	if a, ok := f.remembered(path); ok {
		return a, nil
	}
	return answer{}, fmt.Errorf("den has no stored answer for %s", path)
}

// isOther tells whether the interpreter is not CPython.
func (h hint) isOther() bool { return h.implementation != "" && h.implementation != cpython }

// name writes the hint as Interpreter.Name would, with the numbers that it has.
func (h hint) name() string {
	name := h.version.String()
	if h.parts == 2 {
		name = h.version.Series()
	}
	if h.freeThreaded {
		name += "t"
	}
	if h.isOther() {
		name = h.implementation + name
	}
	return name
}
