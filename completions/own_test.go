package completions_test

import (
	"os"
	"strings"
	"testing"

	known "den/shell/shells"
)

// After the name of a command, its own completion goes on, and finds the
// programs of the environment.
func TestCommandsOwnCompletion(t *testing.T) {
	t.Parallel()
	bashTool := []string{
		`_tool() { COMPREPLY=($(compgen -W "$(tool words)" -- "${COMP_WORDS[COMP_CWORD]}")); }`, "complete -F _tool tool", "complete -W 'one two' other",
	}
	for name, how := range map[string]start{
		"bash":              {shell: "bash", before: []string{bashCompletion}, after: bashTool},
		"bash, word breaks": {shell: "bash", before: []string{bashCompletion}, after: append(bashTool, `COMP_WORDBREAKS="$COMP_WORDBREAKS/.-_"`)},
		"bash, set -u":      {shell: "bash", before: []string{bashCompletion}, after: append(bashTool, "set -u -f", "IFS=eo")},
		"zsh": {shell: "zsh", before: []string{compinit},
			after: []string{"_tool() { compadd -- $(tool words) }", "compdef _tool tool", "_other() { compadd one two }", "compdef _other other"}},
		"fish": {shell: "fish", after: []string{"complete -c tool -f -a '(tool words)'", "complete -c other -f -a 'one two'"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(name, "bash") {
				needBashCompletion(t)
			}
			s := begin(t, how)
			s.file("envs/my env/bin/tool", "#!/bin/sh\nprintf '%s\\n' alpha beta --gamma\n", 0o777)
			s.gives("den run my"+tab+"tool al"+tab, "den", "run", "my env", "tool", "alpha")
			s.gives("den run 'my env' tool alpha be"+tab, "den", "run", "my env", "tool", "alpha", "beta")
			s.gives("den --workon-home="+s.dir+"/envs run my"+tab+"tool al"+tab, "den", "--workon-home="+s.dir+"/envs", "run", "my env", "tool", "alpha")
			s.gives("den run web other on"+tab, "den", "run", "web", "other", "one")
			s.gives("allvirtualenv other on"+tab, "allvirtualenv", "other", "one")
			s.gives("true; den run web other tw"+tab, "den", "run", "web", "other", "two")
			s.gives("den run web unknown req"+tab, "den", "run", "web", "unknown", "req file.txt")
			s.gives("workon we"+tab, "workon", "web")
			s.silent()
		})
	}
	t.Run("bash, nothing but files", func(t *testing.T) {
		t.Parallel()
		s := begin(t, start{shell: "bash", after: bashTool})
		s.gives("den run web tool req"+tab, "den", "run", "web", "tool", "req file.txt")
		s.gives("den run web tool al"+tab, "den", "run", "web", "tool", "al")
		s.silent()
	})
}

func needBashCompletion(t *testing.T) {
	t.Helper()
	if !exists("/usr/share/bash-completion/bash_completion") {
		if os.Getenv("CI") == "true" {
			t.Fatal("bash-completion is not installed")
		}
		t.Skip("bash-completion is not installed")
	}
}

// The file that packagers install completes den without its integration, and
// is not in the way of that.
func TestInstalledFile(t *testing.T) {
	t.Parallel()
	file := func(name string) string {
		dialect, err := known.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		return dialect.Completion.File()
	}
	bash := map[string]string{".local/share/bash-completion/completions/den": file("bash")}
	zsh := map[string]string{"site/_den": file("zsh")}
	fish := map[string]string{".local/share/fish/vendor_completions.d/den.fish": file("fish")}
	const site = "fpath=(~/site $fpath); "
	for name, row := range map[string]struct {
		start
		loaded bool // the integration, too
	}{
		"bash":                     {start{shell: "bash", files: bash, before: []string{bashCompletion}, load: ":"}, false},
		"bash, with the functions": {start{shell: "bash", files: bash, before: []string{bashCompletion}}, true},
		"bash, loaded before":      {start{shell: "bash", files: bash, before: []string{bashCompletion, "_completion_loader den || :"}}, true},
		"zsh":                      {start{shell: "zsh", files: zsh, before: []string{site + compinit}, load: ":"}, false},
		"zsh, with the functions":  {start{shell: "zsh", files: zsh, before: []string{site + compinit}}, true},
		"zsh, compinit after":      {start{shell: "zsh", files: zsh, before: []string{site}, after: []string{compinit}}, true},
		"fish":                     {start{shell: "fish", files: fish, load: "true"}, false},
		"fish, with the functions": {start{shell: "fish", files: fish}, true},
		"fish, loaded before":      {start{shell: "fish", files: fish, before: []string{"complete -C 'den ' >/dev/null"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if row.shell == "bash" {
				needBashCompletion(t)
			}
			s := begin(t, row.start)
			s.gives("den work"+tab+"my"+tab, "den", "workon", "my env")
			s.gives("den run web py"+tab+"th"+tab, "den", "run", "web", "python")
			if row.loaded {
				s.gives("workon my"+tab, "workon", "my env")
			}
			s.gives("den work"+tab+"we"+tab, "den", "workon", "web")
			s.shows("den workon two"+tab, "den workon two", "two1", "two2")
			s.silent()
		})
	}
}

// What people set by zstyle works.
func TestZshStyles(t *testing.T) {
	t.Parallel()
	s := begin(t, start{shell: "zsh", before: []string{compinit,
		"zmodload zsh/complist; zstyle ':completion:*' menu select; zstyle ':completion:*:descriptions' format '<%d>'; zstyle ':completion:*:environments' list-colors '=two1*=31'"}})
	s.shows("workon two"+tab, "workon two", "<environment>", "two1     -- 3.12.1")
	if !strings.Contains(s.seen.String(), "\x1b[31mtwo1") {
		t.Errorf("two1 has no colour: %q", s.seen.String())
	}
	s.shows("workon two"+tab+tab+tab, "workon two2")
	s.gives("\x15workon two"+tab+tab+"\x1b[B\r", "workon", "two2") // down, and take it
	s.silent()
}
