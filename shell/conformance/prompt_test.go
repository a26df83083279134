package conformance

import (
	"path/filepath"
	"testing"
)

// The prompt loses the prefix that was added, wherever the person's own
// changes left it.
func TestPromptChangedMeanwhile(t *testing.T) {
	for _, row := range []struct {
		name               string
		change             func(sh shell) string
		inside, afterwards string
	}{
		{"appended to", func(sh shell) string { return sh.appendPrompt("more> ") }, "(web) base> more> ", "base> more> "},
		{"prepended to", func(sh shell) string { return sh.prependPrompt("first ") }, "first (web) base> ", "first base> "},
		{"replaced", func(sh shell) string { return sh.setPrompt("other> ") }, "other> ", "other> "},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.lay("api")
				w.run(
					w.take("before"), "workon web", row.change(w.shell), w.take("inside"), "deactivate", w.take("after"),
					"workon api", "deactivate", w.take("again"),
				)
				if got := w.snap("inside").Prompt; got != row.inside {
					w.Errorf("inside the prompt is %q, want %q", got, row.inside)
				}
				w.sameExcept("before", "after", func(s *snapshot) {
					s.Prompt = row.afterwards
					s.Functions = w.snap("after").Functions // the person may have added some
				})
				w.same("after", "again")
			})
		})
	}
}

// With the prompt replaced by another the switch shows the new environment on
// that one.
func TestPromptReplacedThenSwitched(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		api := w.lay("api")
		w.run("workon web", w.setPrompt("other> "), "workon api", w.take("inside"), "deactivate", w.take("after"))
		w.insideAs("inside", api, "api", "other> ")
		if got := w.snap("after").Prompt; got != "other> " {
			w.Errorf("the prompt is %q in the end", got)
		}
	})
}

func TestPromptDisabled(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.env["VIRTUAL_ENV_DISABLE_PROMPT"] = "1"
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		if s := w.snap("inside"); s.Prompt != base || s.Env["VIRTUAL_ENV_PROMPT"] != "web" {
			w.Errorf("prompt %q, VIRTUAL_ENV_PROMPT %q", s.Prompt, s.Env["VIRTUAL_ENV_PROMPT"])
		}
		w.same("before", "after")
	})
}

// Set to nothing it asks for nothing, as in venv's own scripts.
func TestPromptDisabledByAnEmptyValue(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.env["VIRTUAL_ENV_DISABLE_PROMPT"] = ""
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
	})
}

// The person changes their mind while an environment is active.
func TestPromptDisabledMeanwhile(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.run(
			w.take("before"),
			"workon web", w.export("VIRTUAL_ENV_DISABLE_PROMPT", "1"), "deactivate", w.unset("VIRTUAL_ENV_DISABLE_PROMPT"), w.take("shown first"),
			w.export("VIRTUAL_ENV_DISABLE_PROMPT", "1"), "workon web", w.unset("VIRTUAL_ENV_DISABLE_PROMPT"), "deactivate", w.take("hidden first"),
		)
		w.same("before", "shown first")
		w.same("before", "hidden first")
	})
}

// A prompt program builds the prompt anew each time: it is its to draw, and
// den neither adds to it nor breaks it.
func TestPromptRebuiltByAHook(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.run(
			w.promptHook("rebuilt> "), w.runPromptHook(), w.take("before"),
			"workon web", w.runPromptHook(), w.take("inside"),
			"deactivate", w.take("at once"), w.runPromptHook(), w.take("after"),
		)
		for _, label := range []string{"inside", "at once"} {
			if got := w.snap(label).Prompt; got != "rebuilt> " {
				w.Errorf("%s: the prompt is %q", label, got)
			}
		}
		w.same("before", "after")
	})
}

// A prompt of several lines keeps them.
func TestPromptOfSeveralLines(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		theirs := "one\ntwo \n\nthree> "
		w.run(w.setPrompt(theirs), w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.insideAs("inside", web, "web", theirs)
		w.same("before", "after")
	})
}

// fish finds a prompt in a file of its own, or has one itself, when none is
// defined: den has to find it too, and to leave it as it was.
func TestPromptThatFishLoads(t *testing.T) {
	for _, row := range []struct{ name, file string }{
		{"a person's file", "function fish_prompt\nprintf 'loaded '\nend\n"},
		{"its own", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fish{})
			web := w.lay("web")
			if row.file != "" {
				w.write(filepath.Join(w.home, ".config/fish/functions/fish_prompt.fish"), row.file, 0o644)
			}
			w.command = []string{"fish"}
			r := w.try(w.init(), w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
			if r != (result{}) {
				t.Errorf("%+v", r)
			}
			before := w.snap("before").Prompt
			if before == "" || row.file != "" && before != "loaded " {
				t.Errorf("fish itself shows %q", before)
			}
			w.insideAs("inside", web, "web", before)
			w.same("before", "after")
		})
	}
}

// A shell without any prompt, as in scripts, gets none.
func TestNoPrompt(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		r := w.try(w.init(), w.take("before"), "workon web", "deactivate", w.take("after"))
		if r != (result{}) {
			w.Errorf("%+v", r)
		}
		w.same("before", "after")
	})
}

// A person's own text that looks like the prefix is the person's.
func TestPromptHasTheSameTextAlready(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(w.setPrompt("(web) base> "), w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.insideAs("inside", web, "web", "(web) base> ")
		w.same("before", "after")
	})
}
