package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// keep has den setup keep the integration in a file, and the world's shells
// load it from there. den is a program that notes in the file "starts" that it
// was started.
func (w *world) keep() {
	w.Helper()
	den := filepath.Join(w.mkdir("home/.local/bin"), "den")
	w.write(den, lines("#!"+executable("bash"), `printf '%s\n' "$*" >>'`+w.file("starts")+"'",
		`exec -a "$0" '`+filepath.Join(shared.bin, "den")+`' "$@"`), 0o755)
	w.path = filepath.Dir(den) + ":" + w.path
	w.env["PATH"] = w.path
	if r := w.execute([]string{den, "setup", w.name()}); r.status != 0 {
		w.Fatalf("den setup: %+v", r)
	}
	text := strings.TrimSpace(w.readPath(filepath.Join(w.home, w.rc())))
	w.line = text[strings.LastIndexByte(text, '\n')+1:]
}

// keptFile is where the integration is kept.
func (w *world) keptFile() string {
	return filepath.Join(w.home, ".local/share/den/init."+w.name())
}

func (w *world) readPath(path string) string {
	w.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// started tells how den was started since it was last asked, a line each time.
func (w *world) started() []string {
	w.Helper()
	text, err := os.ReadFile(w.file("starts"))
	if err != nil && !os.IsNotExist(err) {
		w.Fatal(err)
	}
	os.Remove(w.file("starts"))
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// A shell that loads the kept integration starts nothing, and has all of it.
func TestKeptIntegration(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.keep()
		w.run("builtin true") // makes the templates of hooks
		w.started()
		w.run("builtin true")
		if starts := w.started(); len(starts) > 0 {
			w.Errorf("a new shell started den: %q", starts)
		}
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
		if starts := w.started(); len(starts) != 2 {
			w.Errorf("two commands started den so: %q", starts)
		}
	})
}

// An interactive shell inside, in which a start-up file sources the kept integration,
// has the environment.
func TestKeptIntegrationInsideAnother(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.keep()
		w.greet(nil)
		w.write(filepath.Join(w.home, w.rc()), w.own(lines(w.setPrompt(base), w.line, "printf '%s\\n' '"+ready+"'")), 0o644)
		term := w.open()
		term.enter("workon web")
		term.nest(program(w.shell))
		term.shows("(web) base> ")
		term.look("child")
		term.enter("deactivate")
		term.shows(base)
		w.inside("child", web)
	})
}

// A day's work is the same, whatever options are set.
func TestKeptIntegrationAllDay(t *testing.T) {
	for _, sh := range columns {
		for _, setting := range sh.hostile() {
			t.Run(sh.name()+" "+setting.name, func(t *testing.T) {
				t.Parallel()
				w := hostileWorld(t, sh, setting)
				w.keep()
				tour(w, setting.code, "")
			})
		}
	}
}

// What was active in the shell that started this one is resumed.
func TestKeptIntegrationResumes(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.keep()
		w.run(
			w.take("before"), "workon web",
			w.child("child", w.take("child"), "deactivate", w.take("child left")),
			"deactivate", w.take("after"),
		)
		w.inside("child", web)
		w.outside("child left")
		w.same("before", "after")
	})
}

// An initialize hook is sourced, wherever the settings have come to say that
// hooks are.
func TestKeptIntegrationInitializes(t *testing.T) {
	eachShell(t, func(w *world) {
		w.keep()
		w.run("builtin true")
		w.sourced(w.workonHome, "initialize", w.say("said", "hello"))
		w.run("builtin true")
		if got := w.read("said"); got != "hello\n" {
			w.Errorf("the hook says %q", got)
		}
		elsewhere := w.mkdir("home/hooks")
		w.sourced(elsewhere, "initialize", w.say("said", "elsewhere"))
		w.write(filepath.Join(w.home, ".config/den/config.toml"), "hook_dir = '"+elsewhere+"'\n", 0o644)
		for range 2 {
			w.run("builtin true")
			if got := w.read("said"); got != "elsewhere\n" {
				w.Errorf("the hook says %q", got)
			}
			os.Remove(w.file("said"))
		}
		if !strings.Contains(w.readPath(w.keptFile()), elsewhere) {
			w.Errorf("the file does not know of the settings:\n%s", w.readPath(w.keptFile()))
		}
		os.Remove(filepath.Join(elsewhere, w.hook("initialize")))
		w.run("builtin true")
		w.started()
		w.run("builtin true")
		if starts := w.started(); len(starts) > 0 {
			w.Errorf("with the settings known, a new shell started den: %q", starts)
		}
	})
}

// Functions of another den's are written anew, by the first command that a
// person types.
func TestKeptIntegrationAfterAnUpdate(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.keep()
		current := w.readPath(w.keptFile())
		_, mark, _ := strings.Cut(current, "--loaded ")
		mark, _, _ = strings.Cut(mark, " ")
		functions, completion, _ := strings.Cut(mark, "+")
		for _, other := range []string{"01234567+" + completion, functions + "+01234567"} {
			w.write(w.keptFile(), strings.ReplaceAll(current, mark, other), 0o644)
			beforeDen := time.Unix(1, 0)
			if err := os.Chtimes(w.keptFile(), beforeDen, beforeDen); err != nil {
				t.Fatal(err)
			}
			w.run("workon web")
			if got := w.readPath(w.keptFile()); got != current {
				w.Errorf("after a command of the other den's functions, the file is\n%s", got)
			}
		}
	})
}

// Where the file is not, as on another machine with the same start-up files,
// the line asks den.
func TestKeptIntegrationMissing(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.keep()
		if err := os.Remove(w.keptFile()); err != nil {
			t.Fatal(err)
		}
		w.run("workon web", w.take("inside"))
		w.inside("inside", web)
	})
}
