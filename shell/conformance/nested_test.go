package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// child is code that runs lines in a new shell of the same kind, with the
// start-up that a script of a person's own would have.
func (w *world) child(name string, code ...string) string {
	file := filepath.Join(w.dir, "files", name)
	w.write(file, w.whole(append([]string{w.setPrompt(base), w.init()}, code...)...), 0o644)
	command := w.script(file)
	for i, word := range command {
		command[i] = w.quote(word)
	}
	return strings.Join(command, " ")
}

func TestShellInShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.run(
			w.take("before"), "workon web", w.take("parent"),
			w.child("child", w.take("child"), "deactivate", w.take("child left"), "workon api", w.take("child switched")),
			w.take("parent still"), "deactivate", w.take("after"),
		)
		w.inside("parent", web)
		w.inside("child", web)
		w.outside("child left")
		w.inside("child switched", api)
		w.same("parent", "parent still")
		w.same("before", "after")
	})
}

// The old values travel too.
func TestShellInShellGivesOldValuesBack(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		for _, name := range restored {
			w.env[name] = "/old\nit's `here`"
		}
		w.run(
			w.take("before"), "workon web",
			w.child("child", "deactivate", w.take("child left")),
			w.child("child again", w.child("grandchild", "deactivate", w.take("grandchild left"))),
		)
		for _, label := range []string{"child left", "grandchild left"} {
			before, left := w.snap("before").Env, w.snap(label).Env
			for _, name := range append([]string{"PATH"}, restored...) {
				if before[name] != left[name] {
					w.Errorf("%s: %s is %q, was %q", label, name, left[name], before[name])
				}
			}
		}
	})
}

// A start-up file that puts the system's directories first, or forgets all
// that was on PATH, must not hide the environment.
func TestShellInShellWithPathReordered(t *testing.T) {
	for _, row := range []struct {
		name string
		path func(w *world, bin string) string
	}{
		{"directories put first", func(w *world, bin string) string { return "/mine:" + w.path + ":" + bin + ":" + w.path }},
		{"PATH set anew", func(w *world, bin string) string { return "/mine:" + w.path }},
		{"PATH as it was", func(w *world, bin string) string { return bin + ":" + w.path }},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				bin := filepath.Join(web, "bin")
				path := row.path(w, bin)
				child := w.child("child", w.take("child"), "deactivate", w.take("child left"))
				file := filepath.Join(w.dir, "files", "child")
				w.write(file, lines(w.setPath(path), w.read("child")), 0o644)
				w.run("workon web", child)
				w.inside("child", web)
				entries := slices.DeleteFunc(strings.Split(path, ":"), func(entry string) bool { return entry == bin })
				if got, want := w.snap("child left").Env["PATH"], strings.Join(entries, ":"); got != want {
					w.Errorf("PATH is\n%s in the end, want\n%s", got, want)
				}
			})
		})
	}
}

// In place of this shell another, of any kind: it takes the activation over.
func TestExec(t *testing.T) {
	for _, next := range columns {
		t.Run("to "+next.name(), func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				successor := newWorld(w.T, next)
				after := *w
				after.shell = successor.shell
				w.atTerminal = w.atTerminal || successor.atTerminal
				command := after.child("next", after.take("inside"), "deactivate", after.take("after"))
				w.run("workon web", "exec "+command)
				after.inside("inside", web)
				after.outside("after")
			})
		})
	}
}

// A shell with a language of its own, inside a shell of any kind: it shows the prompt once,
// and what it leaves, the outer one is still in. TestExecOfAnInteractiveShell has the
// others.
func TestEveryShellInsideEvery(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		term, outer := w.open(), w.shell
		term.enter("workon web")
		for _, inner := range allColumns {
			if slices.Contains(columns, inner) {
				continue
			}
			newWorld(w.T, inner) // is it installed?
			term.nest(program(inner))
			term.as(inner)
			term.shows("(web) base> ")
			term.enter("deactivate")
			term.shows(base)
			term.exit()
			term.as(outer)
			term.shows("(web) base> ")
		}
		term.enter("deactivate")
		term.shows(base)
	})
}

// A program that knows nothing of den hands the variables on.
func TestThroughAnotherProgram(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run("workon web", "/bin/sh -c "+w.quote(`exec `+w.child("child", w.take("child"), "deactivate", w.take("after"))))
		w.inside("child", web)
		w.outside("after")
	})
}

// Another tool has put an environment of its own on top, as uv run, poetry run
// and tox do: the shell they start is in theirs, and stays in it.
func TestShellStartedByAnotherTool(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		theirs := w.layAt(filepath.Join(w.mkdir("home/project"), ".venv"))
		child := w.child("child", w.take("child"), "workon api", w.take("switched"), "deactivate", w.take("left"))
		w.run("workon web", lines(
			w.export("VIRTUAL_ENV", theirs), w.prependPath(filepath.Join(theirs, "bin")), child,
		))
		s := w.snap("child")
		if want := filepath.Join(theirs, "bin") + ":" + filepath.Join(web, "bin") + ":" + w.path; s.Env["PATH"] != want {
			w.Errorf("PATH is\n%s, want\n%s", s.Env["PATH"], want)
		}
		if s.Env["VIRTUAL_ENV"] != theirs || s.Python != filepath.Join(theirs, "bin", "python") {
			w.Errorf("VIRTUAL_ENV %q, python %q", s.Env["VIRTUAL_ENV"], s.Python)
		}
		w.inside("switched", api)
		if left := w.snap("left"); strings.Contains(left.Env["PATH"], api) || left.Prompt != base {
			w.Errorf("in the end PATH is %q, prompt %q", left.Env["PATH"], left.Prompt)
		}
	})
}

// What a subshell does stays in it.
func TestSubshell(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web, api := w.lay("web"), w.lay("api")
			w.run(
				w.take("before"), "( workon web; "+w.take("sub")+" )", w.take("after"),
				"workon web", "( deactivate; workon api; "+w.take("sub switched")+" )", w.take("inside"),
			)
			w.inside("sub", web)
			w.inside("sub switched", api)
			w.inside("inside", web)
			w.same("before", "after")
		})
	}
}

// The environment that the parent had active is deleted, or another shell
// renamed it, before the child starts.
func TestShellStartedInsideAnEnvironmentThatIsGone(t *testing.T) {
	eachShell(t, func(w *world) {
		gone, api := filepath.Join(w.workonHome, "gone"), w.lay("api")
		w.env["VIRTUAL_ENV"], w.env["DEN_ACTIVE"] = gone, gone
		w.env["VIRTUAL_ENV_PROMPT"], w.env["DEN_ACTIVE_PROMPT"] = "gone", "(gone) "
		w.env["PATH"] = filepath.Join(gone, "bin") + ":" + w.path
		r := w.try(w.setPrompt(base), w.init(), "workon api", w.take("inside"), "deactivate", w.take("after"))
		if r.status != 0 {
			w.Errorf("%+v", r)
		}
		w.inside("inside", api)
		w.outside("after")
	})
}
