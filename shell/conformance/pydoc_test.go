package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// documented makes an environment with a module that only its own pydoc finds.
func (w *world) documented(name string) string {
	w.Helper()
	env := w.made(name)
	site, err := filepath.Glob(filepath.Join(env, "lib", "python*", "site-packages"))
	if err != nil || len(site) != 1 {
		w.Fatalf("site-packages: %q, %v", site, err)
	}
	w.write(filepath.Join(site[0], "only_here.py"), `"""Documentation of this module."""`+"\n", 0o644)
	return env
}

// pydoc reads the documentation of the environment's Python, however it is
// entered, and is gone afterwards.
func TestPydoc(t *testing.T) {
	eachShell(t, func(w *world) {
		env := w.documented("web")
		for _, enter := range []string{"workon web", w.byHand(env)} {
			stdout := w.run(
				w.take("before"), enter, "pydoc only_here", w.init(), "workon web", "pydoc only_here",
				"deactivate", w.take("after"),
			)
			if strings.Count(stdout, "Documentation of this module.") != 2 {
				w.Errorf("%s: pydoc prints\n%s", enter, stdout)
			}
			w.sameExcept("before", "after", func(s *snapshot) { s.Functions, s.Variables = w.snap("after").Functions, w.snap("after").Variables })
			for _, function := range w.snap("after").Functions {
				if strings.HasPrefix(function, "pydoc") {
					w.Errorf("%s: the function stays: %s", enter, function)
				}
			}
		}
	})
}

// One of the person's own stays theirs.
func TestOwnPydoc(t *testing.T) {
	eachShell(t, func(w *world) {
		env := w.documented("web")
		for _, enter := range []string{"workon web", w.byHand(env)} {
			stdout := w.run(
				w.function("pydoc", "builtin printf 'mine\\n'"), w.take("before"),
				enter, "pydoc only_here", "deactivate", "pydoc only_here", w.take("after"),
			)
			if stdout != "mine\nmine\n" {
				w.Errorf("%s: pydoc prints\n%s", enter, stdout)
			}
		}
	})
}

// A shell without a prompt gets one while an environment is active, as with the
// scripts of venv and virtualenv.
func TestPromptWhereThereWasNone(t *testing.T) {
	eachShell(t, func(w *world) {
		if _, hasPS1 := w.shell.(fish); hasPS1 {
			return // its prompt is a function, and always there
		}
		env := w.made("web")
		for _, enter := range []string{"workon web", w.byHand(env)} {
			stdout := w.run(w.unset("PS1"), enter, "builtin printf '%s.\\n' \"$PS1\"", "deactivate", "builtin printf '%s\\n' \"${PS1-unset}\"")
			if stdout != "(web) .\nunset\n" {
				w.Errorf("%s: %q", enter, stdout)
			}
		}
	})
}
