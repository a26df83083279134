package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// WORKON_HOME may be any directory.
func TestOddWorkonHome(t *testing.T) {
	for _, name := range []string{"with space", "it's $(touch pwned)", "`x` %n !! *", "back\\slash", "ünï"} {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.workonHome = w.mkdir(filepath.Join("home", name))
				w.env["WORKON_HOME"] = w.workonHome
				web := w.lay("web")
				w.everyHook(web, w.link(web, "home/src/"+name))
				w.run(
					w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"), "workon > "+w.out("list"),
				)
				w.inside("inside", web)
				if got, want := w.snap("after").Env["PATH"], w.path; got != want {
					w.Errorf("PATH is %q, want %q", got, want)
				}
				if got := len(names(w.read("log"))); got != 10 {
					w.Errorf("%d hooks fired, want 10:\n%s", got, w.read("log"))
				}
				if w.read("list") != "web\n" {
					w.Errorf("workon lists %q", w.read("list"))
				}
			})
		})
	}
}

// A symlink in WORKON_HOME's path stays as the person wrote it.
func TestWorkonHomeIsASymlink(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		link := filepath.Join(w.home, "link")
		w.symlink(w.workonHome, link)
		w.env["WORKON_HOME"] = link
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", filepath.Join(link, "web"))
		w.same("before", "after")
	})
}

// A relative WORKON_HOME is taken from HOME, not from where one stands; and
// what a person writes in a file that is not the shell's, ~ and $HOME, means
// what they mean.
func TestWorkonHomeIsDerived(t *testing.T) {
	for _, value := range []string{"envs", "./envs", "~/envs", "$HOME/envs", "${HOME}//envs/", "HOME/envs/", "HOME//./envs"} {
		t.Run(value, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				if rest, ok := strings.CutPrefix(value, "HOME"); ok {
					w.env["WORKON_HOME"] = w.home + rest
				} else {
					w.env["WORKON_HOME"] = value
				}
				w.run("builtin cd /", "workon web", w.take("inside"))
				w.inside("inside", web)
			})
		})
	}
}

// It is read when a command runs: people change it in a running shell.
func TestWorkonHomeChangedInARunningShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		other := w.layAt(filepath.Join(w.mkdir("home/other"), "web"))
		w.run(
			w.take("before"), "workon web", w.take("first"),
			w.export("WORKON_HOME", filepath.Dir(other)), "workon web", w.take("second"),
			"deactivate", w.export("WORKON_HOME", w.workonHome), w.take("after"),
		)
		w.inside("first", web)
		w.inside("second", other)
		w.same("before", "after")
	})
}

// It is moved or forgotten while one is active; leaving needs no WORKON_HOME.
func TestWorkonHomeUnusableWhileActive(t *testing.T) {
	for _, value := range []string{"/nowhere", "", "relative", "/", "a:b"} {
		t.Run(value, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.run(
					w.take("before"), "workon web", w.export("WORKON_HOME", value), "deactivate",
					w.export("WORKON_HOME", w.workonHome), w.take("after"),
				)
				w.same("before", "after")
			})
		})
	}
}

// Unset, it is ~/.virtualenvs.
func TestWorkonHomeByDefault(t *testing.T) {
	eachShell(t, func(w *world) {
		delete(w.env, "WORKON_HOME")
		web := w.layAt(filepath.Join(w.mkdir("home/.virtualenvs"), "web"))
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
	})
}

func TestWorkonHomeIsMissing(t *testing.T) {
	eachShell(t, func(w *world) {
		if err := os.Remove(w.workonHome); err != nil {
			w.Fatal(err)
		}
		w.run(
			w.take("before"),
			"workon web 2> "+w.out("said"), w.say("status", w.status()), w.take("refused"),
			"mkvenv web --without-pip 2> "+w.out("said too"), w.take("made"),
		)
		if w.read("status") != "1\n" || !strings.Contains(w.read("said"), "den: error: ") {
			w.Errorf("exit status %q, stderr %q", w.read("status"), w.read("said"))
		}
		w.same("before", "refused")
		w.inside("made", filepath.Join(w.workonHome, "web"))
	})
}

// A WORKON_HOME that cannot be one is refused, and the shell is as it was.
func TestWorkonHomeIsRefused(t *testing.T) {
	for _, value := range []string{"/", "/a:b"} {
		t.Run(value, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.run(
					w.export("WORKON_HOME", value), w.take("before"),
					"workon web 2> "+w.out("said"), w.say("status", w.status()), w.take("after"),
				)
				if w.read("status") == "0\n" || !strings.Contains(w.read("said"), "den: error: ") || !strings.Contains(w.read("said"), "WORKON_HOME") {
					w.Errorf("exit status %q, stderr %q", w.read("status"), w.read("said"))
				}
				w.same("before", "after")
			})
		})
	}
}

// HOME itself may be missing, as in a container or under cron.
func TestNoHome(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(w.unset("HOME"), w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
	})
}

// What the person has set and not exported counts, and stays unexported. (fish
// has no such habit: there, people say set -x.)
func TestSettingsThatAreNotExported(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			delete(w.env, "WORKON_HOME")
			web := w.layAt(filepath.Join(w.mkdir("home/other envs"), "web"))
			stdout := w.run(
				"IFS=_",
				w.assign("WORKON_HOME", filepath.Dir(web)),
				w.assign("DEN_PYTHON", "3.9"), w.assign("DEN_BACKEND", "uv"), w.assign("DEN_CD", "false"),
				"workon web", w.take("inside"), "lsvenv", "den path web",
				"den config python", "den config backend", "den config cd",
			)
			if want := "web\n" + web + "\n3.9\nuv\nfalse\n"; stdout != want {
				w.Errorf("%q, want %q", stdout, want)
			}
			w.inside("inside", web)
			if value, exported := w.snap("inside").Env["WORKON_HOME"]; exported {
				w.Errorf("WORKON_HOME is exported: %q", value)
			}
		})
	}
}
