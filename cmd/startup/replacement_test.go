package startup

import (
	"strings"
	"testing"
)

// Each line that people have in their start-up files, and what becomes of it: a
// new line, nothing ("" for a line that stays), or "?" where a person has to look.
func TestChangedLine(t *testing.T) {
	const load = `if [ -r ~/init ]; then . ~/init; else eval "$(~/bin/den init virtualenvwrapper)"; fi`
	den := Replacement{load, "~/bin/den", "~/init"}
	for _, row := range []struct{ line, want string }{
		{`source /usr/local/bin/virtualenvwrapper.sh`, load},
		{`. /usr/local/bin/virtualenvwrapper.sh`, load},
		{`  \. /usr/local/bin/virtualenvwrapper.sh  `, `  ` + load},
		{`builtin source virtualenvwrapper.sh`, load},
		{`source /usr/local/bin/virtualenvwrapper_lazy.sh`, load},
		{`source "/opt/my tools/virtualenvwrapper.sh"`, load},
		{`source '/opt/my tools/virtualenvwrapper.sh'`, load},
		{`source "$HOME"/.local/bin/virtualenvwrapper.sh`, load},
		{`source ~/.local/bin/virtualenvwrapper.sh # my environments`, load},
		{`source $(which virtualenvwrapper.sh)`, load},
		{`source "$(command -v virtualenvwrapper.sh 2>/dev/null)"`, load},
		{"source `which virtualenvwrapper.sh`", load},
		{`source $(brew --prefix)/bin/virtualenvwrapper.sh`, load},
		{`source "$(pyenv prefix)/bin/virtualenvwrapper.sh"`, load},
		{`source $VIRTUALENVWRAPPER_SCRIPT`, load},
		{`. /usr/share/virtualenvwrapper/virtualenvwrapper.sh`, load},
		{`source /etc/bash_completion.d/virtualenvwrapper`, load},
		{`. /usr/share/bash-completion/completions/virtualenvwrapper`, load},
		{`source virtualenvwrapper.sh >/dev/null 2>&1`, load + ` >/dev/null 2>&1`},
		{`export WORKON_HOME=~/envs; source virtualenvwrapper.sh; workon web`, `export WORKON_HOME=~/envs; ` + load + `; workon web`},
		{`[ -f /usr/bin/virtualenvwrapper.sh ] && . /usr/bin/virtualenvwrapper.sh`, `[ -f ~/bin/den ] && ` + load},
		{`[[ -r "/usr/bin/virtualenvwrapper.sh" ]] && source "/usr/bin/virtualenvwrapper.sh"`, `[[ -r ~/bin/den ]] && ` + load},
		{`if [ -f /usr/bin/virtualenvwrapper.sh ]; then`, `if [ -f ~/bin/den ]; then`},
		{`elif test -e $HOME/bin/virtualenvwrapper.sh; then source $HOME/bin/virtualenvwrapper.sh; fi`, `elif test -e ~/bin/den; then ` + load + `; fi`},
		{`if command -v virtualenvwrapper.sh >/dev/null; then`, `if command -v ~/bin/den >/dev/null; then`},
		{`if [ -n "$(which virtualenvwrapper.sh)" ]; then`, `if [ -n ~/bin/den ]; then`},
		{`hash virtualenvwrapper.sh 2>/dev/null && {source virtualenvwrapper.sh}`, `hash ~/bin/den 2>/dev/null && {` + load + `}`},

		// What is kept, to be sourced later, is something to source.
		{`script=$(command -v virtualenvwrapper.sh)`, `script=$(command -v ~/init)`},
		{`  local script="$(which virtualenvwrapper.sh 2>/dev/null)"`, `  local script="$(which ~/init 2>/dev/null)"`},
		{"script=`which virtualenvwrapper_lazy.sh`; . $script", "script=`which ~/init`; . $script"},
		{`export VIRTUALENVWRAPPER_SCRIPT=$(which virtualenvwrapper.sh)`, `export VIRTUALENVWRAPPER_SCRIPT=$(which ~/init)`},
		{`if script=$(command -v virtualenvwrapper.sh); then . "$script"; fi`, `if script=$(command -v ~/init); then . "$script"; fi`},
		// Where a command would not fit, a word does.
		{`VIRTUALENVWRAPPER_PYTHON=/usr/bin/python3 source $(which virtualenvwrapper.sh)`, `VIRTUALENVWRAPPER_PYTHON=/usr/bin/python3 . ~/init`},
		{`A=1 B=2 . /usr/bin/virtualenvwrapper.sh && workon web`, `A=1 B=2 . ~/init && workon web`},
		{`source virtualenvwrapper.sh quietly`, `. ~/init quietly`},
		{`[[ -a /usr/bin/virtualenvwrapper.sh ]] && source /usr/bin/virtualenvwrapper.sh`, `[[ -a ~/bin/den ]] && ` + load},
		{`test ! -e /usr/bin/virtualenvwrapper.sh || . /usr/bin/virtualenvwrapper.sh`, `test ! -e ~/bin/den || ` + load},
		{`case $- in *i*) . /usr/bin/virtualenvwrapper.sh ;; esac`, `case $- in *i*) ` + load + ` ;; esac`},

		{`export VIRTUALENVWRAPPER_PYTHON=/usr/bin/python3`, ""},
		{`export VIRTUALENVWRAPPER_SCRIPT=/usr/local/bin/virtualenvwrapper.sh`, ""},
		{`# source /usr/local/bin/virtualenvwrapper.sh`, ""},
		{`alias ll='ls -l' # not virtualenvwrapper.sh`, ""},
		{`alias up='pip install -U virtualenvwrapper'`, ""},
		{`virtualenvwrapper_cd /tmp`, ""},
		{`source /src/virtualenvwrapper/other.sh`, ""},

		{`alias venv='source /usr/local/bin/virtualenvwrapper.sh'`, "?"},
		{`alias go="cd ~ && source /usr/local/bin/virtualenvwrapper.sh"`, "?"},
		{`alias go="cd ~ && A=1 source /usr/local/bin/virtualenvwrapper.sh"`, "?"},
		{`trap "[ -f /usr/bin/virtualenvwrapper.sh ] && x" EXIT`, "?"},
		{`eval source virtualenvwrapper.sh`, "?"},
		{`echo source virtualenvwrapper.sh`, "?"},
		{`cp -f /usr/bin/virtualenvwrapper.sh /tmp`, "?"},
		{`head -n 3 /usr/bin/virtualenvwrapper.sh`, "?"},
		{`for f in $(which virtualenvwrapper.sh); do . $f; done`, "?"},
		{`load $(command -v virtualenvwrapper.sh)`, "?"},
		{`command -v virtualenvwrapper.sh | read script`, "?"},
		{`eval "$(pyenv init -)"; pyenv virtualenvwrapper`, "?"},
		{`pyenv virtualenvwrapper_lazy`, "?"},
		{`venvwrap="virtualenvwrapper.sh"`, "?"},
		{`for f in /usr/bin/virtualenvwrapper.sh /usr/local/bin/virtualenvwrapper.sh; do`, "?"},
		{`if (( $+commands[virtualenvwrapper.sh] )); then`, "?"},
		{`source virtualenvwrapper.sh \`, "?"},
		{`plugins=(git virtualenvwrapper python)`, "?"},
		{`  virtualenvwrapper`, "?"},
		{`antigen bundle virtualenvwrapper`, "?"},
	} {
		got := den.ChangedLine(row.line)
		switch want := row.want + MovedMark + strings.TrimLeft(row.line, " "); {
		case row.want == "?" && got != "":
			t.Errorf("%s\nbecame\n%s", row.line, got)
		case row.want == "" && got != row.line:
			t.Errorf("%s\nwas not left alone:\n%s", row.line, got)
		case row.want != "?" && row.want != "" && got != want:
			t.Errorf("%s\nbecame\n%s\nnot\n%s", row.line, got, want)
		}
		if got != "" && RestoredLine(got) != row.line {
			t.Errorf("%s\nis put back as\n%s", row.line, RestoredLine(got))
		}
		if got != "" && row.want != "" && den.ChangedLine(got) != got {
			t.Errorf("%s\nis changed again, to\n%s", got, den.ChangedLine(got))
		}
	}
}
