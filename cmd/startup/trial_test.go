package startup_test

import (
	"os"
	"path/filepath"
	"testing"

	"den/cmd/startup"
	"den/shell"
	"den/shell/shells"
)

// write makes the home directory of a person whose shell d has the text in its
// start-up file, and returns that.
func write(t *testing.T, d *shell.Shell, text string) string {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv("HOME", home)
	path := d.RCFile(os.Getenv)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func dialect(t *testing.T, name string) *shell.Shell {
	t.Helper()
	d, err := shells.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// loads is what defines workon as den does, for bash and zsh, and for fish.
const loads, loadsFish = "function workon { __den workon; }\n", "function workon; __den workon; end\n"

// A new shell says what has come of its start-up file.
func TestTry(t *testing.T) {
	words := startup.Answer{Came: true, Words: true}
	none := startup.Answer{Came: true}
	became := startup.Answer{}
	for _, row := range []struct {
		name, shell, text string
		want              startup.Answer
	}{
		{"empty", "bash", "", none},
		{"loaded", "bash", loads, words},
		{"completion", "bash", loads + "complete -F workon workon\n", startup.Answer{Came: true, Words: true, Completion: true}},
		{"return", "bash", "return\n" + loads, none},
		{"return if not interactive", "bash", "case $- in *i*) ;; *) return ;; esac\n" + loads, words},
		{"errexit", "bash", loads + "set -eu\n", words},
		{"exec", "bash", "exec zsh\n" + loads, became},
		{"exec in a new terminal", "bash", `[ -n "$BASH_EXECUTION_STRING" ] || [ "$SHLVL" != 1 ] || exec zsh` + "\n" + loads, became},
		{"exec of a screen", "bash", "exec tmux -L den-startup-test\n" + loads, became},
		{"exit", "bash", "exit\n" + loads, became},
		{"alias", "bash", loads + "alias workon=true\n", none},
		{"another", "bash", loads + "workon() { other; }\n", none},
		{"asks", "bash", "read answer\n" + loads, words},
		{"leaves something behind", "bash", loads + "sleep 300 & disown\n", words},
		{"output elsewhere", "bash", loads + "exec >/dev/null\n", words},
		{"empty", "zsh", "", none},
		{"loaded", "zsh", loads, words},
		{"completion", "zsh", "autoload -Uz compinit && compinit -u -D\n" + loads, startup.Answer{Came: true, Words: true, Completion: true}},
		{"return", "zsh", "return\n" + loads, none},
		{"exec", "zsh", "exec bash\n" + loads, became},
		{"output elsewhere", "zsh", loads + "exec >/dev/null 2>&1\n", words},
		{"alias", "zsh", loads + "alias workon=true\n", none},
		{"empty", "fish", "", none},
		{"loaded", "fish", loadsFish, startup.Answer{Came: true, Words: true, Completion: true}},
		{"exec", "fish", "exec bash\n" + loadsFish, became},
		{"exit", "fish", "exit\n" + loadsFish, none},
	} {
		t.Run(row.shell+" "+row.name, func(t *testing.T) {
			d := dialect(t, row.shell)
			file := write(t, d, row.text)
			if got, err := startup.Try(t.Context(), d, file); err != nil || got != row.want {
				t.Errorf("%+v, %v; want %+v", got, err, row.want)
			}
		})
	}
}

// A line at the end of a file is a line of its own, or the file says that it is
// not.
func TestIsOpen(t *testing.T) {
	for _, row := range []struct {
		shell, text string
		want        bool
	}{
		{"bash", "", false},
		{"bash", "alias ll='ls -l'", false},
		{"bash", "cat <<EOF\nfoo\nEOF\n", false},
		{"bash", "cat <<EOF\nfoo\n", true},
		{"bash", "shopt -s extglob\ncase x in !(a|b)) ;; esac\n", false}, // not read without the option
		{"zsh", "cat <<EOF\nfoo\n", true},
		{"zsh", "if true; then :; fi\n", false},
		{"fish", "if true; echo a; end\n", false},
	} {
		if got := startup.IsOpen(dialect(t, row.shell), row.text); got != row.want {
			t.Errorf("%s: %q: %v", row.shell, row.text, got)
		}
	}
}

func TestBreaks(t *testing.T) {
	const line = "if [ -r x ]; then . x; else y; fi\n"
	const lineFish = "if test -r x; source x; else; y; end\n"
	for _, row := range []struct {
		shell, text, added string
		want               bool
	}{
		{"bash", "echo a\n", line, false},
		{"bash", "echo a \\\n", line, true},
		{"bash", "A=1 \\\n", line, true},
		{"bash", "# a comment \\\n", line, false},
		{"zsh", "echo a \\\n", line, true},
		{"zsh", "echo 'a\n", line, false}, // it was broken before
		{"fish", "echo a \\\n", lineFish, true},
		{"fish", "echo a\n", lineFish, false},
	} {
		if got := startup.Breaks(dialect(t, row.shell), row.text, row.text+row.added); got != row.want {
			t.Errorf("%s: %q: %v", row.shell, row.text, got)
		}
	}
}
