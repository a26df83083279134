package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestActivate(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		stdout := w.run(
			w.take("before"),
			"workon web",
			w.take("inside"),
			"python -c 'import sys; print(sys.prefix)'",
		)
		w.inside("inside", web)
		if stdout != web+"\n" {
			w.Errorf("the environment's python says its prefix is %q, want %q", stdout, web)
		}
		w.outside("before")
	})
}

func TestDeactivatePutsEverythingBack(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.run(w.take("before"), "workon web", "deactivate", w.take("after"))
		w.same("before", "after")
		w.outside("after")
	})
}

// Loading den defines its functions, and may hook up completion; what a person
// or another program sees is as it was.
func TestInitChangesNothingThatShows(t *testing.T) {
	eachShell(t, func(w *world) {
		r := w.try(w.setPrompt(base), w.take("before"), w.init(), w.take("after"))
		if r != (result{}) {
			w.Errorf("loading den says something: %+v", r)
		}
		w.sameExcept("before", "after", func(s *snapshot) {
			after := w.snap("after")
			s.Functions, s.Variables, s.Hooks = after.Functions, after.Variables, after.Hooks
		})
	})
}

func TestInitTwice(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(
			w.take("once"), w.init(), w.take("twice"),
			"workon web", w.take("inside"), w.init(), w.take("inside twice"),
			"deactivate", w.take("after"),
		)
		w.same("once", "twice")
		w.same("inside", "inside twice")
		w.inside("inside twice", web)
		w.same("once", "after")
	})
}

func TestSwitch(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.run(
			w.take("before"),
			"workon web", "workon api", w.take("api"),
			"workon web", w.take("web"),
			"deactivate", w.take("after"),
		)
		w.inside("api", api)
		w.inside("web", web)
		w.same("before", "after")
	})
}

func TestWorkonTheActiveOne(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(w.take("before"), "workon web", w.take("once"), "workon web", w.take("twice"), "deactivate", w.take("after"))
		w.inside("twice", web)
		w.same("once", "twice")
		w.same("before", "after")
	})
}

// A shell remembers where it found a command. What python means has to change
// at once, both ways.
func TestCommandsAreLookedUpAnew(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		ask := "python -c 'import sys; print(sys.prefix)'"
		stdout := w.run(ask, "workon web", ask, "deactivate", ask)
		if want := lines("outside", web, "outside"); stdout != want {
			w.Errorf("python ran in\n%swant\n%s", stdout, want)
		}
	})
}

func TestWorkonTheOneBefore(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.run(
			"workon web", "workon api",
			"workon -", w.take("first"),
			"workon -", w.take("second"),
			"deactivate", "workon -", w.take("third"),
		)
		w.inside("first", web)
		w.inside("second", api)
		w.inside("third", api)
	})
}

func TestWorkonTheOneBeforeWithoutOne(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.refused(1, "workon -", "den: error: ")
	})
}

func TestWorkonHere(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run("builtin cd "+w.quote(w.mkdir("home/src/web")), "workon .", w.take("inside"))
		w.inside("inside", web)
	})
}

func TestWorkonWithoutANameLists(t *testing.T) {
	eachShell(t, func(w *world) {
		for _, name := range []string{"web", "api", "My Env", "ünï"} {
			w.lay(name)
		}
		w.mkdir("home/envs/not an environment")
		w.write(filepath.Join(w.workonHome, "file"), "", 0o644)
		stdout := w.run("workon", "workon | head -n 1")
		if want := []string{"My Env", "api", "web", "ünï", "My Env"}; !slices.Equal(names(stdout), want) {
			w.Errorf("workon lists %q, want %q", names(stdout), want)
		}
	})
}

// head leaves after one line: what is still being written is nobody's business
// to complain about.
func TestLongListIntoHead(t *testing.T) {
	eachShell(t, func(w *world) {
		long := strings.Repeat("x", 200)
		for i := range 400 {
			dir := w.mkdir(filepath.Join("home/envs", long+string(rune('a'+i/26))+string(rune('a'+i%26))))
			w.write(filepath.Join(dir, "pyvenv.cfg"), "", 0o644)
			w.write(filepath.Join(dir, "bin/python"), "", 0o755)
		}
		if got := len(names(w.run("workon"))); got != 400 {
			w.Errorf("%d listed, want 400", got)
		}
		if got := len(names(w.run("workon | head -n 1"))); got != 1 {
			w.Errorf("%d lines through head -n 1", got)
		}
	})
}

func TestWorkonHelp(t *testing.T) {
	eachShell(t, func(w *world) {
		stdout := w.run(w.take("before"), "workon --help", "workon -h > /dev/null", w.take("after"))
		if !strings.Contains(stdout, "workon") {
			w.Errorf("workon --help says %q", stdout)
		}
		w.same("before", "after")
	})
}

func TestUnknownName(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.refused(1, "workon wbe", `den: error: no environment named "wbe"`, "den: hint: ", "web")
	})
}

func TestBadName(t *testing.T) {
	for _, row := range []struct{ name, argument string }{
		{"empty", "''"},
		{"two components", "web/bin"},
		{"parent", ".."},
		{"hidden", ".den"},
		{"colon", "a:b"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.refused(1, "workon "+row.argument, "den: error: ")
			})
		})
	}
}

func TestWrongUsage(t *testing.T) {
	for _, command := range []string{"workon web api", "workon --frobnicate web", "workon --frobnicate", "mkvenv", "rmvenv"} {
		t.Run(command, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.lay("api")
				w.refused(2, command, "den: error: ")
			})
		})
	}
}

func TestBrokenEnvironmentIsRefused(t *testing.T) {
	eachShell(t, func(w *world) {
		w.breakPython(w.lay("web"))
		w.refused(1, "workon web", "den: error: ", "web", "python", "den: hint: ")
	})
}

// refused fails the row unless a command fails with that status, says all of
// the texts on stderr and nothing on stdout, and leaves the shell exactly as
// it is: with none active, and with one active.
func (w *world) refused(status int, command string, says ...string) {
	w.Helper()
	active := w.lay("active")
	states := []string{"outside", "inside"}
	var code []string
	for _, state := range states {
		if state == "inside" {
			code = append(code, "workon active")
		}
		code = append(code,
			w.take(state+" before"),
			command+" > "+w.out(state+".stdout")+" 2> "+w.out(state+".stderr"),
			w.say(state+".status", w.status()),
			w.take(state+" after"),
		)
	}
	w.run(code...)
	for _, state := range states {
		if got := strings.TrimSpace(w.read(state + ".status")); got != string(rune('0'+status)) {
			w.Errorf("%s: %s: exit status %s, want %d", state, command, got, status)
		}
		if got := w.read(state + ".stdout"); got != "" {
			w.Errorf("%s: %s: stdout is not empty:\n%s", state, command, got)
		}
		stderr := w.read(state + ".stderr")
		for _, text := range says {
			if !strings.Contains(stderr, text) {
				w.Errorf("%s: %s: stderr does not say %q:\n%s", state, command, text, stderr)
			}
		}
		w.same(state+" before", state+" after")
	}
	w.outside("outside after")
	w.inside("inside after", active)
}

// The function den acts on this shell too, for the commands that do.
func TestDenItselfActsOnTheShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		stdout := w.run(
			w.take("before"),
			"den workon web", w.take("inside"), "den path web",
			"den deactivate", w.take("after"),
			"den list",
		)
		w.inside("inside", web)
		w.same("before", "after")
		if want := lines(web, "web"); stdout != want {
			w.Errorf("den path web and den list say %q, want %q", stdout, want)
		}
	})
}

// What the program cannot do without the shell's help it says, with the line
// that is missing.
func TestWithoutTheIntegration(t *testing.T) {
	for _, command := range []string{"den workon web", "den deactivate"} {
		t.Run(command, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				r := w.try(w.setPrompt(base), w.take("before"), command, w.say("status", w.status()), w.take("after"))
				if got := strings.TrimSpace(w.read("status")); got != "2" {
					w.Errorf("%s: exit status %s, want 2", command, got)
				}
				if !strings.Contains(r.stderr, "den: error: ") || !strings.Contains(r.stderr, w.init()) || r.stdout != "" {
					w.Errorf("%s without the integration does not say to add\n%s\nbut: %+v", command, w.init(), r)
				}
				w.same("before", "after")
			})
		})
	}
}

func TestInAScriptThatStopsAtErrors(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			w.lay("web")
			r := w.execute([]string{sh.name(), "-c", "set -eu; " + sh.init() + "; workon web; deactivate"})
			if r != (result{}) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// People call workon from functions of their own, and ask whether it worked.
func TestFromAFunction(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.run(
			w.take("before"),
			w.function("mine", lines("workon web", w.take("inside"), "workon api && builtin printf 'yes\\n' > "+w.out("answer"))),
			"mine", w.take("afterwards"),
			"workon nowhere 2> "+w.out("said")+" || builtin printf 'no\\n' >> "+w.out("answer"),
			w.function("leave", "deactivate"), "leave", w.eraseFunction("mine"), w.eraseFunction("leave"), w.take("after"),
		)
		w.inside("inside", web)
		w.inside("afterwards", api)
		w.same("before", "after")
		if got := w.read("answer"); got != "yes\nno\n" {
			w.Errorf("workon answers %q", got)
		}
	})
}

// The variables are there for other programs: an editor, pip or uv started
// from this shell finds the environment by them.
func TestExportedToPrograms(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		stdout := w.run("workon web", `/bin/sh -c 'echo "$VIRTUAL_ENV"; command -v python'`)
		if want := lines(web, web+"/bin/python"); stdout != want {
			w.Errorf("a program started inside sees %q, want %q", stdout, want)
		}
	})
}

// A name in the prompt that is not the directory's, from pyvenv.cfg.
func TestPromptOfItsOwn(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(web, "pyvenv.cfg"), lines("home = "+filepath.Dir(shared.python), "version = "+shared.major+".0", "prompt = the $HOME of `id`"), 0o644)
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.insideAs("inside", web, "the $HOME of `id`", base)
		w.same("before", "after")
	})
}

// A directory that has python but no pyvenv.cfg, as old virtualenv made them,
// and one that is a symlink into another place, are environments too.
func TestOtherEnvironments(t *testing.T) {
	eachShell(t, func(w *world) {
		elsewhere := w.layAt(filepath.Join(w.mkdir("elsewhere"), "linked"))
		linked := filepath.Join(w.workonHome, "linked")
		w.symlink(elsewhere, linked)
		foreign := w.venv(filepath.Join(w.workonHome, "foreign"))
		w.run(
			w.take("before"),
			"workon linked", w.take("linked"),
			"workon foreign", w.take("foreign"),
			"deactivate", w.take("after"),
		)
		w.inside("linked", linked)
		w.inside("foreign", foreign)
		w.same("before", "after")
	})
}

func TestEnvironmentDeletedWhileActive(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.lay("again")
		w.run(
			w.take("before"),
			"workon web", "rm -rf "+w.quote(web), "deactivate", w.take("left"),
			"workon again", "rm -rf "+w.quote(filepath.Join(w.workonHome, "again")), "workon api", w.take("switched"),
			"deactivate", w.take("after"),
		)
		w.same("before", "left")
		w.inside("switched", api)
		w.same("before", "after")
	})
}

// The directory one stands in may be gone; that is no reason not to leave.
func TestWorkingDirectoryGone(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		gone := w.mkdir("home/gone")
		r := w.try(
			w.setPrompt(base), w.init(),
			"builtin cd "+w.quote(gone), "rmdir "+w.quote(gone),
			"workon web", "builtin cd "+w.quote(w.home), w.take("inside"),
			"builtin cd "+w.quote(w.mkdir("home/gone too")), "rmdir "+w.quote(filepath.Join(w.home, "gone too")),
			"deactivate", "builtin cd "+w.quote(w.home), w.take("after"),
		)
		if r.status != 0 {
			w.Errorf("%+v", r)
		}
		w.inside("inside", web)
		w.outside("after")
	})
}
