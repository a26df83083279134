package cmd

import (
	"strings"
	"testing"

	"den/cmd/hint"
)

// Every word of the shell is, after den, a command or leads to one.
func TestWordsAfterDen(t *testing.T) {
	root := (&app{}).rootCommand("", "")
	for _, word := range wordTable {
		if c, _, err := root.Find([]string{word.Name}); err == nil && c != root {
			continue
		}
		line := strings.Fields(meantLine(root, word.Name))
		if len(line) < 2 {
			t.Errorf("den %s: no command is suggested", word.Name)
			continue
		}
		if c, rest, err := root.Find(line[1:]); err != nil || len(rest) > 0 || c == root {
			t.Errorf("den %s: the suggestion %q is no command", word.Name, line)
		}
	}
}

func TestUnknownCommand(t *testing.T) {
	for _, row := range []struct{ typed, want string }{
		{"activate web", "did you mean: den workon web"},
		{"use web", "did you mean: den workon web"},
		{"new web -p 3.12", "did you mean: den mk web -p 3.12"},
		{"delete web", "did you mean: den rm web"},
		{"exec web true", "did you mean: den run web true"},
		{"version", "did you mean: den --version"},
		{"mkvenv web", "did you mean: den mk web"},
		{"lsvenv", "did you mean: den list"},
		{"cdproject", "did you mean: den project cd"},
		{"install requests", "did you mean: den run NAME pip install requests"},
		{"remvoe", "did you mean rm?"},
		{"crate", "did you mean mk?"},
		{"actvate", "did you mean workon or deactivate?"},
		{"lst", "did you mean list?"},
		{"hlep", "did you mean help?"},
		{"xyzzy", `"den help" lists the commands`},
		{"vars delete", "did you mean: den vars unset"},
		{"project mk shop", "did you mean: den project new shop"},
		{"project mkvenv", `"den help project" lists the commands`},
	} {
		root := (&app{}).rootCommand("", "")
		root.InitDefaultHelpCmd()
		parent, rest, err := root.Find(strings.Fields(row.typed))
		if err != nil {
			t.Errorf("%s: %s", row.typed, err)
			continue
		}
		if got, _ := hint.Of(unknownCommand(parent, rest)); len(got) != 1 || got[0] != row.want {
			t.Errorf("%s: the hint is %q, want %q", row.typed, got, row.want)
		}
	}
}

// No word that others have is one of den's, which would never be suggested, and
// none is said of two commands.
func TestOtherWords(t *testing.T) {
	root := (&app{}).rootCommand("", "")
	meant := make(map[string]string)
	for word, line := range otherWords {
		meant[word] = line
	}
	for _, c := range root.Commands() {
		for _, word := range c.SuggestFor {
			if before := meant[word]; before != "" {
				t.Errorf("%q is said of %q and of %q", word, before, c.CommandPath())
			}
			meant[word] = c.CommandPath()
		}
	}
	for word, line := range meant {
		if c, _, err := root.Find([]string{word}); err == nil && c != root {
			t.Errorf("%q is a command, and is said of %q", word, line)
		}
	}
}

// What den alone prints fits on a screen.
func TestOverview(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(overview, "\n"), "\n")
	if len(lines) > 20 {
		t.Errorf("it has %d lines, want 20 at most", len(lines))
	}
	for _, line := range lines {
		if len(line) > 79 {
			t.Errorf("wider than 79 columns: %s", line)
		}
	}
}
