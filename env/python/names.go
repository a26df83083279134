package python

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// A Named is an interpreter by what the names of its file and directory tell.
// It has not been run: it may be another version, or not run at all.
type Named struct {
	// Name is a version in a form that Find takes, with as many numbers as are
	// told: "3.12", "3.12.1", "3.13t", "pypy3.10".
	Name string
	Path string
	// Source is as in Interpreter.
	Source string
}

// Names lists the interpreters whose version can be told by name, those first
// that Find would rather choose. It reads directories and starts nothing, so
// it is quick enough to be called while a person types.
func (f Finder) Names() []Named {
	type told struct {
		Named
		hint hint
	}
	var all []told
	for _, c := range f.scan(request{}) {
		h := hintOf(c.path)
		if real, err := filepath.EvalSymlinks(c.path); err == nil {
			if r := hintOf(real); r.parts > h.parts {
				h = r
			}
		}
		if h.parts > 1 {
			all = append(all, told{Named{h.name(), c.path, c.source}, h})
		}
	}
	slices.SortStableFunc(all, func(a, b told) int { return hintPreference(a.hint, b.hint) })
	names := make([]Named, len(all))
	for i, t := range all {
		names[i] = t.Named
	}
	return names
}

// hintPreference is preference, by what is told.
func hintPreference(a, b hint) int {
	return cmp.Or(
		falseFirst(a.isOther(), b.isOther()),
		falseFirst(a.freeThreaded, b.freeThreaded),
		falseFirst(a.version.Suffix != "", b.version.Suffix != ""),
		b.version.Compare(a.version),
	)
}

// isOther tells whether the interpreter is not CPython.
func (h hint) isOther() bool { return h.implementation != "" && h.implementation != cpython }

// name writes the hint as Interpreter.Name would, with the numbers that it has.
func (h hint) name() string {
	name := h.version.String()
	if h.parts == 2 {
		name = strings.TrimSuffix(name, ".0")
	}
	if h.freeThreaded {
		name += "t"
	}
	if h.isOther() {
		name = h.implementation + name
	}
	return name
}
