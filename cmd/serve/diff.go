package serve

import (
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff returns the difference of the texts, as diff -u prints it.
func (c Change) Diff() string {
	text := string(diff.Diff(c.Path, []byte(c.Old), c.Path+" (den)", []byte(c.New)))
	return strings.TrimPrefix(text, "diff "+c.Path+" "+c.Path+" (den)\n")
}
