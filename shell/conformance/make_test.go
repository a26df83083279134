package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A person's first environments: den knows nothing about their Python.
func TestMkvenvActivates(t *testing.T) {
	eachShell(t, func(w *world) {
		if err := os.RemoveAll(filepath.Join(w.home, ".cache")); err != nil {
			w.Fatal(err)
		}
		stdout := w.run(
			w.take("before"),
			"mkvenv web --without-pip > "+w.out("printed")+" 2>&1", w.take("inside"),
			"python -c 'import sys; print(sys.prefix)'",
			"mkvirtualenv --without-pip api > "+w.out("printed")+" 2>&1", w.take("next"),
			"deactivate", w.take("after"),
		)
		web := filepath.Join(w.workonHome, "web")
		w.inside("inside", web)
		w.inside("next", filepath.Join(w.workonHome, "api"))
		w.same("before", "after")
		if stdout != web+"\n" {
			w.Errorf("its python says %q", stdout)
		}
		if left := w.leftovers("web", "api"); left != nil {
			w.Errorf("left over: %q", left)
		}
	})
}

// Making one that fails leaves nothing behind and the shell as it was.
func TestMkvenvFails(t *testing.T) {
	eachFails(t, []failure{
		{"no such interpreter", "mkvenv web --without-pip --python /nowhere/python", "1"},
		{"not an interpreter", "mkvenv web --without-pip --python /bin/false", "1"},
		{"bad name", "mkvenv a/b --without-pip", ""},
		{"name taken", "mkvenv taken --without-pip", "1"},
		{"no such requirements", "mkvenv web -r /nowhere/requirements.txt", "1"},
		{"no such project", "mkvenv web --without-pip -a /nowhere/project", "1"},
		{"no name", "mkvenv", "2"},
		{"no such flag", "mkvenv --frobnicate web", "2"},
		{"no such backend", "mkvenv --without-pip --backend frobnicate web", ""},
	})
}

// A failure is a command that is to fail, and its exit status; "" is any but 0.
type failure struct{ name, command, status string }

// eachFails runs the commands in the environment "active", beside one called "taken". Each
// reports an error, leaves the shell as it was, and nothing behind.
func eachFails(t *testing.T, failures []failure) {
	for _, row := range failures {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				active := w.lay("active")
				w.lay("taken")
				w.run(
					"workon active", w.take("before"),
					row.command+" 2> "+w.out("said"), w.say("status", w.status()),
					w.take("after"),
				)
				status := strings.TrimSpace(w.read("status"))
				if status == "0" || row.status != "" && status != row.status || !strings.Contains(w.read("said"), "den: error: ") {
					w.Errorf("exit status %s, stderr\n%s", status, w.read("said"))
				}
				w.same("before", "after")
				w.inside("after", active)
				if left := w.leftovers("active", "taken"); left != nil {
					w.Errorf("left over: %q", left)
				}
			})
		})
	}
}

func TestRmvenv(t *testing.T) {
	eachShell(t, func(w *world) {
		for _, name := range []string{"web", "api", "it's $HOME; rm -rf", "kept"} {
			w.lay(name)
		}
		stdout := w.run(
			w.take("before"), "workon kept", w.take("kept"),
			"rmvenv web "+w.quote("it's $HOME; rm -rf")+" > "+w.out("printed")+" 2>&1",
			"rmvirtualenv api > "+w.out("printed")+" 2>&1", w.take("still"),
			"workon", "deactivate", w.take("after"),
		)
		w.same("kept", "still")
		w.same("before", "after")
		if stdout != "kept\n" {
			w.Errorf("what remains is %q", stdout)
		}
	})
}

// What is removed comes back at its path, and is entered as before.
func TestUndo(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(
			"workon web", w.take("before"),
			"rmvenv --force web > "+w.out("printed")+" 2>&1", w.take("removed"),
			"den undo", "workon web", w.take("after"),
		)
		w.outside("removed")
		w.same("before", "after")
		w.inside("after", web)
	})
}

func TestRmvenvRefusesTheActiveOne(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(
			"workon web", w.take("before"),
			"rmvenv web 2> "+w.out("said"), w.say("status", w.status()), w.take("after"),
		)
		if w.read("status") != "1\n" || !strings.Contains(w.read("said"), "deactivate") {
			w.Errorf("exit status %q, stderr\n%s", w.read("status"), w.read("said"))
		}
		w.same("before", "after")
		w.inside("after", web)
		if !w.exists(filepath.Join(web, "bin", "python")) {
			w.Errorf("it is removed all the same")
		}
	})
}

func TestRmvenvForceLeavesFirst(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(w.take("before"), "workon web", "rmvenv --force web > "+w.out("printed")+" 2>&1", w.take("after"))
		w.same("before", "after")
		if w.exists(web) {
			w.Errorf("it is still there")
		}
	})
}

// The one a parent shell has active is active in this one too.
func TestRmvenvRefusesTheOneActiveInTheParent(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run("workon web", w.child("child", "rmvenv web 2> "+w.out("said"), w.say("status", w.status())))
		if w.read("status") != "1\n" || !w.exists(web) {
			w.Errorf("exit status %q, stderr\n%s", w.read("status"), w.read("said"))
		}
	})
}

// A shell that stands in what is removed ends up in WORKON_HOME, and the
// directory stack is as it was.
func TestRmvenvOfWhereOneStands(t *testing.T) {
	for _, sub := range []string{"", "bin"} {
		t.Run("in "+filepath.Join("web", sub), func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				w.run(
					"builtin cd "+w.quote(filepath.Join(web, sub)), w.take("before"),
					"rmvenv web > "+w.out("printed")+" 2>&1", w.take("after"),
				)
				w.sameExcept("before", "after", func(s *snapshot) {
					s.Dir = w.workonHome
					if _, exported := s.Env["PWD"]; exported {
						s.Env["PWD"] = w.workonHome
					}
					s.Settings = strings.Replace(s.Settings, filepath.Join(web, sub)+"\n", w.workonHome+"\n", 1)
				})
				if w.exists(web) {
					w.Errorf("it is still there")
				}
			})
		})
	}
}

// Several at once: all of them or none.
func TestRmvenvOfOneThatIsNotThere(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(
			w.take("before"), "rmvenv web nowhere > "+w.out("printed")+" 2> "+w.out("said"),
			w.say("status", w.status()), w.take("after"),
		)
		if w.read("status") != "1\n" || !strings.Contains(w.read("said"), "nowhere") || !w.exists(web) {
			w.Errorf("exit status %q, stderr %q; the other is there: %v", w.read("status"), w.read("said"), w.exists(web))
		}
		w.same("before", "after")
	})
}

// An environment that is a symlink is unlinked; what it points to stays.
func TestRmvenvOfASymlink(t *testing.T) {
	eachShell(t, func(w *world) {
		elsewhere := w.layAt(filepath.Join(w.mkdir("elsewhere"), "web"))
		link := filepath.Join(w.workonHome, "web")
		w.symlink(elsewhere, link)
		w.run("rmvenv web > " + w.out("printed") + " 2>&1")
		if w.exists(link) || !w.exists(filepath.Join(elsewhere, "bin", "python")) {
			w.Errorf("the link is there: %v", w.exists(link))
		}
	})
}

func TestListing(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.lay("api")
		stdout := w.run("lsvenv", "lsvirtualenv -b", "den list")
		if want := []string{"api", "web", "api", "web", "api", "web"}; !slices.Equal(names(stdout), want) {
			w.Errorf("listed %q, want %q", names(stdout), want)
		}
	})
}

// den run needs no shell: the program's stdin, output and exit status are its
// own, and this shell is as it was.
func TestRun(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		stdout := w.run(
			w.take("before"),
			"den run web python -c 'import sys; print(sys.prefix); print(sys.stdin.read()); sys.exit(7)' < "+w.quote(os.DevNull), w.say("status", w.status()),
			w.take("after"),
		)
		if w.read("status") != "7\n" || stdout != web+"\n\n" {
			w.Errorf("exit status %q, stdout %q", w.read("status"), stdout)
		}
		w.same("before", "after")
	})
}
