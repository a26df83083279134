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
	kinds := map[string][]string{
		"bash": {"typeset -a PORTS=(one 2)"},
		"zsh":  {"typeset -a PORTS=(one 2)", "typeset -A PORTS=([one]=2)"},
		"ksh":  {"PORTS=(one 2)", "typeset -A PORTS=([one]=2)"},
		"mksh": {"PORTS=(one 2)", "PORTS[2]=one"},
	}
	for _, sh := range bourneColumns {
		for _, kind := range kinds[sh.name()] {
			w := newWorld(t, sh)
			w.write(filepath.Join(w.lay("web"), "den.env"), "PORTS=1\n", 0o644)
			r := w.try(w.setPrompt(base), w.init(), "set -u", kind, w.take("before"), "workon web || builtin printf 'refused\n'", w.take("after"), "typeset -p PORTS")
			refused := "den: error: this shell does not let PORTS be changed (it is an array), and stays as it was"
			if r.status != 0 || !strings.HasPrefix(r.stdout, "refused\n") || !strings.Contains(r.stdout, "one") || !strings.Contains(r.stdout, "2") || !strings.Contains(r.stderr, refused) {
				t.Errorf("%s %s: %+v", sh.name(), kind, r)
			}
			w.same("before", "after")
		}
	}
}

// A variable with a type in which it would not hold what it is set to is left alone, and
// entering refused: by den's own functions and by the activate script.
func TestVariableOfAnotherType(t *testing.T) {
	type declared struct{ code, name string }
	all := []declared{
		{"typeset -i PORTS", "PORTS"}, {"typeset -i PORTS=4", "PORTS"}, {"typeset -u PORTS", "PORTS"}, {"typeset -l PORTS=a", "PORTS"},
		{"typeset -u VIRTUAL_ENV", "VIRTUAL_ENV"}, {"typeset -i VIRTUAL_ENV_PROMPT", "VIRTUAL_ENV_PROMPT"}, {"typeset -l DEN_ACTIVE", "DEN_ACTIVE"},
		{"typeset -u PATH", "PATH"}, {"typeset -u PS1", "PS1"},
	}
	some := map[string][]declared{
		"bash": {{"declare -n PORTS=OTHER", "PORTS"}, {"readonly -f deactivate", "deactivate"}},
		"zsh":  {{"typeset -L 3 PORTS", "PORTS"}, {"typeset -Z 3 PORTS=1", "PORTS"}, {"typeset -F PORTS=1", "PORTS"}},
		"ksh":  {{"typeset -L3 PORTS", "PORTS"}, {"typeset -n PORTS=OTHER", "PORTS"}},
		"mksh": {{"typeset -Z9 PORTS", "PORTS"}, {"typeset -n PORTS=OTHER", "PORTS"}},
	}
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web := w.made("web")
			w.run(w.init(), "den vars set web PORTS='one 2'")
			byHand := slices.DeleteFunc(slices.Concat(all, some[sh.name()]), func(d declared) bool { return d.name == "deactivate" || d.name == "DEN_ACTIVE" })
			entries := map[string][]declared{"workon web": slices.Concat(all, some[sh.name()]), w.byHand(web): byHand}
			if sh.name() == "bash" {
				entries["BASH_VERSION=4.4; workon web"] = entries["workon web"] // asks as an old one has to
			}
			for entering, cases := range entries {
				lines := []string{w.setPrompt(base), w.init(), "function deactivate { builtin printf 'called\n'; }"}
				for _, d := range cases {
					lines = append(lines, "(", d.code, entering+" 2>&1 || builtin echo "+w.quote(d.code+": refused"), ")")
				}
				r := w.try(lines...)
				for _, d := range cases {
					refused := "den: error: this shell does not let " + d.name + " be changed (it "
					before, rest, found := strings.Cut(r.stdout, d.code+": refused\n")
					if !found || !strings.HasPrefix(before, refused) || strings.Count(before, "\n") != 2 {
						t.Errorf("%s after %s:\n%s\n%s", entering, d.code, before, r.stderr)
					}
					r.stdout = rest
				}
			}
		})
	}
}

// Where a shell keeps a number of its own, an environment's variable can be a number.
func TestVariableForNumbers(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			w.write(filepath.Join(w.lay("text"), "den.env"), "HISTSIZE='x y'\n", 0o644)
			w.write(filepath.Join(w.lay("number"), "den.env"), "HISTSIZE=77\n", 0o644)
			r := w.try(w.setPrompt(base), w.init(), "HISTSIZE=50", "workon number", "builtin printf '%s\n' \"$HISTSIZE\"", "deactivate", w.take("before"),
				"workon text || builtin printf 'refused\n'", w.take("after"), "builtin printf '%s\n' \"$HISTSIZE\"")
			takesText := sh.name() == "bash" || sh.name() == "ksh"
			if want := "77\nrefused\n50\n"; !takesText && (r.stdout != want || !strings.Contains(r.stderr, "does not let HISTSIZE be changed")) {
				t.Errorf("%+v", r)
			}
			if !takesText {
				w.same("before", "after")
			} else if r.stdout != "77\nx y\n" {
				t.Errorf("%+v", r)
			}
		})
	}
}

// xonsh has types for many variables of its own.
func TestVariableOfAnotherTypeInXonsh(t *testing.T) {
	sh := xonsh{}
	if why := lacking(t, sh); why != "" {
		t.Log(why)
		return
	}
	t.Parallel()
	w := newWorld(t, sh)
	w.giveVariables(w.lay("web"), "A=1\nXONSH_HISTORY_SIZE='x y'\n")
	r := w.try(w.init(), w.take("before"), "workon web", w.take("after"))
	if !strings.Contains(r.stderr, "den: error: this shell does not let XONSH_HISTORY_SIZE be changed") {
		t.Errorf("%+v", r)
	}
	w.same("before", "after")
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
