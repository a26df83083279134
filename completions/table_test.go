package completions_test

import (
	"os"
	"strings"
	"testing"
)

// left is the cursor key.
const left = "\x1b[D"

// bashCompletion loads the package of that name.
const bashCompletion = ". /usr/share/bash-completion/bash_completion"

// A row is a line typed at an empty prompt, with the keys that follow, what the
// line is then, and what is on the screen below or above it.
type row struct {
	keys, line string
	shown      []string
	// In zsh and fish the descriptions are shown as well.
	described []string
}

var table = []row{
	{"workon two" + tab, "workon two", []string{"two1", "two2"}, []string{"3.12.1"}},
	{"workon w" + tab, "workon w", []string{"web", "wow"}, []string{"3.12.1, ~/pro ject"}},
	{"rmvenv two1 t" + tab, "rmvenv two1 two2", nil, nil},
	{"rmvenv two2 web t" + tab, "rmvenv two2 web two1", nil, nil},
	{"den wo" + tab, "den workon", nil, nil},
	{"den co" + tab, "den co", []string{"completion", "config"}, []string{"Show the settings"}},
	{"mkvenv --no-a" + tab, "mkvenv --no-activate", nil, nil},
	{"mkvenv --no-" + tab, "mkvenv --no-", []string{"--no-activate", "--no-cd"}, []string{"do not enter it", "stay in the current directory"}},
	{"mkvenv --backend=v" + tab, "mkvenv --backend=v", []string{"venv", "virtualenv"}, nil},
	{"mkvenv -p 3.9" + tab, "mkvenv -p 3.9", []string{"3.98", "3.99"}, []string{"3.98.1, pyenv", "3.99, PATH"}},
	{"mkvenv --python=3.99" + tab, "mkvenv --python=3.99", nil, nil},
	{"mkvenv -p 3.98" + tab, "mkvenv -p 3.98", []string{"3.98.1"}, nil},
	{"mkvenv --python=python3.9" + tab, "mkvenv --python=python3.99", nil, nil},
	{"mkvenv -p bin/python3.9" + tab, "mkvenv -p bin/python3.99", nil, nil},
	{"mkvenv -r r" + tab, "mkvenv -r requirements.txt", nil, nil},
	{"mkvenv -r d" + tab, "mkvenv -r deps.txt", nil, nil},
	{"mkvenv -r set" + tab, "mkvenv -r setup.cfg", nil, nil},
	{"mkvenv -r sub/" + tab, "mkvenv -r sub/pylock.toml", nil, nil},
	{"mkvenv -r ~/su" + tab + "py" + tab, "mkvenv -r ~/sub/pylock.toml", nil, nil},
	{"mkvenv --group d" + tab, "mkvenv --group dev", nil, nil},
	{"mkvenv --script z" + tab, "mkvenv --script zap.py", nil, nil},
	{"mkvenv -e s" + tab, "mkvenv -e sub/", nil, nil},
	{"mkvenv -a s" + tab, "mkvenv -a sub/", nil, nil},
	{"cdvenv b" + tab, "cdvenv bin/", nil, nil},
	{"den init z" + tab, "den init zsh", nil, nil},
	{"den completion f" + tab, "den completion fish", nil, nil},
	{"den config workon" + tab, "den config workon_home", nil, nil},
	{"den config project_" + tab, "den config project_", []string{"project_home", "project_filename"}, []string{".project: the file"}},
	{"den run web py" + tab, "den run web py", []string{"python"}, nil},
	{"den run web pyth" + tab, "den run web python", nil, nil},
	{"allvirtualenv pyth" + tab, "allvirtualenv python", nil, nil},
	{"den hooks edit prea" + tab, "den hooks edit preactivate", nil, nil},
	{"den hooks edit posta" + tab + "w" + tab, "den hooks edit postactivate w", []string{"web", "wow"}, []string{"~/pro ject"}},
	{"cdsitepackages i" + tab, "cdsitepackages idna/", nil, nil},
	{"workon nosuch" + tab, "workon nosuch", nil, nil},
}

// everyWay is how shells are set up that complete differently.
var everyWay = map[string]start{
	"bash":                  {shell: "bash"},
	"bash, bash-completion": {shell: "bash", before: []string{bashCompletion}},
	"zsh":                   {shell: "zsh", before: []string{compinit}},
	"zsh, menu selection":   {shell: "zsh", before: []string{compinit, "zmodload zsh/complist; zstyle ':completion:*' menu select"}},
	"zsh, in words":         {shell: "zsh", before: []string{compinit, "setopt complete_in_word"}},
	"fish":                  {shell: "fish"},
}

func TestTable(t *testing.T) {
	t.Parallel()
	for name, how := range everyWay {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, how)
			s.provide()
			for _, r := range table {
				s.shows(r.keys, r.line, s.onScreen(r)...)
				s.silent()
			}
			s.nothingStarted()
			s.mkdir("wax")
			s.shows("den diff api w"+tab, "den diff api w", "web", "wax")
			if text := s.screen.String(); strings.LastIndex(text, "wax") < strings.LastIndex(text, "web") {
				t.Errorf("a directory is offered before an environment:\n%s", text)
			}
		})
	}
}

// provide adds to the home what the table's rows are about.
func (s *session) provide() {
	s.Helper()
	mark := "#!/bin/sh\n: >'" + s.dir + "/started'\n"
	s.file("bin/python3.99", mark, 0o777)
	s.file(".pyenv/versions/3.98.1/bin/python3", mark, 0o777)
	s.mkdir("envs/web/lib/python3.12/site-packages/idna")
	s.file("envs/web/.project", s.dir+"/pro ject\n", 0o666)
	for _, name := range []string{"requirements.txt", "readme.txt", "deps.txt", "setup.cfg", "sub/other.txt", "sub/pylock.toml", "zap.py", "zap.cfg"} {
		s.file(name, "", 0o666)
	}
	s.file("pyproject.toml", "[dependency-groups]\ndev = []\ntest = []\n", 0o666)
	if err := os.Remove(s.dir + "/req file.txt"); err != nil {
		s.Fatal(err)
	}
}

func (s *session) nothingStarted() {
	s.Helper()
	if _, err := os.Stat(s.dir + "/started"); err == nil {
		s.Error("completion has started a Python")
	}
}

// onScreen are the texts that this shell shows.
func (s *session) onScreen(r row) []string {
	if s.shell == "bash" {
		return r.shown
	}
	return append(r.shown[:len(r.shown):len(r.shown)], r.described...)
}

// With the cursor in the middle of a word, what is before and after it stays,
// and what comes out means one of the names.
func TestMiddleOfWord(t *testing.T) {
	everywhere(t, func(s *session) {
		back := func(n int) string { return strings.Repeat(left, n) }
		s.gives("rmvenv we api"+back(4)+tab, "rmvenv", "web", "api")
		s.gives("rmvenv web api"+back(5)+tab, "rmvenv", "web", "api")
		s.gives(`rmvenv my\ env api`+back(5)+tab, "rmvenv", "my env", "api")
		s.gives(`rmvenv "my env" api`+back(7)+tab, "rmvenv", "my env", "api")
		s.gives(`rmvenv 'my env' api`+back(5)+tab, "rmvenv", "my env", "api")
		s.gives("mkvenv --backend=vi --cd"+back(5)+tab, "mkvenv", "--backend=virtualenv", "--cd")
		s.gives("mkvenv -a pro --cd"+back(5)+tab, "mkvenv", "-a", "pro ject", "--cd")
		s.silent()
	})
	for name, how := range map[string]start{
		"bash, letters left out": {shell: "bash"},
		"zsh, letters left out":  {shell: "zsh", before: []string{compinit, "setopt complete_in_word"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, how)
			s.gives("workon wb"+left+tab, "workon", "web")
			s.gives("mkvenv --backd"+left+tab, "mkvenv", "--backend")
			s.gives("mkvenv -a proct"+left+left+tab, "mkvenv", "-a", "pro ject")
			s.gives("workon wx"+left+tab, "workon", "wx")
			if s.shell == "bash" {
				s.gives(`workon "my v"`+left+left+tab, "workon", "my env")
				s.gives(`workon my\ v`+left+tab, "workon", "my env")
			}
			s.silent()
		})
	}
}

// The case of letters is ignored where readline is told to.
func TestBashIgnoresCase(t *testing.T) {
	t.Parallel()
	s := begin(t, start{shell: "bash", after: []string{"bind 'set completion-ignore-case on'"}})
	s.gives("workon WE"+tab, "workon", "web")
	s.gives("workon EQ=u"+tab, "workon", "EQ=u") // bash replaces what is after the sign only
	s.gives("workon eq=U"+tab, "workon", "eq=ual")
	s.gives(`workon "MY`+tab, "workon", "my env")
	s.gives("workon Ü"+tab, "workon", "ünï")
	s.gives("mkvenv -a PRO"+tab+"IN"+tab, "mkvenv", "-a", "pro ject/in side")
	s.gives("DEN_X=1 den RUN"+tab+"WE"+tab, "den", "run", "web")
	s.silent()
	s.gives("bind 'set completion-ignore-case off'; den", "den")
	s.gives("workon WE"+tab, "workon", "WE")
}

// A WORKON_HOME that is not exported counts, as it does for the commands.
func TestVariablesNotExported(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]start{
		"bash": {shell: "bash", after: []string{"unset WORKON_HOME; WORKON_HOME=$HOME/others"}},
		"zsh":  {shell: "zsh", before: []string{compinit}, after: []string{"unset WORKON_HOME; WORKON_HOME=$HOME/others"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, how)
			s.file("others/elsewhere/pyvenv.cfg", "", 0o666)
			s.gives("workon "+tab, "workon", "elsewhere")
			s.silent()
		})
	}
}
