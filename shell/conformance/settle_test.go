package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lookOf is code that shows what the prompt and PATH are, in files of that name.
func (w *world) lookOf(label string) string {
	return lines(w.showPrompt(w.file(label+" prompt")), "/usr/bin/printenv PATH > "+w.out(label+" path"))
}

// looks fails the row unless the prompt and PATH were as wanted.
func (w *world) looks(label, prompt, path string) {
	w.Helper()
	if got := w.prompt(label + " prompt"); got != prompt {
		w.Errorf("%s: the prompt is %q, want %q", label, got, prompt)
	}
	if got := strings.TrimSuffix(w.read(label+" path"), "\n"); got != path {
		w.Errorf("%s: PATH is\n%s, want\n%s", label, got, path)
	}
}

// What hooks of entering have made of the prompt and of PATH goes when the
// environment is left, and does not pile up from one to the next.
func TestHooksChangePromptAndPath(t *testing.T) {
	eachShell(t, func(w *world) {
		web := filepath.Join(w.lay("web"), "bin")
		w.lay("api")
		w.sourced(w.workonHome, "postactivate", lines(w.freshPrompt("<hook> "), w.prependPath("/hook"), w.export("VIRTUAL_ENV_PROMPT", "hooked"), w.export("PYTHONHOME", "/hook")))
		w.run(w.take("before"), "workon web", w.lookOf("web"), "workon api", "workon web", w.lookOf("again"), "deactivate", w.take("after"))
		for _, label := range []string{"web", "again"} {
			w.looks(label, "<hook> (web) "+base, "/hook:"+web+":"+w.path)
		}
		w.sameExcept("before", "after", func(s *snapshot) { // fish keeps the functions of the hook
			s.Functions, s.Variables = w.snap("after").Functions, w.snap("after").Variables
		})
	})
}

// Where the person has changed them since, theirs stays, but for what den put
// there.
func TestPersonChangesPromptAndPathAfterHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.sourced(w.workonHome, "postactivate", lines(w.freshPrompt("<hook> "), w.prependPath("/hook")))
		w.run("workon web", w.freshPrompt("mine "), w.prependPath("/mine"), "deactivate", w.lookOf("after"))
		prompt := "mine <hook> " + base
		w.looks("after", prompt, "/mine:/hook:"+w.path)
	})
}

// In a shell inside, too, what the hooks have made of PATH goes when the
// environment is left there.
func TestHooksChangePathAroundAShellInShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web := filepath.Join(w.lay("web"), "bin")
		w.sourced(w.workonHome, "postactivate", w.prependPath("/hook"))
		w.run("workon web", w.child("child", w.lookOf("child"), w.child("grandchild", "deactivate", w.lookOf("grandchild left")), "deactivate", w.lookOf("left")), w.lookOf("parent"), "deactivate", w.lookOf("after"))
		for _, label := range []string{"parent", "child"} {
			w.looks(label, "(web) "+base, "/hook:"+web+":"+w.path)
		}
		for _, label := range []string{"left", "grandchild left", "after"} {
			w.looks(label, base, w.path)
		}
	})
}

// Hooks that know the activate scripts of venv and virtualenv find the old values
// where those keep them.
func TestHooksUseWhatActivateScriptsKeep(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			w.lay("web")
			w.sourced(w.workonHome, "postactivate", `PS1="[web] $_OLD_VIRTUAL_PS1"; PATH="/only:$_OLD_VIRTUAL_PATH"`)
			w.run(w.take("before"), "workon web", w.lookOf("web"), "deactivate", w.take("after"))
			w.looks("web", "[web] "+base, "/only:"+w.path)
			w.same("before", "after")
		})
	}
}

// A hook, or a start-up file where an environment is inherited, sources the
// activate script: the name is shown once, and PATH is clean in the end.
func TestActivateScriptSourcedInside(t *testing.T) {
	for _, maker := range makers {
		t.Run(maker.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				hand := maker.make(w, "hand")
				w.ignored = []string{"PS1"}
				source := w.byHand(hand)
				for _, row := range []struct{ label, before, after string }{{"before den", source, ""}, {"after den", "", source}} {
					file := filepath.Join(w.dir, "files", row.label)
					w.write(file, w.whole(w.setPrompt(base), row.before, w.init(), row.after, w.lookOf(row.label), "deactivate", w.lookOf(row.label+", left")), 0o644)
					command := w.script(file)
					for i, word := range command {
						command[i] = w.quote(word)
					}
					w.run("workon hand", strings.Join(command, " "))
					w.looks(row.label, "(hand) "+base, filepath.Join(hand, "bin")+":"+w.path)
					w.looks(row.label+", left", base, w.path)
				}
				w.sourced(w.workonHome, "postactivate", source)
				w.run(w.take("first"), "workon hand", w.lookOf("hook"), "workon hand", "deactivate", w.take("last"))
				w.looks("hook", "(hand) "+base, filepath.Join(hand, "bin")+":"+w.path)
				w.same("first", "last")
			})
		})
	}
}

// Something takes the exported variables away, as direnv does when a directory is
// left: deactivate, or the next workon, still cleans the shell.
func TestExportedVariablesVanish(t *testing.T) {
	eachMaker(t, func(w *world, hand string) {
		api := w.lay("api")
		vanish := ""
		for _, name := range []string{"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "DEN_ACTIVE", "DEN_ACTIVE_PROMPT"} {
			vanish += w.unset(name) + "\n"
		}
		w.run(
			w.take("before"), "workon hand", vanish, "deactivate", w.take("left"),
			"workon hand", vanish, "workon api", w.take("api"), "deactivate", w.take("after"),
			"workon hand", vanish, w.setPath(w.path), w.export("VIRTUAL_ENV", "/elsewhere"), "workon api", w.take("other"), "deactivate",
			w.unset("VIRTUAL_ENV"), w.take("after other"),
			"workon hand", w.export("DEN_ACTIVE", "/elsewhere"), w.export("VIRTUAL_ENV", "/elsewhere"), w.export("DEN_ACTIVE_PROMPT", "(elsewhere) "),
			"workon api", w.take("last"),
		)
		w.same("before", "left")
		w.inside("api", api)
		w.same("before", "after")
		w.inside("other", api)
		w.same("before", "after other")
		w.inside("last", api)
		if path := w.snap("last").Env["PATH"]; slices.Contains(strings.Split(path, ":"), filepath.Join(hand, "bin")) {
			w.Errorf("PATH is %s", path)
		}
	})
}

// By hand, without den, it is the script's own deactivate.
func TestExportedVariablesVanishByHand(t *testing.T) {
	eachShell(t, func(w *world) {
		hand := w.made("hand")
		vanish := w.unset("VIRTUAL_ENV") + "\n" + w.unset("DEN_ACTIVE")
		r := w.try(w.setPrompt(base), w.take("before"), w.byHand(hand), vanish, "deactivate", w.take("left"),
			w.byHand(hand), vanish, w.byHand(hand), w.byHand(hand), w.lookOf("again"), "deactivate", w.take("after"))
		if r != (result{}) {
			w.Errorf("%+v", r)
		}
		w.same("before", "left")
		w.looks("again", "(hand) "+base, filepath.Join(hand, "bin")+":"+w.path)
		w.same("before", "after")
	})
}

// Under errexit, a sourced hook that fails does not end the shell, and the option
// is still set when it is through.
func TestHookFailsUnderErrexit(t *testing.T) {
	for _, sh := range bourneColumns {
		for _, code := range []string{"/bin/false", "return 3", "/bin/false; builtin printf 'on\n'"} {
			t.Run(sh.name()+" "+code, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sh)
				web := w.lay("web")
				for _, event := range sourcedEvents {
					w.sourced(w.workonHome, event, code)
				}
				w.run("set -e", w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
				w.inside("inside", web)
				w.same("before", "after")
			})
		}
	}
}
