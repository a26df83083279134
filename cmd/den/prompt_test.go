package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPromptMadeAnew: doctor reports a prompt that a start-up file makes anew each
// time; with the line that it prints, the prompt shows the environment, and no name is
// read as code.
func TestPromptMadeAnew(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ shell, file, anew, plain string }{
		{"bash", ".bashrc", "PROMPT_COMMAND='PS1=\"anew> \"'\n", "PS1='anew> '\n"},
		{"zsh", ".zshrc", "autoload -Uz compinit && compinit\nprecmd() { PS1='anew> '; }\n", "autoload -Uz compinit && compinit\nPS1='anew> '\n"},
	} {
		t.Run(row.shell, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.environ["SHELL"] = row.shell
			const name = "$(touch pwned)"
			p.lay("web", name)
			doctor := func(startUp string) []string {
				if err := os.WriteFile(filepath.Join(p.home, row.file), []byte(startUp), 0o666); err != nil {
					t.Fatal(err)
				}
				shown, _ := p.bash(scenario{}, "den setup "+row.shell, row.shell+" -c 'den doctor; :'")
				return regexp.MustCompile(`never shows the active environment:.*\n +(.*)`).FindStringSubmatch(shown)
			}
			if found := doctor(row.plain); found != nil {
				t.Errorf("of a plain prompt it says %s", found[0])
			}
			found := doctor(row.anew)
			if found == nil {
				t.Fatal("it says nothing of a prompt that is made anew")
			}
			shown, status := p.answers(scenario{}, found[1], row.shell+" -i",
				"anew> ", "workon web\r", "(web) anew> ", "workon '"+name+"'\r", "("+name+") anew> ", "deactivate\r", "anew> ", "exit\r")
			if status != 0 {
				t.Errorf("the shell ends with %d:\n%s", status, shown)
			}
			if _, err := os.Stat(filepath.Join(p.home, "pwned")); err == nil {
				t.Error("a name was read as code")
			}
		})
	}
}

// TestPromptOfAProgram: doctor names starship where it leaves the environment out, also
// in the shells in which it keeps others from showing that, and says nothing where it
// shows it.
func TestPromptOfAProgram(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ shell, file, makes string }{
		{"bash", ".bashrc", "starship_precmd() { PS1=\"%s> \"; }\nPROMPT_COMMAND=starship_precmd\n"},
		{"zsh", ".zshrc", "starship_precmd() { PS1=\"%s> \"; }\nprecmd_functions+=(starship_precmd)\nVIRTUAL_ENV_DISABLE_PROMPT=1\n"},
		{"fish", ".config/fish/config.fish", "function starship; echo \"%s> \"; end\nfunction fish_prompt; starship; end\nset -g VIRTUAL_ENV_DISABLE_PROMPT 1\n"},
	} {
		t.Run(row.shell, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.environ["SHELL"] = row.shell
			path := filepath.Join(p.home, row.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			for text, want := range map[string]bool{"star": true, "$VIRTUAL_ENV_PROMPT": false} {
				if err := os.WriteFile(path, fmt.Appendf(nil, row.makes, text), 0o666); err != nil {
					t.Fatal(err)
				}
				shown, _ := p.bash(scenario{}, "den setup "+row.shell, row.shell+" -c 'den doctor; :'")
				if got := strings.Contains(shown, "starship.toml"); got != want {
					t.Errorf("with %q as prompt it names starship: %t\n%s", text, got, shown)
				}
			}
		})
	}
}
