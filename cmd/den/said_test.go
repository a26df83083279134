package main

import (
	"strings"
	"testing"
)

// TestSaidAtTerminal looks at what commands say at a terminal that have done it.
func TestSaidAtTerminal(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	for typed, says := range map[string]string{
		"den config set python 3; den config unset python":                                "den: the setting python has no value now",
		"den config set cd false; den config unset cd":                                    `den: the setting cd is "true" now (from default)`,
		"workon web; den vars set web A=1; den vars unset web A 2>&1 | sed 's/^/unset /'": `unset den: note: "web" is active: this shell has the change after "workon web"`,
	} {
		shown, status := p.answers(scenario{loaded: true}, "", typed)
		if status != 0 || !strings.Contains(shown, says) {
			t.Errorf("%q is not shown by %q, which ends with %d:\n%s", says, typed, status, shown)
		}
	}
}
