package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where the shell does not let a variable be changed that entering or leaving
// changes, nothing is done, and why is said. fish has no such variables.
func TestReadOnlyVariables(t *testing.T) {
	for _, sh := range bourneColumns {
		for _, command := range append(sh.modes(), sh.script("x")[:2]) {
			if slices.Contains(command, "-e") || slices.Contains(command, "-eu") {
				continue // the error ends the script
			}
			t.Run(strings.Join(command, " "), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sh)
				w.command = command
				web := w.lay("web")
				w.lay("api")
				for _, name := range []string{"PS1", "PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "DEN_ACTIVE", "_OLD_VIRTUAL_PATH", "__den_put"} {
					refused := "den: error: this shell does not let " + name + " be changed (it is readonly), and stays as it was"
					r := w.try(w.setPrompt(base), w.init(), "builtin readonly "+name, w.take("before"), "workon web || builtin printf 'refused\n'", w.take("after"))
					if r.status != 0 || r.stdout != "refused\n" || !strings.Contains(r.stderr, refused) {
						t.Errorf("entering with %s: %+v", name, r)
					}
					w.same("before", "after")
					r = w.try(w.setPrompt(base), w.init(), "workon web", "builtin readonly "+name, "deactivate || workon api || builtin printf 'refused\n'", w.take("inside"))
					if r.status != 0 || r.stdout != "refused\n" || strings.Count(r.stderr, refused) != 2 {
						t.Errorf("leaving with %s: %+v", name, r)
					}
					w.inside("inside", web)
				}
			})
		}
	}
}

// An array can be no variable of an environment: it cannot be exported, or would not be
// put back whole.
func TestVariableThatIsAnArray(t *testing.T) {
	for _, sh := range bourneColumns {
		if sh.name() != "zsh" && sh.name() != "bash" {
			continue
		}
		kinds := []string{"-a PORTS=(one 2)"}
		if sh.name() == "zsh" { // an old bash has no others
			kinds = append(kinds, "-A PORTS=([one]=2)")
		}
		for _, kind := range kinds {
			w := newWorld(t, sh)
			w.write(filepath.Join(w.lay("web"), "den.env"), "PORTS=1\n", 0o644)
			r := w.try(w.setPrompt(base), w.init(), "set -u", "typeset "+kind, w.take("before"), "workon web || builtin printf 'refused\n'", w.take("after"), "typeset -p PORTS")
			refused := "den: error: this shell does not let PORTS be changed (it is an array), and stays as it was"
			if r.status != 0 || !strings.HasPrefix(r.stdout, "refused\n") || !strings.Contains(r.stdout, "one") || !strings.Contains(r.stdout, "2") || !strings.Contains(r.stderr, refused) {
				t.Errorf("typeset %s: %+v", kind, r)
			}
			w.same("before", "after")
		}
	}
}

// Where the prompt is not to be touched, it may be readonly.
func TestReadOnlyPromptLeftAlone(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			w.lay("web")
			w.run("builtin readonly PS1", w.export("VIRTUAL_ENV_DISABLE_PROMPT", "1"), w.take("before"), "workon web", "deactivate", w.take("after"))
			w.same("before", "after")
		})
	}
}

// A shell in which a start-up file makes one readonly comes up all the same.
func TestReadOnlyVariableInAShellInside(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			w.lay("web")
			child := w.child("child", "builtin printf 'up\n'")
			w.write(w.file("child"), w.own("builtin readonly PATH\n")+w.read("child"), 0o644)
			r := w.try(w.setPrompt(base), w.init(), "workon web", child)
			if r.status != 0 || r.stdout != "up\n" || !strings.Contains(r.stderr, "does not let PATH be changed") {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A shell that may open no more files says so; it does not pass for done.
func TestNoMoreFiles(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		r := w.try(w.setPrompt(base), w.init(), "ulimit -n 5", "workon web", "exit "+w.status())
		if r.status != 1 || r.stderr == "" {
			w.Errorf("%+v", r)
		}
	})
}

// The activate scripts ask the same.
func TestReadOnlyVariablesByHand(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			hand := w.made("hand")
			for _, name := range []string{"PS1", "PATH", "VIRTUAL_ENV", "DEN_ACTIVE"} {
				r := w.try(w.setPrompt(base), w.take("before"), "builtin readonly "+name, w.byHand(hand)+" || builtin printf 'refused\n'", w.take("after"))
				if r.status != 0 || r.stdout != "refused\n" || !strings.Contains(r.stderr, "does not let "+name+" be changed") {
					t.Errorf("%s: %+v", name, r)
				}
				w.sameExcept("before", "after", func(s *snapshot) { s.Variables = w.snap("after").Variables })
			}
		})
	}
}
