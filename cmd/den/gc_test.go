package main

import (
	"slices"
	"strings"
	"testing"
)

// gc shows what there is, names the environments, and does what the person says.
func TestGcAsks(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, typed, question, answer string
		left                          []string
	}{
		{"yes", "den gc environments", `remove the environments "lost" (`, "y\n", []string{"web"}},
		{"no", "den gc environments", `remove the environments "lost" (`, "\n", []string{"lost", "web"}},
		{"no, for what else there is", "den gc removed", "delete removed environments (", "n\n", []string{"lost", "web"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			shown, status := p.answers(scenario{}, `lay web lost gone; echo /gone >"$WORKON_HOME/lost/.project"; den rm gone`, row.typed, row.question, row.answer)
			if status != 0 || !strings.Contains(shown, "size") {
				t.Errorf("it ends with %d:\n%s", status, shown)
			}
			if names := p.names(); !slices.Equal(names, row.left) {
				t.Errorf("there are %q, want %q:\n%s", names, row.left, shown)
			}
			if back := p.den("undo", "gone"); back.status != 0 {
				t.Errorf("what was removed before cannot come back: %s", back.out)
			}
		})
	}
}
