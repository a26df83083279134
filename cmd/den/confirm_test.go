package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A project directory that is not there is made for a person who says so, and for
// nobody else.
func TestOfferToMake(t *testing.T) {
	t.Parallel()
	const question = "is not there. Make it? [y/N]"
	for _, row := range []struct {
		name, typed, answer string
		made                bool
		status              int
	}{
		{"yes", "den mk --no-activate --without-pip web -a src/web", "y\n", true, 0},
		{"no", "den mk --no-activate --without-pip web -a src/web", "\n", false, 1},
		{"interrupted", "den mk --no-activate --without-pip web -a src/web", "\x03", false, 130},
		{"linked", "lay web; den project set web src/web", "yes\n", true, 0},
		{"linked, no", "lay web; den project set web src/web", "n\n", false, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			shown, status := p.answers(scenario{}, "", row.typed, question+" ", row.answer)
			if status != row.status {
				t.Errorf("the exit status is %d, want %d:\n%s", status, row.status, shown)
			}
			_, err := os.Stat(filepath.Join(p.home, "src/web"))
			if made := err == nil; made != row.made {
				t.Errorf("the directory is there: %t, want %t:\n%s", made, row.made, shown)
			}
			if !row.made && strings.HasPrefix(row.typed, "den mk") {
				if names := p.names(); len(names) > 0 {
					t.Errorf("there are %q", names)
				}
			}
		})
	}
	t.Run("nobody to ask", func(t *testing.T) {
		t.Parallel()
		p := newPerson(t)
		got := p.den("mk", "--no-activate", "web", "-a", "src/web")
		if got.status != 1 || strings.Contains(got.out, question) || !strings.Contains(got.out, "den: hint: make it first: mkdir -p src/web") {
			t.Errorf("it ends with %d and says:\n%s", got.status, got.out)
		}
	})
}
