package main

import (
	"strings"
	"testing"
	"unicode/utf8"
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
		`"$(type -P den)" doctor | grep 'its path'`:                                       "den: it was called by its path, and so does not see whether this shell has its words",
	} {
		shown, status := p.answers(scenario{loaded: true}, "", typed)
		if status != 0 || !strings.Contains(shown, says) {
			t.Errorf("%q is not shown by %q, which ends with %d:\n%s", says, typed, status, shown)
		}
	}
}

// TestSaidOfNothing checks that a command with nothing to print tells a person so, even if
// only its errors reach the terminal, and that it tells a program nothing.
func TestSaidOfNothing(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	asked := map[string]string{
		"den all true":      "there are no environments in ",
		"den upgrade --all": "there are no environments in ", "den upgrade --all --dry-run": "there are no environments in ",
		"den gc --dry-run": "there is nothing that den could do without", "den undo --list": "there is nothing to undo",
		"den kernel list": "den has made no kernel yet", "den allow --list": "no directory is allowed or denied yet",
		"den serve list": "no environment is served yet",
	}
	var typed strings.Builder
	for command := range asked {
		typed.WriteString("echo '=== " + command + "'; " + command + " | cat; ")
		quiet := p.den(strings.Fields(command)[1:]...)
		if quiet.status != 0 || quiet.out != "" {
			t.Errorf("%s: a program gets %q and %d", command, quiet.out, quiet.status)
		}
	}
	shown, _ := p.answers(scenario{}, "", typed.String())
	for command, says := range asked {
		_, after, _ := strings.Cut(shown, "=== "+command+"\n")
		if after, _, _ = strings.Cut(after, "==="); !strings.HasPrefix(after, "den: note: "+says) {
			t.Errorf("%s: %q is not shown, but %q", command, says, after)
		}
	}
	shown, status := p.answers(scenario{loaded: true}, "", "lay web api; workon web; den gc --unused 0d --dry-run environments")
	if status != 0 || !strings.Contains(shown, `"web" is left out: it is active`) || !strings.Contains(shown, "api") {
		t.Errorf("gc --unused 0d ends with %d and says:\n%s", status, shown)
	}
}

// TestLongListFits looks at the widths of the lines of a table on a narrow terminal.
func TestLongListFits(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web", "my-long-web-application")
	p.den("run", "my-long-web-application", "true")
	shown, _ := p.answers(scenario{}, "", "stty cols 40; echo '==='; den list -l; echo '=== end'")
	_, table, _ := strings.Cut(shown, "===\n")
	table, _, ended := strings.Cut(table, "=== end")
	if !ended || !strings.Contains(table, "project") {
		t.Fatalf("there is no table:\n%s", shown)
	}
	for line := range strings.Lines(table) {
		if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 40 {
			t.Errorf("a line is wider than 40 columns: %q", line)
		}
	}
}
