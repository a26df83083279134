package main

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"den/shell/screen"
)

// A scenario is what a person types and what den says they may do next.
type scenario struct {
	name   string
	loaded bool   // den's words are in the shell
	given  string // what is done before, also before the hint is followed
	first  string // what is done before, once
	typed  string
	hint   string // a pattern for the hint, with the command in parentheses
	fill   []string
	mended string // what the person has done before they follow the hint
}

// scenarios are, for every hint that names a command, one in which it is given.
// The command is run, and has to succeed.
var scenarios = []scenario{
	{name: "near name", loaded: true, first: "lay web", typed: "workon wbe", hint: `did you mean (web)\?`, fill: []string{"web", "workon web"}},
	{name: "near command", typed: "den lst", hint: `did you mean (list)\?`, fill: []string{"list", "den list"}},
	{name: "another word for a command", first: "lay web", loaded: true, typed: "den activate web", hint: `did you mean: (den workon web)`},
	{name: "no command", typed: "den xyzzy", hint: `"(den help)" lists the commands`},
	{name: "no command of a command", typed: "den project xyzzy", hint: `"(den help project)" lists the commands`},
	{name: "no flag", typed: "den list --wat", hint: `"(den help list)" lists the flags`},
	{name: "no variables", first: "lay web", typed: "den vars list web", hint: `to set one: (den vars set web KEY=VALUE)`},
	{name: "near flag", typed: "den list --jsn", hint: `did you mean (--json)\?`, fill: []string{"--json", "den list --json"}},
	{name: "a name for a command", first: "lay web", typed: "den vars web", hint: `did you mean: (den vars list web)`},
	{name: "no name, listed", typed: "den path zzz", hint: `"(den workon)" lists the environments`},
	{name: "no name, listed by the word", loaded: true, typed: "workon zzz", hint: `"(workon)" lists the environments`},
	{name: "no name, made", typed: "den path zzz", hint: `; (den mk zzz) makes this one`},
	{name: "no name, made by the word", loaded: true, typed: "workon zzz", hint: `; (mkvenv zzz) makes this one`},
	{name: "a link that leads nowhere", loaded: true, first: "ln -s /nowhere $WORKON_HOME/linked", typed: "workon linked", hint: `take the link away: (rm .*)`},
	{name: "a link that leads nowhere, listed", first: "ln -s /nowhere $WORKON_HOME/linked; lay web", typed: "den list", hint: `take the link away: (rm .*)`},
	{name: "a link that leads nowhere, examined", first: "ln -s /nowhere $WORKON_HOME/linked", typed: "den doctor", hint: `(rm .*/linked)`},
	{name: "no environment of the name", first: "mkdir $WORKON_HOME/dir", typed: "den path dir", hint: `; to free the name: (mv .*)`},
	{name: "a name that is taken by another", first: "mkdir $WORKON_HOME/dir", typed: "den mk dir", hint: `or move away what is there: (mv .*)`},
	{name: "a copy to a name that is taken by another", first: "lay web; mkdir $WORKON_HOME/dir", typed: "den cp web dir", hint: `or move away what is there: (mv .*)`},
	{name: "a copy to a name that is taken", first: "lay web api", typed: "den cp web api", hint: `or remove that one first: (den rm api)`},
	{name: "a name that is taken, entered", loaded: true, first: "lay web", typed: "mkvenv web", hint: `enter it: (workon web);`},
	{name: "a name that is taken, removed", first: "lay web", typed: "den mk web", hint: `remove it first: (den rm web)`},
	{name: "a copy without a name", first: "lay web; mv $WORKON_HOME/web ~/.web", typed: "den cp ~/.web", hint: `name the copy: (den cp .* NAME)`, fill: []string{"NAME", "copied"}},
	{name: "a copy of nothing", typed: "den cp /nowhere new", hint: `\("(den workon)" lists them\)`},
	{name: "a copy of an environment with its programs elsewhere", first: "lay web; mv $WORKON_HOME/web/bin ~/shared; ln -s ~/shared $WORKON_HOME/web/bin", typed: "den mv web new", hint: `give it its own programs first: (.*)`},
	{name: "a shell that enters nothing by itself", typed: "den setup --auto linked ksh", hint: `for one that can: (.*)`, fill: []string{"|zsh|fish|nushell|xonsh|elvish", ""}},
	{name: "pinned, and not followed", first: "lay web", typed: "den pin web", hint: `to have them do that: (den setup --auto on)`},
	{name: "pinned where something else is", first: "lay web; mkdir .venv", typed: "den pin web", hint: `move it away first: (mv .*)`},
	{name: "a pin that others can write to", first: "lay web; echo web >.venv; chmod o+w .venv", typed: "den allow", hint: `look at it first, then: (chmod .*)`},
	{name: "decisions that are none", first: "lay web; echo web >.venv; mkdir -p ~/.local/state/den; echo '{' >~/.local/state/den/allowed.json", typed: "den allow", hint: `to decide anew, move it away: (mv .*)`},
	{name: "no pin", first: "lay web", typed: "den allow", hint: `to make one: (den pin NAME)`, fill: []string{"NAME", "web"}},
	{name: "no pin in a directory", typed: "den allow /usr", hint: `: (den allow --list)`},
	{name: "no decisions", first: "lay web; echo web >.venv", typed: "den allow --list", hint: `to allow one: (den allow DIRECTORY)`, fill: []string{"DIRECTORY", "."}},
	{name: "decisions as JSON", typed: "den allow --json", hint: `goes with --list
den: hint: (.*)`},
	{name: "an environment that cannot be pinned", loaded: true, first: "lay web; mv $WORKON_HOME/web ~/elsewhere", typed: ". ~/elsewhere/bin/activate 2>/dev/null; VIRTUAL_ENV=~/elsewhere den pin", hint: `name one that is in it: (den pin NAME)`, fill: []string{"NAME", "web"}, mended: "lay web"},
	{name: "none yet", typed: "den list", hint: `make one: (den mk NAME)`, fill: []string{"NAME", "first"}},
	{name: "packages that are not there", first: "echo ./gone >req.txt", typed: "den mk --no-activate new -r req.txt", hint: `to try again: (.*)`, mended: ": >req.txt"},
	{name: "packages that are not there, taken away", first: "echo ./gone >req.txt", typed: "den mk --no-activate new -r req.txt", hint: `to take it away: (.*)`},
	{name: "active", loaded: true, first: "lay web", given: "workon web", typed: "rmvenv web", hint: `leave it first: (deactivate; rmvenv web),`},
	{name: "active, forced", loaded: true, first: "lay web", given: "workon web", typed: "rmvenv web", hint: `or (rmvenv --force web)`},
	{name: "active elsewhere", loaded: true, first: "lay web", given: "workon web", typed: "command den rm web", hint: `leave it first: "(deactivate)" in that shell`},
	{name: "few files", loaded: true, typed: "(ulimit -n 8; exec den list)", hint: `this shell sets limits, which "(ulimit -a)" shows`},
	{name: "nothing to undo", typed: "den undo", hint: `takes away: (den config keep_removed)`},
	{name: "nobody to ask, shown", first: "lay web; den rm web", typed: "den gc </dev/null", hint: `to see what there is: (den gc --dry-run)`},
	{name: "nobody to ask, deleted", first: "lay web; den rm web", typed: "den gc </dev/null", hint: `to delete it: (den gc --yes)`},
	{name: "no such thing to undo", first: "lay web; den rm web", typed: "den undo api", hint: `to see what can: (den undo --list)`},
	{name: "none active", loaded: true, first: "lay web", typed: "cdvenv", hint: `enter one: (workon NAME)`, fill: []string{"NAME", "web"}},
	{name: "none active, or named", loaded: true, first: "lay web", typed: "den show", hint: `name one, or enter one: (workon NAME)`, fill: []string{"NAME", "web"}},
	{name: "broken", first: "lay web; ln -sfn /nowhere/python $WORKON_HOME/web/bin/python", typed: "den run web true", hint: `: (den upgrade web)`},
	{name: "broken, examined", first: "lay web; ln -sfn /nowhere/python $WORKON_HOME/web/bin/python", typed: "den doctor web", hint: `\n    (den upgrade web)`},
	{name: "a link to an environment elsewhere, upgraded", first: "lay web; mv $WORKON_HOME/web ~/; ln -s ~/web $WORKON_HOME/web", typed: "den upgrade web", hint: `: (den cp web NAME)`, fill: []string{"NAME", "own"}},
	{name: "a link to an environment elsewhere, moved", first: "lay web; mv $WORKON_HOME/web ~/; ln -s ~/web $WORKON_HOME/web", typed: "den mv web new", hint: `, make a separate environment: (den cp new NAME)`, fill: []string{"NAME", "own"}},

	{name: "a link out of what is packed", first: packable + "; ln -s /etc/hostname $WORKON_HOME/web/host", typed: "den pack web", hint: `to leave that out: (.*)`},
	{name: "a link out of what is packed, followed", first: packable + "; ln -s /etc/hosts $WORKON_HOME/web/hosts", typed: "den pack web", hint: `to pack what it leads to: (.*)`},
	{name: "a packed file in no directory", first: packable, typed: "den pack web -o gone/web.tar.zst", hint: `make it: (.*)`},
	{name: "a packed file among JSON", first: packable, typed: "den pack web -o - --json", hint: `name a file: (.*)`},
	{name: "nothing to unpack", first: packable, typed: "den unpack gone.tar.zst", hint: `make one: (.*)`, fill: []string{"NAME", "web"}},
	{name: "nothing that was packed", first: packable + "; echo >bad.tar.zst", typed: "den unpack bad.tar.zst", hint: `copy the file again: (.*)`, fill: []string{"NAME", "web"}},
	{name: "a name for what is unpacked", first: packable + "; den pack web", typed: "den unpack web.tar.zst .web", hint: `name the environment: (.*)`, fill: []string{"NAME", "other"}},

	{name: "no index to lock by", first: brickIn, given: "export PIP_NO_INDEX=1", typed: "den lock web", hint: `without hashes: (den lock .*)`},
	{name: "no list to sync with", first: "lay web", typed: "den sync web gone.toml", hint: `write one: (.*)`, fill: []string{"NAME", "web"}},
	{name: "a link to an environment elsewhere, synced", first: "lay web; mv $WORKON_HOME/web ~/; ln -s ~/web $WORKON_HOME/web; : >none.txt", typed: "den sync web none.txt", hint: `: (den cp web NAME)`, fill: []string{"NAME", "own"}},

	{name: "sources that are gone", first: editable, typed: "den upgrade web", hint: `do without it: (rm -r .*)`},

	{name: "lines in bin/activate", loaded: true, first: "den mk --no-activate --without-pip web; echo export MINE=1 >>$WORKON_HOME/web/bin/activate", typed: "workon web", hint: `into the environment's hooks: (.*)`},
	{name: "lines in bin/activate that others may have written", first: "den mk --no-activate --without-pip web; echo export MINE=1 >>$WORKON_HOME/web/bin/activate; chmod a+w $WORKON_HOME/web/bin/activate", typed: "den hooks import web", hint: `look at it first, then: (.*)`},
	{name: "a part of a line in bin/activate", first: `den mk --no-activate --without-pip web; cd $WORKON_HOME/web/bin; (printf 'export D=$(\n    echo 4)\n'; cat activate) >~/larger; cp ~/larger activate; cd`, given: "export EDITOR=true", typed: "den hooks import web", hint: `yourself: (.*)`},
	{name: "a variable without a value", first: "lay web", typed: "den vars set web KEY", hint: `(den vars set web KEY=VALUE)`, fill: []string{"VALUE", "1"}},
	{name: "a variable that it has not", first: "lay web", typed: "den vars unset web KEY", hint: `to see its variables: (.*)`},
	{name: "variables in a link", first: "lay web; ln -s /nowhere/vars $WORKON_HOME/web/den.env", typed: "den vars set web KEY=1", hint: `take the link away: (rm .*)`},
	{name: "a variable that is refused", first: "lay web; (umask 077; echo PATH=1 >$WORKON_HOME/web/den.env)", given: "export EDITOR='sed -i s/PATH/MINE/'", typed: "den run web true", hint: `(den vars edit web)`},
	{name: "an editor that fails", first: "lay web", given: "export EDITOR='test -e ~/mended #'", typed: "den vars edit web", hint: `to try again: (den vars edit web)`, mended: "touch ~/mended"},
	{name: "an editor that fails with a text", first: "lay web; (umask 077; echo A=1 >$WORKON_HOME/web/den.env.draft)", given: "export EDITOR=false", typed: "den vars edit web", hint: `to begin anew: (rm .*)`},
	{name: "variables newer than the text of an earlier edit", first: "lay web; (umask 077; echo A=1 >$WORKON_HOME/web/den.env.draft); den vars set web A=2", given: "export EDITOR=true", typed: "den vars edit web", hint: `to begin anew: (rm .*)`},
	{name: "variables that are refused", first: "lay web; echo PATH=1 >~/bad", given: `export EDITOR="cp $HOME/bad"`, typed: "den vars edit web", hint: `to drop it: (rm .*)`},
	{name: "no site yet", first: "lay web", typed: "den serve list", hint: `to serve one: (den serve init NAME MODULE:CALLABLE)`, fill: []string{"NAME MODULE:CALLABLE", "web json:loads --server gunicorn"}},
	{name: "a site that is none", first: "lay web", typed: "den serve check web", hint: `(den serve init web MODULE:CALLABLE)`, fill: []string{"MODULE:CALLABLE", "json:loads --server gunicorn --run /tmp/den-none"}},
	{name: "a site without an application", first: "lay web", typed: "den serve init web", hint: `usage: (den serve init NAME) \[APP\]`, fill: []string{"NAME", "web json:loads --server gunicorn"}},
	{name: "a site that has moved", first: "lay web; den serve init web json:loads --server gunicorn; den mv web new", typed: "den serve run new", hint: `write them anew: (.*)`},
	{name: "a site that was changed", first: "lay web; den serve init web json:loads --server gunicorn; echo >$WORKON_HOME/web/serve/nginx.conf", typed: "den serve init web --max-body 5m", hint: `to take den's: (.*)`},
	{name: "a site without its directory", first: "lay web; mkdir gone; den serve init web json:loads --server gunicorn --directory gone --run ~/run; rmdir gone", typed: "den serve run web", hint: `name another one: (.*)`, fill: []string{"DIRECTORY", "."}},
	{name: "a shell without completion", typed: "den completion ksh", hint: `with completion: (den completion .*)`},

	{name: "no ipykernel", first: "den mk --no-activate web", given: "pip() { :; }", typed: "den kernel add web", hint: `hint: (den run web python -m pip) install ipykernel`},
	{name: "no kernel", typed: "den kernel rm den-x", hint: `to see the kernels: (.*)`},

	{name: "work in it", first: "lay web; git init -q $WORKON_HOME/web/src", typed: "den rm web", hint: `or remove it too: (.*)`},

	{name: "not loaded", first: "lay web", typed: "den workon web", hint: `for this shell: (eval .*)`},
	{name: "not loaded, for good", first: "lay web", typed: "den workon web", hint: `let "(den setup)" do it`},
	{name: "not loaded, in another shell", first: "lay web", typed: "dash -c 'den workon web; :'", hint: `: (den run NAME COMMAND)`, fill: []string{"NAME COMMAND", "web true"}},
	{name: "not loaded, in another shell, for good", first: "lay web", typed: "dash -c 'den workon web; :'", hint: `of another kind: (den setup .*)`, fill: []string{"|", " "}},

	{name: "a program that is not there", first: "lay web", typed: "den run web nosuch", hint: `to see what there is: (ls .*)`},
	{name: "a file that is not there", first: "lay web", typed: "den run web ./nosuch", hint: `to see what there is: (ls .*)`},
	{name: "a script that is no program", first: "lay web; echo 'print(1)' >s.py", typed: "den run web ./s.py", hint: `if it is Python: (.*)`},
	{name: "a script that is no program, yet", first: "lay web; printf '#!/bin/sh\n' >s", typed: "den run web ./s", hint: `make a program of it: (.*);`},
	{name: "a script without its first line", first: "lay web; echo 'print(1)' >'a b'; chmod +x 'a b'", typed: "den run web './a b'", hint: `if that is Python: (.*)`},
	{name: "a script of what is not there", first: "lay web; printf '#!/no/python\n' >s; chmod +x s", typed: "den run web ./s", hint: `does not exist: (head .*)`},

	{name: "no directory of projects", typed: "den project new p", hint: `for example: (.*)`},
	{name: "the directory of projects is gone", given: "export PROJECT_HOME=~/gone", typed: "den project new p", hint: `(mkdir .*)`},
	{name: "a project that is there", given: "export PROJECT_HOME=~/src", first: "mkdir -p ~/src/p", typed: "den project new p", hint: `take it as it is: (.*)`},
	{name: "a project directory that is not there", typed: "den mk new -a gone </dev/null", hint: `make it first: (mkdir .*)`},
	{name: "a setting in a form that den does not change", first: "mkdir -p ~/.config/den; echo 'python = [1]' >~/.config/den/config.toml", given: "export EDITOR=true", typed: "den config set python 3", hint: `in your editor: (.*)`},
	{name: "a setting without a value", typed: "den config set python ''", hint: `to have the default: (.*)`},
	{name: "a value of several words", typed: "den config set virtualenv_args --no-pip -q", hint: `in quotes: (.*)`},
	{name: "no key for the list", typed: "den setup --keys ksh", hint: `for one that has: (den setup --keys .*)`, fill: []string{"|", " "}},
	{name: "a list on a terminal that shows none", first: "lay web", typed: "TERM=dumb den run -i true", hint: `"(den list)" lists the names`},
	{name: "no fzf", first: "lay web", typed: "DEN_PICKER=fzf PATH=${PATH%%:*} den run -i true", hint: `its own list: (.*)`},
	{name: "no project", loaded: true, first: "lay web", given: "workon web", typed: "cdproject", hint: `link it to a directory: (.*)`, fill: []string{"DIRECTORY", "."}},
	{name: "no program to make environments", given: "export VIRTUALENVWRAPPER_VIRTUALENV=nosuch", typed: "den mk new", hint: `: (unset VIRTUALENVWRAPPER_VIRTUALENV),`},
	{name: "no hook of that name there", first: "lay web", given: "export EDITOR=true", typed: "den hooks edit initialize web", hint: `for all environments: (.*)`},
	{name: "no project for hooks", first: "lay web", given: "export EDITOR=true", typed: "den hooks edit --project postactivate web", hint: `link one: (.*)`},
	{name: "the names of what to remove", loaded: true, first: "lay web", typed: "rmvirtualenv", hint: `usage: (rmvirtualenv NAME...)`, fill: []string{"NAME...", "web"}},

	{name: "setup of no shell", given: "export SHELL=/bin/tcsh", typed: "dash -c 'den setup; :'", hint: `name the shell: (.*)`, fill: []string{"|", " "}},
	{name: "setup, beside virtualenvwrapper", first: "echo 'source /usr/local/bin/virtualenvwrapper.sh' >~/.bashrc", typed: "den setup", hint: `have den take its place: (.*)`},
	{name: "setup, a link that leads nowhere", first: "ln -s gone/bashrc ~/.bashrc", typed: "den setup", hint: `make what it leads to: (.*)`},
	{name: "setup, no file", first: "mkfifo ~/.bashrc", typed: "den setup", hint: `and try again: (.*)`},
	{name: "setup, an end that is none", first: `echo 'echo \' >~/.bashrc`, typed: "den setup", hint: `and try again: (.*)`, mended: "echo >>~/.bashrc"},
	{name: "setup, a file that others write", first: "touch ~/.bashrc; chmod a-w ~/.bashrc", typed: "den setup", hint: `give it this line: (.*)`},
	{name: "setup, scripts where others can write", first: "den setup; chmod a+w ~/.local/share/den; : >~/.bashrc", typed: "den setup", hint: `look at it first, then: (.*)`},
	{name: "setup, login shells", typed: "den setup", hint: `if you use them .*: (echo .*)`},
	{name: "setup, login shells that read another file", first: "touch ~/.profile", typed: "den setup", hint: `to load it there: (.*)`},
	{name: "setup, an early end", first: "echo return >~/.bash_aliases; echo 'if :; then . ~/.bash_aliases; fi; workon() { :; }; den() { :; }; readonly -f workon' >~/.bashrc", typed: "den setup", hint: `to see where it stops: (.*)`},
	{name: "setup, another shell", first: "echo 'exec zsh' >~/.bashrc", typed: "den setup", hint: `the shell that it becomes: (.*)`},
	{name: "setup, no completion", typed: "den setup zsh", hint: `to turn it on: (.*)`},
	{name: "setup, of another tool", first: "echo '. virtualenvwrapper.sh' >~/.bashrc", typed: "den setup --from pew", hint: `den can only take the place of virtualenvwrapper: (.*)`},
	{name: "virtualenvwrapper in no file", first: "touch ~/.bashrc", typed: "den setup --from virtualenvwrapper", hint: `to load den without: (den setup)`},
	{name: "virtualenvwrapper in another file", first: "touch ~/.bashrc; echo '. virtualenvwrapper.sh' >more.sh", typed: "den setup --from virtualenvwrapper", hint: `name it: (den setup .* FILE)`, fill: []string{"FILE", "./more.sh"}},
	{name: "virtualenvwrapper in a file, not named as one", first: "echo '. virtualenvwrapper.sh' >more.sh", typed: "den setup --from virtualenvwrapper more.sh", hint: `named by its path: (.*)`, fill: []string{"./", "den setup --from virtualenvwrapper ./"}},
	{name: "virtualenvwrapper for fish", typed: "den setup --from virtualenvwrapper fish", hint: `hint: (den setup fish)`},
	{name: "virtualenvwrapper in an alias", first: `echo 'alias a=". virtualenvwrapper.sh"' >~/.bashrc`, typed: "den setup --from virtualenvwrapper", hint: `in place of virtualenvwrapper.sh: (.*)`},
	{name: "virtualenvwrapper in a plugin", first: `echo 'plugins=(git virtualenvwrapper)' >~/.zshrc`, typed: "den setup --from virtualenvwrapper", hint: `at the end of the file: (.*)`},

	{name: "doctor, the start-up file", typed: "den doctor", hint: `\n    (den setup bash)`},
	{name: "doctor, the shell", typed: "den doctor", hint: `\n    (eval .*)`},
	{name: "doctor, leftovers", first: "lay web; mkdir -p $WORKON_HOME/.den/staging/x/half", typed: "den doctor", hint: `\n    (den sweep)`},
	{name: "doctor, what others can write", first: "lay web; chmod 777 $WORKON_HOME/web/bin", typed: "den doctor web", hint: `\n    (chmod .*)`},
	{name: "doctor, no project", first: "lay web; echo /gone >$WORKON_HOME/web/.project", typed: "den doctor web", hint: `\n    (rm .*)`},
	{name: "doctor, what shadows", first: "echo 'alias workon=true' >~/.bashrc", typed: "den doctor", hint: `\n    (sed .*)`},
	{name: "doctor, a prompt that is made anew", first: `echo "PROMPT_COMMAND='PS1=x'" >~/.bashrc; den setup`, typed: "den doctor", hint: `\n    (printf .*)`},
	{name: "doctor, no completion", given: "export SHELL=/bin/zsh", first: "den setup zsh", typed: "zsh -fc 'den doctor; :'", hint: `\n    (echo .*)`},
}

// editable lays out an environment with a package that is not where it was.
const editable = `lay web; cd "$WORKON_HOME"/web/lib/python3*/site-packages && mkdir mine-1.dist-info && cd mine-1.dist-info
printf 'Metadata-Version: 2.1\nName: mine\nVersion: 1\n' >METADATA
echo '{"url": "file:///gone", "dir_info": {"editable": true}}' >direct_url.json
: >RECORD; cd`

// brickIn lays out an environment with a package that is there by its name only.
const brickIn = `lay web; cd "$WORKON_HOME"/web/lib/python3*/site-packages && mkdir brick-1.dist-info
printf 'Metadata-Version: 2.1\nName: brick\nVersion: 1\n' >brick-1.dist-info/METADATA; cd`

// TestHints follows each hint that names a command, which has to succeed. A hint in
// the source that no scenario gives is to be in withoutCommand.
func TestHints(t *testing.T) {
	t.Parallel()
	said := make(chan []string, len(scenarios))
	t.Run("scenarios", func(t *testing.T) {
		for _, s := range scenarios {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				p := newPerson(t)
				shown := p.types(s)
				said <- hintLines(shown)
				match := regexp.MustCompile(s.hint).FindStringSubmatch(shown)
				if match == nil {
					t.Fatalf("%s\nsays nothing like %s:\n%s", s.typed, s.hint, shown)
				}
				follow := strings.TrimSpace(strings.NewReplacer(s.fill...).Replace(match[1]))
				if after, status := p.follow(s, follow); status != 0 {
					t.Errorf("%s\nsays\n%s\nand\n%s\nends with %d:\n%s", s.typed, shown, follow, status, after)
				}
			})
		}
	})
	close(said)
	if len(said) < len(scenarios) { // some have been left out, or have failed
		return
	}
	texts := hintTexts(t)
	for lines := range said {
		maps.DeleteFunc(texts, func(text, _ string) bool {
			return slices.ContainsFunc(lines, matches(text).MatchString)
		})
	}
	for text, at := range texts {
		if _, plain := withoutCommand[text]; !plain {
			t.Errorf("%s: no scenario has the hint %q: add one, or say in withoutCommand why it names no command that a test can run", at, text)
		}
	}
}

// lays is how a scenario lays out environments, as quickly as can be.
const lays = `lay() {
    for name; do
        mkdir -p "$WORKON_HOME/$name/bin" "$WORKON_HOME/$name/lib/python3.11/site-packages"
        ln -s "$PYTHON" "$WORKON_HOME/$name/bin/python"
        printf 'home = %s\nversion = 3.11.2\n' "${PYTHON%/*}" >"$WORKON_HOME/$name/pyvenv.cfg"
    done
}
`

// types returns what a terminal shows when a person types what the scenario says.
func (p *person) types(s scenario) string {
	shown, _ := p.bash(s, s.first, s.typed)
	return shown
}

// follow does what the hint says, and returns what is shown, and the exit status.
func (p *person) follow(s scenario, command string) (shown string, status int) {
	return p.bash(s, s.mended, command)
}

// bash runs a command in bash, on a terminal.
func (p *person) bash(s scenario, before, command string) (shown string, status int) {
	p.Helper()
	return p.answers(s, before, command)
}

// answers is bash for a person who types an answer when they see a question, and so on:
// talk has the one after the other.
func (p *person) answers(s scenario, before, command string, talk ...string) (shown string, status int) {
	p.Helper()
	bin := filepath.Join(p.dir, "bin")
	if err := os.MkdirAll(bin, 0o777); err != nil {
		p.Fatal(err)
	}
	if err := os.Symlink(program(p.T), filepath.Join(bin, "den")); err != nil && !errors.Is(err, os.ErrExist) {
		p.Fatal(err)
	}
	lines := []string{lays + before}
	if s.loaded {
		lines = append(lines, `eval "$(den init bash)"`)
	}
	// The last command is not one that bash would become.
	lines = append(lines, s.given, command, "exit $?")
	c := exec.CommandContext(p.Context(), "bash", "--norc", "-c", strings.Join(lines, "\n"))
	c.Dir = p.home
	environ := maps.Clone(p.environ)
	environ["PATH"] = bin + ":" + environ["PATH"]
	environ["PYTHON"], environ["TERM"] = p.python, "xterm"
	for name, value := range environ {
		c.Env = append(c.Env, name+"="+value)
	}
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 50, Cols: 1000})
	if err != nil {
		p.Fatal(err)
	}
	defer terminal.Close()
	var out bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		for ; len(talk) > 1; talk = talk[2:] {
			seen := out.Len()
			for buffer := make([]byte, 1); !strings.Contains(out.String()[seen:], talk[0]); out.Write(buffer) {
				if _, err := terminal.Read(buffer); err != nil {
					return
				}
			}
			_, _ = io.WriteString(terminal, talk[1])
		}
		_, _ = io.Copy(&out, terminal) // until nobody has it open
	}()
	give := time.AfterFunc(limit, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
	defer give.Stop()
	_ = c.Wait()
	<-read
	return strings.ReplaceAll(screen.Strip(out.String()), "\r", ""), c.ProcessState.ExitCode()
}

// hintLines are the hints in what den says.
func hintLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if _, hint, found := strings.Cut(line, "den: hint: "); found {
			lines = append(lines, strings.TrimSpace(hint))
		}
	}
	return lines
}

// packable makes an environment that can be packed.
const packable = "den mk --no-activate --without-pip web"

// withoutCommand are the hints that name no command, or none that a test can run,
// and why.
var withoutCommand = map[string]string{
	"write one for this shell, and den uses it instead: %s%s":                                 "a file",
	"a postdeactivate hook can, unless the person enters another one":                         "a hook",
	"a template is an executable file or a directory in %s or %s":                             "a file",
	"the earlier version is back in its place there, and its workers still run":               "a reassurance",
	"the earlier version could not be put back there: %s":                                     "another machine",
	"to find out why: den serve check %s":                                                     "needs a server that nginx does not reach",
	"take it away there first: den serve uninstall %s --yes%s":                                "changes the machine",
	"to do this: den serve uninstall %s --yes":                                                "changes the machine",
	"stop it first: den serve stop %s%s":                                                      "needs a server; TestServe follows it",
	"sudo %s":                                                                                 "needs a service of the system's, and another user than root",
	"to let it: %s":                                                                           "needs root, and a user who is kept out",
	"or make the environment where it may: den --workon-home /srv/envs mk %s":                 "needs root, and a user who is kept out",
	"den serve install %s":                                                                    "needs root, and systemd",
	"mend it: %s":                                                                             "another program's command, or the network",
	"to see what the server has printed: den serve logs %s":                                   "needs a server that fails",
	"den serve start %s":                                                                      "needs a server; TestServe starts one",
	"restart it, though it refuses requests meanwhile: den serve stop %s; den serve start %s": "needs a server",
	"to do this: den serve install %s --yes":                                                  "changes the machine",
	"install one that does: %s":                                                               "needs the network",
	"give it a shorter one: --run /tmp/%s":                                                    "a flag",
	"to write the files all the same: --interface wsgi":                                       "a flag",
	"den serve check %s":                                                                      "where the server does not start",
	"copy the interpreter: --copies":                                                          "a flag, on a file system without links",
	"name the packages: -i PACKAGE":                                                           "a flag",
	"name the project: -a DIRECTORY":                                                          "a flag",
	"take another one: -p %s":                                                                 "a flag, and needs Pythons",
	"leave out --without-pip":                                                                 "a flag",
	"link to it instead: leave out --copies":                                                  "a flag",
	"--backend virtualenv":                                                                    "a flag, and needs virtualenv",
	"take a newer one (-p 3.12), or let virtualenv make it: --backend virtualenv":             "a flag, and needs Pythons",
	"take another Python (den pythons lists them): -p PYTHON":                                 "a flag",
	"name a Python by path, command or version: -p 3.12":                                      "a flag, and needs a Python",
	"for example: export EDITOR=nano":                                                         "where no editor is installed",
	"if something else writes that file for you, change the line there":                       "a line of another file",
	"if they do not work, install their packages anew: %s":                                    "needs the network",
	"install it first: %s":                                                                    "needs the network",
	"let a tool choose the versions: uv pip compile %s -o exact.txt":                          "needs the network",
	"to go on: %s":                                                 "the same as \"to try again\", after an interrupt",
	"make it as %s: sudo -u %s den ...":                            "needs another person",
	"mend the file, or move it away: den works without one":        "a file",
	"move the line that loads den above that one":                  "a line of a file",
	"nothing has changed; take it out of the way: mv %s %s":        "needs two Pythons",
	"nothing has changed: %q is as it was":                         "a reassurance",
	"the kinds are %s":                                             "an argument",
	"it sorts by %s":                                               "a flag",
	"put a name with spaces in quotes":                             "quotes",
	"set WORKON_HOME to a directory outside of it":                 "a setting",
	"set WORKON_HOME to another directory":                         "a setting",
	"take out this line yourself: %s":                              "a line of a file",
	"the settings are %s":                                          "names",
	"there are: %s":                                                "names",
	"projects can have postactivate and predeactivate":             "names",
	"den run %s python -m ensurepip":                               "needs a Python with ensurepip, and is given only for one",
	"to see for yourself: %s":                                      "where there is no terminal to be had",
	"den vars list %s; den vars edit %s":                           "needs another writer at the same moment",
	"get a newer den; this is: den --version":                      "needs a newer den",
	"to see the Pythons of this machine: den pythons":              "needs an environment of another Python",
	"%q shows which there are":                                     "hooks that call each other without end",
	"set it to a command: export DEN_SSH=ssh":                      "needs another machine",
	"den serve reload %s":                                          "needs a server that replaces its workers",
	"to make one: den kernel add NAME":                             "needs ipykernel",
	"add --wheels":                                                 "a flag",
	"to see what pip says: den run %s pip wheel --no-deps PACKAGE": "needs the network",
	"pack the wheels for it: den pack NAME --wheels --for %s":      "needs two Pythons",
	"or pack its wheels there, which other Pythons can install: den pack NAME --wheels": "needs an environment of another Python",
	"add --format oci":                        "a flag",
	"name another one: --directory DIRECTORY": "a flag",
	"name another: -o DIRECTORY":              "a flag",
	"name a file: -o FILE":                    "a flag",
	"name a file in another: -o FILE":         "a flag",
	"name it: --python PATH":                  "a flag",
	"fetch one first, for example: skopeo copy docker://python:%s-slim oci:python-%s:latest": "needs the network",
	"install that Python there": "another machine",
	"install den there as on any machine of that kind, or leave out --install-den: push does without": "another machine",
	"nothing has changed there": "a reassurance",
}
