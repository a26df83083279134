package completions_test

import (
	"os"
	"strings"
	"testing"
)

const tab = "\t"

// compinit loads zsh's completion system.
const compinit = "autoload -Uz compinit; compinit -D"

// shells are how the shells start that people have.
var shells = map[string]start{
	"bash":                {shell: "bash"},
	"zsh, compinit first": {shell: "zsh", before: []string{compinit}},
	"zsh, compinit after": {shell: "zsh", after: []string{compinit}},
	"fish":                {shell: "fish"},
}

// everywhere runs a test in all of them.
func everywhere(t *testing.T, test func(s *session)) {
	t.Parallel()
	for name, how := range shells {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(begin(t, how))
		})
	}
}

func TestNames(t *testing.T) {
	everywhere(t, func(s *session) {
		s.gives("workon we"+tab, "workon", "web")
		s.silent()
		for typed, name := range map[string]string{
			"my": "my env", `my\ `: "my env", `my\ e`: "my env",
			"it": "it's", `it\'`: "it's",
			"d": "d$HOME", `d\$`: "d$HOME", `\$f`: "$first",
			"q": `q"uote`, "b": `b\slash`, "l": `last\`, "end": "end'", "fin": `fin"`,
			"eq": "eq=ual", "eq=": "eq=ual", "eq=u": "eq=ual",
			"ü": "ünï", "漢": "漢字", "wow": "wow!it",
			`\(`: "(paren", "st": "st*ar", `\~`: "~tilde", `\#`: "#hash",
		} {
			s.gives("workon "+typed+tab, "workon", name)
		}
	})
}

func TestOpenQuotes(t *testing.T) {
	everywhere(t, func(s *session) {
		for typed, name := range map[string]string{
			"my": "my env", "my e": "my env", "d": "d$HOME", "b": `b\slash`, "l": `last\`,
			"eq": "eq=ual", "eq=u": "eq=ual", "ü": "ünï", "(": "(paren", "st": "st*ar", "~": "~tilde", "#": "#hash",
		} {
			s.gives(`workon "`+typed+tab, "workon", name)
			s.gives(`workon '`+typed+tab, "workon", name)
		}
		s.gives(`workon "it`+tab, "workon", "it's")
		s.gives(`workon 'it`+tab, "workon", "it's")
		s.gives(`workon "q`+tab, "workon", `q"uote`)
		s.gives(`workon 'q`+tab, "workon", `q"uote`)
		s.gives(`workon "end`+tab, "workon", "end'")
		s.gives(`workon 'end`+tab, "workon", "end'")
		s.gives(`workon "fin`+tab, "workon", `fin"`)
		s.gives(`workon 'fin`+tab, "workon", `fin"`)
		s.gives(`workon 'wow`+tab, "workon", "wow!it")
		s.gives(`workon "wow`+tab, "workon", "wow!it")
		s.gives(`workon '$f`+tab, "workon", "$first")
	})
}

func TestCommandLines(t *testing.T) {
	everywhere(t, func(s *session) {
		for _, line := range []struct {
			keys string
			want []string
		}{
			{"den work" + tab + "we" + tab, []string{"den", "workon", "web"}},
			{"rmvenv my" + tab + "it" + tab, []string{"rmvenv", "my env", "it's"}},
			{"rmvenv two1 two" + tab, []string{"rmvenv", "two1", "two2"}},
			{"rmvirtualenv --for" + tab + "we" + tab, []string{"rmvirtualenv", "--force", "web"}},
			{"mkvenv --backend=vi" + tab, []string{"mkvenv", "--backend=virtualenv"}},
			{"mkvenv --backend vi" + tab, []string{"mkvenv", "--backend", "virtualenv"}},
			{"mkvirtualenv -r req" + tab + "new", []string{"mkvirtualenv", "-r", "req file.txt", "new"}},
			{"den mk --requirements=req" + tab, []string{"den", "mk", "--requirements=req file.txt"}},
			{"mkvenv -a pro" + tab + "in" + tab, []string{"mkvenv", "-a", "pro ject/in side"}},
			{"mkvenv --project=pro" + tab, []string{"mkvenv", "--project=pro ject"}},
			{"mkvenv -a ~/pro" + tab, []string{"mkvenv", "-a", s.dir + "/pro ject"}},
			{"mkvenv -a $HOME/pro" + tab, []string{"mkvenv", "-a", s.dir + "/pro ject"}},
			{"cdvenv inc" + tab, []string{"cdvenv", "include"}},
			{"cdvirtualenv lib/py" + tab + "si" + tab, []string{"cdvirtualenv", "lib/python3.12/site-packages"}},
			{"den run my" + tab + "'py " + tab, []string{"den", "run", "my env", "py test"}},
			{"den config work" + tab, []string{"den", "config", "workon_home"}},
			{"den init fi" + tab, []string{"den", "init", "fish"}},
			{"den help setu" + tab, []string{"den", "help", "setup"}},
			{"lsvenv --bri" + tab, []string{"lsvenv", "--brief"}},
			{"lsvenv --js" + tab, []string{"lsvenv", "--json"}},
		} {
			s.gives(line.keys, line.want...)
		}
	})
}

// An interpreter is told by its name, not by running it.
func TestInterpreters(t *testing.T) {
	everywhere(t, func(s *session) {
		s.file("bin/python3.99", "#!/bin/sh\n: >'"+s.dir+"/started'\n", 0o777)
		s.gives("mkvenv -p 3.9"+"9"+tab, "mkvenv", "-p", "3.99")
		s.gives("mkvenv --python=python3.99"+tab, "mkvenv", "--python=python3.99")
		s.gives("mkvenv --python=bin/python3.9"+tab, "mkvenv", "--python=bin/python3.99")
		if _, err := os.Stat(s.dir + "/started"); err == nil {
			s.Error("completion has started a Python")
		}
	})
}

// Options that people set, and that careless code trips over.
func TestHostileOptions(t *testing.T) {
	hostile := map[string]start{
		"bash, set -eu":          {shell: "bash", before: []string{"set -eu -o noclobber"}},
		"bash, set -o posix":     {shell: "bash", before: []string{"set -o posix -f"}},
		"bash, IFS":              {shell: "bash", before: []string{"IFS=aeiou"}},
		"bash, aliases":          {shell: "bash", before: []string{"alias local=false builtin=false; function return { :; }; unset -f return"}},
		"bash, no word breaks":   {shell: "bash", before: []string{`COMP_WORDBREAKS=$' \t\n'`}},
		"bash, many word breaks": {shell: "bash", before: []string{`COMP_WORDBREAKS="$COMP_WORDBREAKS/.-_"`}},
		// What a bash does that has no compopt.
		"bash, as bash 3":       {shell: "bash", load: `eval "$(den init bash | sed 's/-gt 3 /-gt 99 /')"`},
		"bash, bash-completion": {shell: "bash", before: []string{". /usr/share/bash-completion/bash_completion"}},
		"zsh, set -u":           {shell: "zsh", before: []string{compinit, "setopt no_unset no_clobber"}},
		"zsh, set -e":           {shell: "zsh", before: []string{"setopt err_exit"}, after: []string{compinit}},
		"zsh, ksh arrays":       {shell: "zsh", before: []string{"setopt ksh_arrays sh_word_split warn_create_global"}, after: []string{compinit}},
		"zsh, compinit twice":   {shell: "zsh", before: []string{compinit}, after: []string{compinit}},
		"zsh, menu":             {shell: "zsh", before: []string{compinit, "zstyle ':completion:*' menu select; setopt menu_complete"}},
		"fish, loaded twice":    {shell: "fish", after: []string{"den init fish | source"}},
	}
	t.Parallel()
	for name, how := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(name, "bash-completion") {
				needBashCompletion(t)
			}
			s := begin(t, how)
			s.gives("workon my"+tab, "workon", "my env")
			s.silent()
			s.gives("workon 'it"+tab, "workon", "it's")
			s.gives("rmvenv we"+tab+"d"+tab, "rmvenv", "web", "d$HOME")
			s.gives("mkvenv --backend=vi"+tab, "mkvenv", "--backend=virtualenv")
			s.gives("mkvenv -a pro"+tab, "mkvenv", "-a", "pro ject")
			s.gives("den mk --backend=none"+tab, "den", "mk", "--backend=none")
			s.silent()
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Matching is the shell's: it goes by what the person has set.
func TestMatching(t *testing.T) {
	t.Parallel()
	t.Run("zsh", func(t *testing.T) {
		t.Parallel()
		s := begin(t, start{shell: "zsh", before: []string{compinit, "zstyle ':completion:*' matcher-list 'm:{a-z}={A-Z}' 'm:{A-Z}={a-z}' 'l:|=* r:|=*'"}})
		s.gives("workon WE"+tab, "workon", "web")
		s.gives("workon eb"+tab, "workon", "web")
		s.gives("mkvenv --backend=VI"+tab, "mkvenv", "--backend=virtualenv")
	})
	t.Run("fish", func(t *testing.T) {
		t.Parallel()
		s := begin(t, start{shell: "fish"})
		s.gives("workon WE"+tab, "workon", "web")
		s.gives("workon eb"+tab, "workon", "web")
	})
}

// Without a completion system there is none of den's either, and no harm done.
func TestZshWithoutCompinit(t *testing.T) {
	t.Parallel()
	s := begin(t, start{shell: "zsh"})
	s.gives("workon we"+tab, "workon", "we")
	s.silent()
	s.press(compinit + "\r")
	s.gives("lsvenv", "lsvenv")
	s.gives("workon we"+tab, "workon", "web")
}

// When den has gone, or there is nothing to offer, the line stays as it is.
func TestNothingToOffer(t *testing.T) {
	everywhere(t, func(s *session) {
		for _, gone := range []bool{false, true} {
			if gone {
				if err := os.Remove(s.den); err != nil {
					s.Fatal(err)
				}
			} else {
				s.gives("workon web "+tab+"x", "workon", "web", "x")
				s.gives("mkvenv we"+tab, "mkvenv", "we")
				s.silent()
			}
			s.gives("workon nosuch"+tab, "workon", "nosuch")
			s.silent()
			s.gives("den --nosuch"+tab, "den", "--nosuch")
			s.silent()
		}
	})
}
