package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// sourcedEvents are those whose hooks the shell itself reads.
var sourcedEvents = []string{"postactivate", "predeactivate", "postdeactivate"}

// heard gives what a script printed on stderr, which run takes for a failure.
func (w *world) heard(code ...string) result {
	w.Helper()
	r := w.try(append([]string{w.setPrompt(base), w.init()}, code...)...)
	if r.status != 0 {
		w.Errorf("exit status %d\n%s", r.status, r.stderr)
	}
	return r
}

// A hook that the shell cannot read is the shell's to tell; the rest goes on.
func TestHookWithASyntaxError(t *testing.T) {
	for _, event := range sourcedEvents {
		t.Run(event, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web, api := w.lay("web"), w.lay("api")
				w.sourced(w.workonHome, event, "if (\nthen )) end '")
				r := w.heard(
					w.take("before"), "workon web", w.take("inside"),
					"workon api", w.take("switched"), "deactivate", w.take("after"),
				)
				w.inside("inside", web)
				w.inside("switched", api)
				w.same("before", "after")
				if !strings.Contains(r.stderr, event) {
					w.Errorf("the hook is not named: %s", r.stderr)
				}
			})
		})
	}
}

// A program that cannot be started, or that ends badly, takes nothing with it.
func TestProgramsThatFail(t *testing.T) {
	for name, code := range map[string]string{
		"exit":               "#!/bin/sh\nexit 3\n",
		"syntax error":       "#!/bin/sh\nif (\n",
		"killed":             "#!/bin/sh\nkill -9 $$\n",
		"no interpreter":     "#!/not/there\nexit\n",
		"goes elsewhere":     "#!/bin/sh\ncd / && VIRTUAL_ENV=/x && export VIRTUAL_ENV\n",
		"leaves a process":   "#!/bin/sh\nsleep 2 >/dev/null 2>&1 &\n",
		"not a known format": "\x7fELF\x00\n",
	} {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				w.write(filepath.Join(w.workonHome, "preactivate"), code, 0o755)
				w.heard(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
				w.inside("inside", web)
				w.same("before", "after")
			})
		})
	}
}

// A hook that leaves the environment itself leaves it, wherever it does so: the
// hooks that would have followed do not fire in the wrong place.
func TestHookThatDeactivates(t *testing.T) {
	for _, event := range sourcedEvents {
		t.Run(event, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web, api := w.lay("web"), w.lay("api")
				project := w.link(web, "home/src/web")
				w.sourced(w.workonHome, event, w.unlessFirst("deactivate"))
				w.sourced(filepath.Join(web, "bin"), "postactivate", w.logged("local"))
				w.sourced(filepath.Join(project, ".virtualenvwrapper"), "postactivate", w.logged("project"))
				w.heard(w.take("before"), "workon -n web", w.take("web"), w.ifThere("deactivate"), w.take("left"),
					"workon api", w.take("api"), w.ifThere("deactivate"), w.take("after"))
				w.outside("left")
				w.outside("after")
				if event == "postactivate" {
					w.same("before", "web")
					w.same("before", "api")
					if w.exists(w.file("log")) {
						w.Errorf("hooks fired for an environment that had been left:\n%s", w.read("log"))
					}
				} else {
					w.inside("web", web)
					w.inside("api", api)
				}
			})
		})
	}
}

// unlessFirst is code that ignores the status of a command.
func (w *world) unlessFirst(command string) string { return command + " 2>/dev/null || builtin true" }

// ifThere calls a function if it is defined.
func (w *world) ifThere(function string) string {
	return "type " + function + " >/dev/null 2>&1 && " + function + "; builtin true"
}

// A hook that enters an environment while one is being left cannot have its
// way, or two would be active; the person's own word counts.
func TestHookThatEntersWhileLeaving(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		api := w.lay("api")
		w.lay("docs")
		w.sourced(w.workonHome, "predeactivate", "workon docs || builtin true")
		r := w.heard(w.take("before"), "workon web", "workon api", w.take("switched"), "deactivate", w.take("after"))
		w.inside("switched", api)
		w.same("before", "after")
		if !strings.Contains(r.stderr, "den: error: a hook cannot enter an environment while another one is being left") {
			w.Errorf("stderr is\n%s", r.stderr)
		}
	})
}

// When the person just leaves, a hook may take them somewhere else.
func TestHookThatEntersAfterLeaving(t *testing.T) {
	eachShell(t, func(w *world) {
		web, home := w.lay("web"), w.lay("home")
		api := w.lay("api")
		w.sourced(filepath.Join(web, "bin"), "postdeactivate", "workon home || builtin true")
		w.heard("workon web", "deactivate", w.take("home"), "workon web", "workon api", w.take("api"), "deactivate", w.take("after"))
		w.inside("home", home)
		w.inside("api", api)
		w.outside("after")
	})
}

// Hooks that call each other in a circle come to an end.
func TestHooksInACircle(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.sourced(filepath.Join(web, "bin"), "postactivate", "workon api || builtin true")
		w.sourced(filepath.Join(api, "bin"), "postactivate", "workon web || builtin true")
		r := w.heard(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		if !strings.Contains(r.stderr, "den: error: hooks call each other without end") {
			w.Errorf("stderr is\n%s", r.stderr)
		}
		w.inside("inside", w.snap("inside").Env["VIRTUAL_ENV"])
		w.same("before", "after")
	})
}

// A hook may set options, as any code that is sourced; den goes on under them.
func TestHookThatSetsOptions(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web, api := w.lay("web"), w.lay("api")
			for _, event := range sourcedEvents {
				w.sourced(w.workonHome, event, "set -eu\nset -C\n/bin/false || builtin true\nIFS=/")
			}
			w.heard("workon web", w.take("inside"), "workon api", w.take("switched"), "deactivate", w.take("after"))
			w.inside("inside", web)
			w.inside("switched", api)
			w.outside("after")
		})
	}
}

// A hook that exits ends the shell that sources it, as in virtualenvwrapper,
// and that is all: the next one starts as ever. fish only ends the hook.
func TestHookThatExits(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.sourced(w.workonHome, "postactivate", lines(w.logged("here"), "exit 7", w.logged("not here")))
		r := w.try(w.setPrompt(base), w.init(), "workon web", w.take("inside"), "deactivate", w.take("after"))
		if w.name() == "fish" {
			w.inside("inside", web)
			w.outside("after")
		} else if r.status != 7 || w.exists(w.file("inside.env")) {
			w.Errorf("%+v", r)
		}
		if got := w.read("log"); strings.Contains(got, "not here") || !strings.Contains(got, "here") {
			w.Errorf("the hook did\n%s", got)
		}
		w.write(filepath.Join(w.workonHome, w.hook("postactivate")), "", 0o644)
		w.run("workon web", w.take("again"))
		w.inside("again", web)
	})
}

// A hook that takes away what den needs elsewhere: the working directory, PATH.
func TestHookThatTakesThingsAway(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		gone := w.mkdir("home/gone")
		w.sourced(w.workonHome, "postactivate", lines("builtin cd "+w.quote(gone), "/bin/rmdir "+w.quote(gone)))
		w.sourced(w.workonHome, "predeactivate", "builtin cd "+w.quote(w.home))
		w.heard(w.take("before"), "workon web", "workon web", "deactivate", w.take("after"))
		w.same("before", "after")
	})
}
