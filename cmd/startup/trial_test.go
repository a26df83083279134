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
	words := startup.Answer{Came: true, Workon: true, Words: true}
	full := startup.Answer{Came: true, Workon: true, Words: true, Completion: true}
	another := startup.Answer{Came: true, Workon: true}
	none := startup.Answer{Came: true}
	became := startup.Answer{}
	for _, row := range []struct {
		name, shell, text string
		want              startup.Answer
	}{
		{"empty", "bash", "", none},
		{"loaded", "bash", loads, words},
		{"completion", "bash", loads + "complete -F workon workon\n", full},
		{"return", "bash", "return\n" + loads, none},
		{"return if not interactive", "bash", "case $- in *i*) ;; *) return ;; esac\n" + loads, words},
		{"errexit", "bash", loads + "set -eu\n", words},
		{"exec", "bash", "exec zsh\n" + loads, became},
		{"exec in a new terminal", "bash", `[ -n "$BASH_EXECUTION_STRING" ] || [ "$SHLVL" != 1 ] || exec zsh` + "\n" + loads, became},
		{"exec of a screen", "bash", "exec tmux -L den-startup-test\n" + loads, became},
		{"exit", "bash", "exit\n" + loads, became},
		{"alias", "bash", loads + "alias workon=true\n", another},
		{"another", "bash", loads + "workon() { other; }\n", another},
		{"asks", "bash", "read answer\n" + loads, words},
		{"leaves something behind", "bash", loads + "sleep 300 & disown\n", words},
		{"output elsewhere", "bash", loads + "exec >/dev/null\n", words},
		{"empty", "zsh", "", none},
		{"loaded", "zsh", loads, words},
		{"completion", "zsh", "autoload -Uz compinit && compinit -u -D\n" + loads, full},
		{"return", "zsh", "return\n" + loads, none},
		{"exec", "zsh", "exec bash\n" + loads, became},
		{"output elsewhere", "zsh", loads + "exec >/dev/null 2>&1\n", words},
		{"alias", "zsh", loads + "alias workon=true\n", another},
		{"empty", "fish", "", none},
		{"loaded", "fish", loadsFish, full},
		{"exec", "fish", "exec bash\n" + loadsFish, became},
		{"exit", "fish", "exit\n" + loadsFish, none},
	} {
		t.Run(row.shell+" "+row.name, func(t *testing.T) {
			d := dialect(t, row.shell)
			file := write(t, d, row.text)
			if got, err := startup.Try(t.Context(), d, file, false); err != nil || got != row.want {
				t.Errorf("%+v, %v; want %+v", got, err, row.want)
			}
		})
	}
}

// A login shell reads files of its own.
func TestTryLogin(t *testing.T) {
	for _, row := range []struct{ shell, file, text string }{
		{"bash", ".profile", loads},
		{"bash", ".bash_profile", loads},
		{"zsh", ".zprofile", loads},
		{"zsh", ".zlogin", loads},
		{"fish", ".config/fish/config.fish", "if status is-login\n" + loadsFish + "end\n"},
	} {
		d := dialect(t, row.shell)
		file := write(t, d, "")
		if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), row.file), []byte(row.text), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, login := range []bool{false, true} {
			if got, err := startup.Try(t.Context(), d, file, login); err != nil || got.Words != login {
				t.Errorf("%s, %s, login %v: %+v, %v", row.shell, row.file, login, got, err)
			}
		}
	}
}

// A line at the end of a file is a line of its own, or the file says that it is
// not.
func TestIsText(t *testing.T) {
	for _, row := range []struct {
		shell, text, after string
		want               bool
	}{
		{"bash", "", "", false},
		{"bash", "alias ll='ls -l'", "", false},
		{"bash", "cat <<EOF\nfoo\nEOF\n", "", false},
		{"bash", "cat <<EOF\nfoo\n", "", true},
		{"bash", "shopt -s extglob\ncase x in !(a|b)) ;; esac\n", "", false}, // not read without the option
		{"bash", "alias a='cd ~\n", "'\n", true},
		{"bash", "case x in\n", "esac\n", false},
		{"bash", "cat <<EOF\n", "EOF\n", true},
		{"bash", "if true; then\n", "fi\n", false},
		{"zsh", "alias a='cd ~\n", "'\n", true},
		{"zsh", "cat <<EOF\nfoo\n", "", true},
		{"zsh", "if true; then :; fi\n", "", false},
		{"fish", "if true; echo a; end\n", "", false},
	} {
		if got := startup.IsText(dialect(t, row.shell), row.text, row.after); got != row.want {
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
