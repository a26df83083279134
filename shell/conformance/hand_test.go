package conformance

import (
	"path/filepath"
	"testing"
)

// makers make an environment whose activate script a person may source by
// hand: den's own, and the one of Python's venv, which stands for virtualenv
// and uv, whose scripts are of the same making.
var makers = []struct {
	name string
	make func(w *world, name string) string
}{
	{"den's script", func(w *world, name string) string { return w.made(name) }},
	{"venv's script", func(w *world, name string) string {
		w.ignored = []string{"PS1"} // which it exports, once and for all
		return w.venv(filepath.Join(w.workonHome, name))
	}},
}

// byHand sources an environment's activate script.
func (w *world) byHand(env string) string {
	return "source " + w.quote(filepath.Join(env, "bin", w.activate()))
}

// eachMaker runs a row with the activate scripts of each maker.
func eachMaker(t *testing.T, row func(w *world, hand string)) {
	for _, maker := range makers {
		t.Run(maker.name, func(t *testing.T) {
			eachShell(t, func(w *world) { row(w, maker.make(w, "hand")) })
		})
	}
}

func TestActivateScriptAlone(t *testing.T) {
	eachShell(t, func(w *world) {
		for _, name := range []string{"hand", "it's $HOME `id`; \"x\" %n ü"} {
			hand := w.made(name)
			r := w.try(
				w.setPrompt(base), w.export("PYTHONHOME", "/old"), w.take("before"),
				w.byHand(hand), w.take("inside"), "deactivate", w.take("after"),
			)
			if r != (result{}) {
				w.Errorf("%+v", r)
			}
			s := w.snap("inside")
			if s.Env["VIRTUAL_ENV"] != hand || s.Python != filepath.Join(hand, "bin", "python") || s.Prompt != "("+w.shown(name)+") "+base {
				w.Errorf("inside by hand: VIRTUAL_ENV %q, python %q, prompt %q", s.Env["VIRTUAL_ENV"], s.Python, s.Prompt)
			}
			if _, set := s.Env["PYTHONHOME"]; set {
				w.Errorf("PYTHONHOME is still set")
			}
			w.same("before", "after")
		}
	})
}

func TestWorkonWhileAnotherIsActiveByHand(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		web := w.lay("web")
		w.run(
			w.take("before"), w.byHand(hand),
			"workon web", w.take("inside"),
			"deactivate", w.take("after"),
		)
		w.inside("inside", web)
		w.same("before", "after")
		w.outside("after")
	})
}

// den's own script leaves the active one first.
func TestByHandWhileOneIsActive(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		hand := w.made("hand")
		w.run(
			w.take("before"), "workon web", w.byHand(hand), w.take("inside"),
			"deactivate", w.take("after"),
		)
		s := w.snap("inside")
		if s.Env["VIRTUAL_ENV"] != hand || s.Python != filepath.Join(hand, "bin", "python") || s.Prompt != "(hand) "+base {
			w.Errorf("inside by hand: VIRTUAL_ENV %q, python %q, prompt %q", s.Env["VIRTUAL_ENV"], s.Python, s.Prompt)
		}
		w.same("before", "after")
		w.outside("after")
	})
}

// The script of another tool knows nothing of den: it goes on top, and takes
// the word deactivate with it when it leaves. den leaves what is under it when
// it is asked to, even so.
func TestForeignScriptWhileOneIsActive(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		hand := w.venv(filepath.Join(w.workonHome, "hand"))
		w.ignored = []string{"PS1"}
		w.run(
			w.take("before"),
			"workon web", w.byHand(hand), w.take("inside"), "deactivate", "den deactivate", w.take("left"),
			"workon web", w.byHand(hand), "deactivate", "workon web", w.take("entered"), "deactivate", w.take("after"),
			"workon web", w.byHand(hand), "den deactivate", w.take("left at once"),
		)
		s := w.snap("inside")
		if s.Env["VIRTUAL_ENV"] != hand || s.Python != filepath.Join(hand, "bin", "python") {
			w.Errorf("inside by hand: VIRTUAL_ENV %q, python %q", s.Env["VIRTUAL_ENV"], s.Python)
		}
		w.same("before", "left")
		w.inside("entered", web)
		w.same("before", "after")
		w.same("before", "left at once")
	})
}

func TestByHandWhileOneIsActiveThenWorkon(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		w.lay("web")
		api := w.lay("api")
		w.run(
			w.take("before"), "workon web", w.byHand(hand),
			"workon api", w.take("inside"),
			"deactivate", w.take("after"),
		)
		w.inside("inside", api)
		w.same("before", "after")
		w.outside("after")
	})
}

// The very environment that is entered by name was activated by hand already.
func TestWorkonTheOneThatIsActiveByHand(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		w.run(
			w.take("before"), w.byHand(hand), "workon hand", w.take("inside"),
			w.byHand(hand), "workon hand", w.take("again"),
			"deactivate", w.take("after"),
		)
		w.inside("inside", hand)
		w.inside("again", hand)
		w.same("before", "after")
		w.outside("after")
	})
}

// den deactivate leaves what is active, whoever activated it.
func TestLeaveWhatIsActiveByHand(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		w.run(w.take("before"), w.byHand(hand), "den deactivate", w.take("after"))
		w.same("before", "after")
		w.outside("after")
	})
}

// With a value of the person's own in the variables that both take over.
func TestByHandAndByNameGiveTheOldValuesBack(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		web := w.lay("web")
		w.env["PYTHONHOME"] = "/old"
		w.run(
			w.take("before"), w.byHand(hand), "workon web", w.take("inside"), "deactivate", w.take("after"),
			"workon web", w.byHand(hand), "workon web", "deactivate", w.take("after that"),
		)
		w.inside("inside", web)
		w.same("before", "after")
		w.same("before", "after that")
	})
}

// A shell started inside one activated by hand has its variables and not its
// functions, and PATH keeps its entry. Entering another there leaves it as
// well as can be: it is first no more, and is not shown.
func TestWorkonInAShellStartedInsideOneActiveByHand(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		web := w.lay("web")
		w.env["VIRTUAL_ENV"], w.env["VIRTUAL_ENV_PROMPT"] = hand, "hand"
		w.env["PATH"] = filepath.Join(hand, "bin") + ":" + w.path
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		s := w.snap("after")
		if s.Prompt != base {
			w.Errorf("prompt is %q in the end", s.Prompt)
		}
		for _, name := range s.Functions {
			if name == "deactivate" {
				w.Errorf("deactivate is still there")
			}
		}
	})
}
