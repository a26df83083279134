package conformance

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// temporaries lists the temporary environments that are there.
func (w *world) temporaries() []string {
	w.Helper()
	found, err := filepath.Glob(filepath.Join(w.workonHome, "tmp-*"))
	if err != nil {
		w.Fatal(err)
	}
	return found
}

// A temporary environment is entered and gone to, and removed when it is left,
// by whatever way. The shell is then as it was, but for where it stands.
func TestMktmpenv(t *testing.T) {
	for _, row := range []struct{ name, leave string }{
		{"deactivate", "deactivate"},
		{"deactivate with another WORKON_HOME", "export WORKON_HOME=/; deactivate; export WORKON_HOME=$HOME/envs"},
		{"workon another", "workon web > /dev/null; deactivate"},
		{"rmvenv --force", `rmvenv --force $(basename "$VIRTUAL_ENV")`},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.run(
					w.take("before"),
					"mktmpenv --without-pip > "+w.out("printed")+" 2>&1", w.take("inside"),
					row.leave, "builtin pwd > "+w.out("dir"), "builtin cd "+w.quote(w.home), w.take("after"),
				)
				env := w.snap("inside").Dir
				if filepath.Dir(env) != w.workonHome || !strings.HasPrefix(filepath.Base(env), "tmp-") {
					w.Fatalf("the shell stood in %s", env)
				}
				if w.exists(env) {
					w.Errorf("%s is still there", env)
				}
				if got := w.read("dir"); got != w.workonHome+"\n" {
					w.Errorf("it ends in %q", got)
				}
				w.same("before", "after")
			})
		})
	}
}

func TestMktmpenvStays(t *testing.T) {
	eachShell(t, func(w *world) {
		w.run(
			w.take("before"),
			"mktmpenv -n --without-pip > "+w.out("printed")+" 2>&1", w.take("inside"),
			"deactivate", w.take("after"),
		)
		if got := w.snap("inside").Dir; got != w.home {
			w.Errorf("it went to %s", got)
		}
		w.same("before", "after")
		if found := w.temporaries(); found != nil {
			w.Errorf("still there: %q", found)
		}
	})
}

// A shell that ends without leaving takes it along, and one that was started
// inside does not. Renamed, it is kept.
func TestMktmpenvEndsWithItsShell(t *testing.T) {
	eachShell(t, func(w *world) {
		w.run(
			"mktmpenv --without-pip > "+w.out("printed")+" 2>&1",
			w.child("inner", "deactivate", w.say("gone", "left")),
			w.say("dir", `"$VIRTUAL_ENV"`),
			"python --version > "+w.out("version"),
		)
		if got := w.read("gone"); got != "left\n" {
			w.Errorf("the inner shell: %q", got)
		}
		env := strings.TrimSpace(w.read("dir"))
		for give := time.Now().Add(limit); w.exists(env); time.Sleep(time.Millisecond) {
			if time.Now().After(give) {
				w.Fatalf("%s is still there", env)
			}
		}
	})
}

func TestMktmpenvRenamed(t *testing.T) {
	eachShell(t, func(w *world) {
		w.run("mktmpenv --without-pip > "+w.out("printed")+" 2>&1", `mvvenv $(basename "$VIRTUAL_ENV") kept`, "deactivate", "den list > "+w.out("list"))
		if got := w.read("list"); got != "kept\n" {
			w.Errorf("there are %q", got)
		}
	})
}

func TestMktmpenvFails(t *testing.T) {
	for _, row := range []struct{ name, command, status string }{
		{"a name", "mktmpenv web", "2"},
		{"no such interpreter", "mktmpenv -p /nowhere/python", "1"},
		{"no such flag", "mktmpenv --frobnicate", "2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.run(w.take("before"), row.command+" 2> "+w.out("said"), w.say("status", w.status()), w.take("after"))
				if status := strings.TrimSpace(w.read("status")); status != row.status || !strings.Contains(w.read("said"), "den: error: ") {
					w.Errorf("exit status %s, stderr\n%s", status, w.read("said"))
				}
				w.same("before", "after")
				if left := w.leftovers(); left != nil {
					w.Errorf("left over: %q", left)
				}
			})
		})
	}
}
