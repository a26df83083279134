package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/shell/shells"
)

func TestCpvenvEntersTheCopy(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.made("web")
		copied := filepath.Join(w.workonHome, "it's a $copy")
		stdout := w.run(
			w.take("before"), "workon web", w.take("web"),
			"cpvenv web "+w.quote("it's a $copy")+" > "+w.out("printed")+" 2>&1", w.take("inside"),
			"python -c 'import sys; print(sys.prefix)'",
			"cpvirtualenv "+w.quote(web)+" third > "+w.out("printed")+" 2>&1", w.take("third"),
			"workon -", w.take("again"),
			"deactivate", w.take("after"),
		)
		w.inside("web", web)
		w.inside("inside", copied)
		w.inside("third", filepath.Join(w.workonHome, "third"))
		w.inside("again", copied)
		w.same("before", "after")
		if stdout != copied+"\n" {
			w.Errorf("its python says %q", stdout)
		}
		if left := w.leftovers("web", "it's a $copy", "third"); left != nil {
			w.Errorf("left over: %q", left)
		}
	})
}

// The shell resolves a tilde, and den the one in quotes.
func TestCpvenvByPath(t *testing.T) {
	eachShell(t, func(w *world) {
		w.venv(filepath.Join(w.mkdir("home/src"), "api"))
		w.run(
			w.take("before"),
			"cpvenv ~/src/api > "+w.out("printed")+" 2>&1", w.take("api"),
			"cpvenv '$HOME/src/api' other > "+w.out("printed")+" 2>&1", w.take("other"),
			"deactivate", w.take("after"),
		)
		w.inside("api", filepath.Join(w.workonHome, "api"))
		w.inside("other", filepath.Join(w.workonHome, "other"))
		w.same("before", "after")
	})
}

func TestCpvenvFails(t *testing.T) {
	eachFails(t, []failure{
		{"name taken", "cpvenv active taken", "1"},
		{"no such environment", "cpvenv nope new", "1"},
		{"no such path", "cpvenv /nowhere/env new", "1"},
		{"bad name", "cpvenv active a/b", "2"},
		{"no name", "cpvenv", "2"},
		{"no such flag", "cpvenv --frobnicate active new", "2"},
	})
}

// An active environment stays active under its new name, the shell stands
// where it stood, no hook fires, and leaving it leaves nothing.
func TestMvvenvKeepsItActive(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.made("web")
		moved := filepath.Join(w.workonHome, "my api")
		w.run(
			w.take("before"), "workon web", "builtin cd "+w.quote(filepath.Join(web, "lib")),
			"mvvenv web "+w.quote("my api")+" > "+w.out("printed")+" 2>&1",
			"builtin pwd > "+w.out("dir"), "builtin cd "+w.quote(w.home), w.take("inside"),
			"python -c 'import sys; print(sys.prefix)' > "+w.out("prefix"),
			"deactivate", w.take("after"),
			"workon -", w.take("again"),
		)
		w.inside("inside", moved)
		w.inside("again", moved)
		w.same("before", "after")
		if got := w.read("dir"); got != moved+"/lib\n" {
			w.Errorf("the shell stands in %q", got)
		}
		if got := w.read("prefix"); got != moved+"\n" {
			w.Errorf("its python says %q", got)
		}
		if _, err := os.Lstat(web); err == nil {
			w.Errorf("%s is still there", web)
		}
		if left := w.leftovers("my api"); left != nil {
			w.Errorf("left over: %q", left)
		}
	})
}

func TestMvvenvFiresNoHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.made("web")
		w.everyHook(web, w.link(web, "home/src/web"))
		w.run(
			"workon web", "builtin printf '' > "+w.out("log"),
			"mvvenv web api > "+w.out("printed")+" 2>&1", w.take("inside"),
			"builtin printf moved >> "+w.out("log"), "deactivate",
		)
		w.inside("inside", filepath.Join(w.workonHome, "api"))
		got := w.read("log")
		if fired, left, _ := strings.Cut(got, "moved"); fired != "" || !strings.Contains(left, "predeactivate local of web") {
			w.Errorf("these have fired:\n%s", got)
		}
	})
}

// One that was left comes back under its new name, and one that others are in
// is moved from under nobody here.
func TestMvvenvAnother(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.made("web"), w.lay("api")
		w.run(
			"workon web", "workon api", w.take("before"),
			"mvvenv web next > "+w.out("printed")+" 2>&1", w.take("after"),
			"workon -", w.take("next"),
		)
		w.inside("before", api)
		w.same("before", "after")
		w.inside("next", filepath.Join(w.workonHome, "next"))
		if _, err := os.Lstat(web); err == nil {
			w.Errorf("%s is still there", web)
		}
	})
}

// One that was activated by hand, with its own script, is followed too.
func TestMvvenvActivatedByHand(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		w.run(
			w.take("before"), w.byHand(hand),
			"mvvenv hand api > "+w.out("printed")+" 2>&1", w.take("inside"),
			"deactivate", w.take("after"),
		)
		w.inside("inside", filepath.Join(w.workonHome, "api"))
		w.same("before", "after")
	})
}

func TestMvvenvFails(t *testing.T) {
	eachFails(t, []failure{
		{"name taken", "mvvenv active taken", "1"},
		{"no such environment", "mvvenv nope new", "1"},
		{"bad name", "mvvenv active a/b", "2"},
		{"no new name", "mvvenv active", "2"},
	})
}

// Replacing the active one ends in the new one, entered once.
func TestMkvenvClear(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.made("web")
		w.write(filepath.Join(web, "old"), "", 0o644)
		w.run(
			w.take("before"), "workon web", w.take("once"),
			"mkvenv --clear --without-pip web > "+w.out("printed")+" 2>&1", w.take("inside"),
			"deactivate", w.take("after"),
		)
		w.inside("inside", web)
		w.same("once", "inside")
		w.same("before", "after")
		if _, err := os.Lstat(filepath.Join(web, "old")); err == nil {
			w.Errorf("the old one is still in it")
		}
	})
}

// den knows that its functions are loaded, and that they are its own.
func TestDoctorKnowsTheShell(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		record, err := shells.ByName(w.name())
		if err != nil {
			w.Fatal(err)
		}
		w.write(filepath.Join(w.home, w.rc()), record.Trial.MendCompletion+"\n"+w.init()+"\n", 0o644)
		r := w.try(w.init(), "den doctor web", "den doctor")
		if r.status != 0 || strings.Contains(r.stdout, "integration") || strings.Contains(r.stdout, "problem") {
			w.Errorf("%+v", r)
		}
	})
}
