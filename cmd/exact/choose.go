// Package exact makes an environment have exactly the packages of a list, and finds
// the archives that the packages of an environment come from.
package exact

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"den/cmd/pip"
	"den/env/lockfile"
)

//go:embed fit.py
var fitScript string

// A question is what fit.py reads, an answer what it prints.
type (
	question struct {
		Markers    []string `json:"markers"`
		Specifiers []string `json:"specifiers"`
		Groups     []string `json:"groups"`
	}
	answer struct {
		Markers    []bool   `json:"markers"`
		Specifiers []bool   `json:"specifiers"`
		Tags       []string `json:"tags"`
		Error      string   `json:"error"`
	}
)

// NeedsPython reports whether only a Python can tell which packages of a list are
// for it.
func NeedsPython(f lockfile.File) bool {
	return slices.ContainsFunc(f.Packages, func(p lockfile.Package) bool { return p.Marker != "" || p.Python != "" })
}

// A ListError says that a list cannot be for this Python.
type ListError struct{ reason string }

func (e *ListError) Error() string { return e.reason }

// Choose returns the packages of the list that are for the Python of an environment.
// Each of those from an index has the one archive that fits best; those of a
// requirements file have none. It asks that Python for its markers and tags.
func Choose(ctx context.Context, its pip.Pip, f lockfile.File) ([]lockfile.Package, error) {
	asked := question{Markers: []string{}, Specifiers: []string{}, Groups: slices.Concat([]string{}, f.DefaultGroups)}
	ask := func(all *[]string, text string) int {
		if text == "" {
			return -1
		}
		*all = append(*all, text)
		return len(*all) - 1
	}
	python := ask(&asked.Specifiers, f.RequiresPython)
	markers, specifiers := make([]int, len(f.Packages)), make([]int, len(f.Packages))
	for i, p := range f.Packages {
		markers[i], specifiers[i] = ask(&asked.Markers, p.Marker), ask(&asked.Specifiers, p.Python)
	}
	asked.Markers = append(asked.Markers, f.Environments...)
	told, err := fit(ctx, its, asked)
	if err != nil {
		return nil, err
	}
	if fits := told.Markers[len(asked.Markers)-len(f.Environments):]; len(fits) > 0 && !slices.Contains(fits, true) {
		return nil, &ListError{fmt.Sprintf("the list is for another environment: %s", strings.Join(f.Environments, "; or "))}
	}
	if python >= 0 && !told.Specifiers[python] {
		return nil, &ListError{fmt.Sprintf("the list is for Python %s", f.RequiresPython)}
	}
	var chosen []lockfile.Package
	for i, p := range f.Packages {
		if markers[i] >= 0 && !told.Markers[markers[i]] {
			continue
		}
		if specifiers[i] >= 0 && !told.Specifiers[specifiers[i]] {
			return nil, &ListError{fmt.Sprintf("%s is for Python %s", p, p.Python)}
		}
		if p, err = narrow(p, told.Tags); err != nil {
			return nil, err
		}
		chosen = append(chosen, p)
	}
	return chosen, CheckOnce(chosen)
}

// CheckOnce returns an error that names a package which is there twice.
func CheckOnce(all []lockfile.Package) error {
	seen := make(map[string]bool)
	for _, p := range all {
		key := p.Name
		if key == "" {
			key = p.Source()
		}
		if seen[key] {
			return &ListError{fmt.Sprintf("%s is in the list twice", key)}
		}
		seen[key] = true
	}
	return nil
}

func fit(ctx context.Context, its pip.Pip, asked question) (told answer, err error) {
	text, err := json.Marshal(asked)
	if err != nil {
		return told, err
	}
	out, err := its.Script(ctx, fitScript, bytes.NewReader(text))
	if err != nil {
		return told, err
	}
	if err := json.Unmarshal(out, &told); err != nil {
		return told, fmt.Errorf("den cannot read the answer of the Python: %w", err)
	}
	if told.Error != "" {
		return told, &ListError{told.Error}
	}
	if len(told.Markers) != len(asked.Markers) || len(told.Specifiers) != len(asked.Specifiers) {
		return told, errors.New("den cannot read the answer of the Python")
	}
	return told, nil
}

// narrow leaves a package the one archive that fits best: the wheel with the first
// of the tags, or else the source distribution.
func narrow(p lockfile.Package, tags []string) (lockfile.Package, error) {
	if len(p.Wheels) == 0 {
		return p, nil
	}
	best, rank := -1, len(tags)
	for i, w := range p.Wheels {
		if r := rankOf(w.FileName(), tags); r >= 0 && r < rank {
			best, rank = i, r
		}
	}
	switch {
	case best >= 0:
		p.Wheels, p.Sdist = p.Wheels[best:best+1], nil
	case p.Sdist != nil:
		p.Wheels = nil
	default:
		return p, &ListError{fmt.Sprintf("none of the archives of %s fits this Python and platform: %s", p, archiveNames(p.Wheels))}
	}
	return p, nil
}

// archiveNames returns the name of the first archive, and how many others there are.
func archiveNames(wheels []lockfile.Archive) string {
	first := wheels[0].FileName()
	if others := len(wheels) - 1; others > 0 {
		return fmt.Sprintf("%s, and %d more", first, others)
	}
	return first
}

// rankOf returns the place of the best tag of a wheel, -1 if it has none of them. The
// name of its file ends with three sets of tags (binary distribution format).
func rankOf(file string, tags []string) int {
	parts := strings.Split(strings.TrimSuffix(file, ".whl"), "-")
	if len(parts) < 5 {
		return -1
	}
	in := func(set int, tag string) bool {
		return slices.Contains(strings.Split(strings.ToLower(parts[set]), "."), tag)
	}
	n := len(parts)
	return slices.IndexFunc(tags, func(tag string) bool {
		t := strings.Split(tag, "-")
		return len(t) == 3 && in(n-3, t[0]) && in(n-2, t[1]) && in(n-1, t[2])
	})
}
