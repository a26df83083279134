package conformance

import (
	"testing"
)

// Who has linked an environment to a project is taken there, unless they say
// that they do not want to be.
func TestProject(t *testing.T) {
	for _, row := range []struct {
		name, setting, command string
		moves                  bool
	}{
		{"by default", "", "workon web", true},
		{"not with -n", "", "workon -n web", false},
		{"not with --no-cd", "", "workon --no-cd web", false},
		{"not when the setting says so", "0", "workon web", false},
		{"with -c whatever the setting says", "0", "workon -c web", true},
		{"with --cd", "0", "workon --cd web", true},
		{"when the setting says so", "1", "workon web", true},
		{"not with -n whatever the setting says", "1", "workon -n web", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				project := w.link(web, "home/src/it's $HOME, isn't it")
				if row.setting != "" {
					w.env["VIRTUALENVWRAPPER_WORKON_CD"] = row.setting
				}
				w.run(row.command, w.take("inside"), "deactivate", w.take("after"))
				w.inside("inside", web)
				want := w.home
				if row.moves {
					want = project
				}
				if got := w.snap("inside").Dir; got != want {
					w.Errorf("the working directory is %s, want %s", got, want)
				}
				if got := w.snap("after").Dir; got != want {
					w.Errorf("leaving moved to %s", got)
				}
			})
		})
	}
}

// A project that is gone is said and stops nobody.
func TestProjectIsGone(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(web+"/.project", "/nowhere/project\n", 0o644)
		w.run("workon web 2> "+w.out("said"), w.take("inside"))
		w.inside("inside", web)
		if s := w.snap("inside"); s.Dir != w.home || w.read("said") == "" {
			w.Errorf("in %s, and den said %q", s.Dir, w.read("said"))
		}
	})
}

func TestCdvenv(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.mkdir("home/lib")
		w.env["CDPATH"] = w.home
		w.run(
			"workon -n web",
			"cdvenv", w.take("top"),
			"builtin cd "+w.quote(w.home), "cdvenv lib", w.take("sub"),
			"cdvirtualenv bin", w.take("again"),
		)
		for label, want := range map[string]string{"top": web, "sub": web + "/lib", "again": web + "/bin"} {
			if got := w.snap(label).Dir; got != want {
				w.Errorf("%s: in %s, want %s", label, got, want)
			}
		}
	})
}

func TestCdvenvRefusals(t *testing.T) {
	for _, row := range []struct{ name, code string }{
		{"none active", ""},
		{"no such directory", "workon web"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.run(row.code, w.take("before"), "cdvenv nowhere 2> "+w.out("said"), w.say("status", w.status()), w.take("after"))
				if w.read("status") != "1\n" || w.read("said") == "" {
					w.Errorf("exit status %q, stderr %q", w.read("status"), w.read("said"))
				}
				w.same("before", "after")
			})
		})
	}
}
