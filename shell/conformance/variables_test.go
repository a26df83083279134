package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// restored are the variables that an activation takes over.
var restored = []string{"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME"}

// A variable that den changes goes back to what it was: to a value, to
// nothing, or to not being there.
func TestVariablesGoBack(t *testing.T) {
	for _, row := range []struct{ name, value string }{
		{"to a value", "/old place/it's $HOME"},
		{"to an empty value", ""},
		{"to a value with newlines and quotes", "a\nb'\"\\c\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web, api := w.lay("web"), w.lay("api")
				for _, name := range restored {
					w.env[name] = row.value
				}
				w.run(
					w.take("before"),
					"workon web", w.take("inside"),
					"deactivate", w.take("left"),
					"workon web", "workon api", w.take("switched"),
					"deactivate", w.take("after"),
				)
				w.inside("inside", web)
				w.inside("switched", api)
				w.same("before", "left")
				w.same("before", "after")
			})
		})
	}
}

// Each of them alone: one restored must not bring back another.
func TestEachVariableGoesBackAlone(t *testing.T) {
	for _, name := range restored {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				w.env[name] = "/old"
				w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
				w.inside("inside", web)
				w.same("before", "after")
			})
		})
	}
}

// A variable that other programs did not see before they do not see after.
func TestUnexportedVariablesStaySo(t *testing.T) {
	for _, name := range restored {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				w.run(
					w.assign(name, "mine"), w.take("before"),
					"workon web", w.take("inside"),
					"deactivate", w.take("after"), w.say("value", `"$`+name+`"`),
				)
				w.inside("inside", web)
				w.same("before", "after")
				if got := w.read("value"); got != "mine\n" {
					w.Errorf("%s is %q after, was mine", name, got)
				}
			})
		})
	}
}

// What the person sets while an environment is active is theirs and stays.
func TestVariablesChangedMeanwhileStay(t *testing.T) {
	for _, old := range []string{"", "/old"} {
		for _, name := range restored {
			t.Run(name+" was "+old, func(t *testing.T) {
				eachShell(t, func(w *world) {
					w.lay("web")
					if old != "" {
						w.env[name] = old
					}
					w.run(
						w.take("before"), "workon web", w.export(name, "theirs now"), "deactivate", w.take("after"),
					)
					w.sameExcept("before", "after", func(s *snapshot) {
						s.Env[name] = "theirs now"
						s.Variables = w.snap("after").Variables
					})
				})
			})
		}
	}
}

// Taking a variable away is a change too.
func TestVariablesUnsetMeanwhileStayUnset(t *testing.T) {
	for _, name := range []string{"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"} {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.env[name] = "/old"
				w.run(w.take("before"), "workon web", w.unset(name), "deactivate", w.take("after"))
				w.sameExcept("before", "after", func(s *snapshot) {
					delete(s.Env, name)
					s.Variables = w.snap("after").Variables
				})
			})
		})
	}
}

// A person's own variables, and those of other tools, are no business of den's.
func TestOtherVariablesAreLeftAlone(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		for name, value := range map[string]string{
			"CONDA_PREFIX": "/opt/conda", "CONDA_DEFAULT_ENV": "base", "PYTHONPATH": "/mine::/yours",
			"EMPTY": "", "ODD": "a\nb\t'\"$HOME`id`\\", "DEN_PYTHON": shared.python, "IFS": "x", "PS2": "more> ",
		} {
			w.env[name] = value
		}
		w.env["PATH"] = "/opt/conda/bin:" + w.path
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
		w.sameExcept("before", "inside", func(s *snapshot) {
			inside := w.snap("inside")
			s.Functions, s.Variables, s.Settings, s.Prompt, s.Python = inside.Functions, inside.Variables, inside.Settings, inside.Prompt, inside.Python
			s.Env["PATH"] = filepath.Join(web, "bin") + ":" + s.Env["PATH"]
			s.Env["VIRTUAL_ENV"], s.Env["VIRTUAL_ENV_PROMPT"] = web, "web"
			for name, value := range inside.Env {
				if strings.HasPrefix(name, "DEN_ACTIVE") || strings.HasPrefix(name, "DEN_SAVED_") {
					s.Env[name] = value
				}
			}
		})
	})
}

// The parameters and the exit status of the shell are the person's.
func TestPositionalParametersStay(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		stdout := w.run(w.parameters(lines("workon web", "deactivate", w.showParameters()), "one", "two words", ""))
		if want := lines("one", "two words", ""); stdout != want {
			w.Errorf("the parameters are %q, want %q", stdout, want)
		}
	})
}
