package cmd

import (
	"strings"
	"testing"
)

// A command is the same with all others around it, and without.
func TestAlone(t *testing.T) {
	for _, row := range alone {
		a := &app{}
		root := a.bareRoot("", "")
		a.addCalled(root, []string{"--shell", "bash", "--last", "x", row.name, "--help"})
		if n := len(root.Commands()); n != 1 {
			t.Errorf("%s: there are %d commands, want one", row.name, n)
		}
		found, _, err := root.Find([]string{row.name})
		if err != nil {
			t.Errorf("%s: %s", row.name, err)
			continue
		}
		whole, _, err := (&app{}).rootCommand("", "").Find([]string{row.name})
		if err != nil {
			t.Errorf("%s, among all: %s", row.name, err)
			continue
		}
		if got, want := found.UsageString(), whole.UsageString(); got != want {
			t.Errorf("%s: its usage is\n%s\nand among all\n%s", row.name, got, want)
		}
	}
}

func TestFirstWord(t *testing.T) {
	flags := (&app{}).bareRoot("", "").PersistentFlags()
	for _, row := range []struct{ typed, want string }{
		{"", ""},
		{"list", "list"},
		{"list --json", "list"},
		{"--workon-home mk list", "list"},
		{"--workon-home=mk list", "list"},
		{"--shell bash --loaded x --last y --within z workon a", "workon"},
		{"--help list", ""},
		{"-h list", ""},
		{"-- list", ""},
		{"--workon-home", ""},
	} {
		if got := firstWord(flags, strings.Fields(row.typed)); got != row.want {
			t.Errorf("the first word of %q is %q, want %q", row.typed, got, row.want)
		}
	}
}
