package shells

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"den/shell"
	"den/shell/bash"
	"den/shell/elvish"
	"den/shell/fish"
	"den/shell/ksh"
	"den/shell/mksh"
	"den/shell/shelltest"
	"den/shell/zsh"
)

// evaluating are the shells that evaluate code while they run: the others have tests
// of their own.
func evaluating() []*shell.Shell {
	return slices.DeleteFunc(slices.Clone(All()), func(s *shell.Shell) bool {
		_, evaluates := s.Channel.(shell.Descriptor)
		return !evaluates
	})
}

// said is what a test says to a shell: how a variable is exported, a word is defined,
// and a line of code prints "got" and arguments of sh's.
type said struct{ export, defines, got string }

// otherWords are those of the shells that do not understand sh's or fish's.
var otherWords = map[string]said{
	"elvish": {"set-env VALUE ", "fn mkit", "echo got $*"},
	"xonsh":  {"$VALUE = ", `"mkit"`, "print('got $*')"},
}

func wordsOf(s *shell.Shell) said {
	if words, others := otherWords[s.Name]; others {
		return words
	}
	return said{"export VALUE=", "function mkit", "echo got $*"}
}

// shOrFish are the shells that understand sh's words or fish's. The others have tests
// in their own packages too.
func shOrFish() []*shell.Shell {
	return slices.DeleteFunc(evaluating(), func(s *shell.Shell) bool { _, others := otherWords[s.Name]; return others })
}

// Every text, quoted, is read back by the real shell as itself.
func TestQuoteIsReadBack(t *testing.T) {
	for _, d := range evaluating() {
		t.Run(d.Name, func(t *testing.T) {
			dump := shelltest.Program(t, "printenv")
			for _, text := range shelltest.Hostile {
				script := wordsOf(d).export + d.Quote(text) + "\n" + dump + " VALUE\n"
				if got := shelltest.Run(t, d.Name, script); got != text+"\n" {
					t.Errorf("%q came back as %q", text, got)
				}
			}
		})
	}
}

// The options of zsh that change how quotes are read.
func TestQuoteUnderOptionsOfZsh(t *testing.T) {
	for _, option := range []string{"rc_quotes", "csh_junkie_quotes", "csh_junkie_history", "sh_word_split", "glob_subst", "ksh_arrays", "magic_equal_subst"} {
		for _, text := range shelltest.Hostile {
			script := "setopt " + option + "\neval " + shell.QuoteSingle("print -rn -- "+zsh.Shell().Quote(text)) + "\n"
			if option == "rc_quotes" || option == "csh_junkie_quotes" {
				// The code comes to zsh as den prints it, not in a quote of ours.
				script = "setopt " + option + "\nprint -rn -- " + zsh.Shell().Quote(text) + "\n"
			}
			if got := shelltest.Run(t, "zsh", script); got != text {
				t.Errorf("%s: %q came back as %q", option, text, got)
			}
		}
	}
}

func TestByName(t *testing.T) {
	for name, want := range map[string]string{
		"bash": "bash", "/bin/zsh": "zsh", "-zsh": "zsh", "/opt/fish-3/bin/fish": "fish", "/bin/ksh93": "ksh", "-mksh": "mksh",
	} {
		d, err := ByName(name)
		if err != nil || d.Name != want {
			t.Errorf("ByName(%q) = %v, %v; want %s", name, d, err, want)
		}
	}
	for _, name := range []string{"", "tcsh", "bash5", "/bin/"} {
		if d, err := ByName(name); err == nil {
			t.Errorf("ByName(%q) = %s; want an error", name, d.Name)
		}
	}
}

// The init scripts in the source keep the marks that Init fills.
func TestInitIsFilled(t *testing.T) {
	resume := shell.Plan{shell.Set{Name: "RESUMED", Value: "yes"}}
	words := []shell.Word{{Name: "mkit", Command: "make it", ActsOnShell: true}, {Name: "leave", Command: "leave", WhileActive: true}}
	for _, s := range evaluating() {
		i := shell.Integration{Program: "/opt/it's/den", Words: words, Commands: []string{"mk", "rm"}, Variables: []string{"VARIABLE"}}
		code := s.Init(i, resume)
		withoutNotes := strings.NewReplacer(shell.VarActive, "", shell.VarProject, "", shell.SavedName(""), "").Replace(code)
		if left := regexp.MustCompile(`command den|DEN_[A-KM-Z][A-Z]*`).FindString(withoutNotes); left != "" {
			t.Errorf("%s: %q is left in the code", s.Name, left)
		}
		for _, want := range []string{s.Quote("/opt/it's/den"), "mk", "rm", "RESUMED", wordsOf(s).defines, "make it"} {
			if !strings.Contains(code, want) {
				t.Errorf("%s: %q is not in the code", s.Name, want)
			}
		}
		if strings.Contains(code, "function leave") {
			t.Errorf("%s: leave is defined while nothing is active", s.Name)
		}
	}
}

func TestRCFile(t *testing.T) {
	getenv := func(vars map[string]string) func(string) string {
		return func(name string) string { return vars[name] }
	}
	for _, row := range []struct {
		dialect *shell.Shell
		vars    map[string]string
		want    string
	}{
		{bash.Shell(), map[string]string{"HOME": "/h"}, "/h/.bashrc"},
		{zsh.Shell(), map[string]string{"HOME": "/h"}, "/h/.zshrc"},
		{zsh.Shell(), map[string]string{"HOME": "/h", "ZDOTDIR": "/z"}, "/z/.zshrc"},
		{ksh.Shell(), map[string]string{"HOME": "/h"}, "/h/.kshrc"},
		{ksh.Shell(), map[string]string{"HOME": "/h", "ENV": "$HOME/.env"}, "/h/.env"},
		{mksh.Shell(), map[string]string{"HOME": "/h", "ENV": "~/.shrc"}, "/h/.shrc"},
		{mksh.Shell(), map[string]string{"HOME": "/h", "ENV": "relative"}, "/h/.mkshrc"},
		{fish.Shell(), map[string]string{"HOME": "/h"}, "/h/.config/fish/config.fish"},
		{fish.Shell(), map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/c"}, "/c/fish/config.fish"},
		{elvish.Shell(), map[string]string{"HOME": "/h"}, "/h/.config/elvish/rc.elv"},
		{elvish.Shell(), map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/c"}, "/c/elvish/rc.elv"},
	} {
		if got := row.dialect.RCFile(getenv(row.vars)); got != row.want {
			t.Errorf("%s with %v: %s, want %s", row.dialect.Name, row.vars, got, row.want)
		}
	}
}

// The line for the start-up file runs the program, whatever its path, also one
// below the home directory.
func TestRCLineRunsTheProgram(t *testing.T) {
	for _, d := range evaluating() {
		t.Run(d.Name, func(t *testing.T) {
			home := t.TempDir() + "/a home"
			program := home + "/it's a den"
			if err := os.Mkdir(home, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(program, []byte("#!/bin/sh\necho \""+wordsOf(d).got+"\"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
			want := "got init " + d.Name + "\n"
			for _, called := range []string{program, "~/it's a den"} {
				if got := shelltest.Run(t, d.Name, d.RCLine(called)+"\n", "HOME="+home); got != want {
					t.Errorf("%s: got %q, want %q", d.RCLine(called), got, want)
				}
			}
		})
	}
}
