package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/shell/screen"
)

// What a person sees and does from the first prompt to the last.
func TestSession(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		odd := w.lay("it's $HOME; rm -rf")
		term := w.open()
		term.look("before")
		term.enter("workon web")
		term.shows("(web) base> ")
		term.look("web")
		term.enter("python -c 'import sys; print(sys.prefix)' > " + w.out("prefix"))
		term.enter(w.prependPath(filepath.Join(w.home, "mine")))
		term.enter("workon " + w.quote("it's $HOME; rm -rf"))
		term.shows("(it's $HOME; rm -rf) base> ")
		term.look("odd")
		term.enter("deactivate")
		term.shows("base> ")
		term.look("after")

		w.inside("web", web)
		w.insideAs("odd", odd, "it's $HOME; rm -rf", base)
		if got := w.read("prefix"); got != web+"\n" {
			w.Errorf("python says %q", got)
		}
		w.sameExcept("before", "after", func(s *snapshot) {
			s.Env["PATH"] = filepath.Join(w.home, "mine") + ":" + s.Env["PATH"]
		})
	})
}

// Names that mean something to a prompt, on the screen itself.
func TestOddPromptsOnTheScreen(t *testing.T) {
	eachShell(t, func(w *world) {
		term := w.open()
		for _, name := range []string{`%n \u \w`, "$(touch pwned)", "100%", `back\slash`, "ünï", "*"} {
			w.lay(name)
			term.enter("workon " + w.quote(name))
			term.shows("(" + w.shown(name) + ") base> ")
		}
		term.enter("deactivate")
		term.shows(base)
		if w.exists(filepath.Join(w.home, "pwned")) {
			w.Errorf("a name was executed")
		}
	})
}

func TestNestedInteractiveShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		term := w.open()
		term.enter("workon web")
		term.look("parent")
		term.nest(program(w.shell))
		term.shows("(web) base> ")
		term.look("child")
		term.enter("workon api")
		term.shows("(api) base> ")
		term.look("switched")
		term.enter("deactivate")
		term.shows(base)
		term.look("left")
		term.exit()
		term.shows("(web) base> ")
		term.look("parent still")
		term.enter("deactivate")
		term.shows(base)

		w.inside("child", web)
		w.inside("switched", api)
		w.outside("left")
		w.same("parent", "parent still")
	})
}

// A login shell reads a profile that puts the system's directories first, or
// sets PATH anew.
func TestNestedLoginShell(t *testing.T) {
	for _, row := range []struct {
		name string
		path func(w *world, bin string) string
	}{
		{"PATH reordered", func(w *world, bin string) string { return w.path + ":" + bin + ":/mine" }},
		{"PATH set anew", func(w *world, bin string) string { return w.path + ":/mine" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				file, content := w.profile(w.setPath(row.path(w, filepath.Join(web, "bin"))))
				w.write(filepath.Join(w.home, file), content, 0o644)
				term := w.open()
				term.enter("workon web")
				term.nest(program(w.shell) + " -l")
				term.shows("(web) base> ")
				term.look("child")
				term.enter("deactivate")
				term.shows(base)
				term.look("left")

				w.inside("child", web)
				// What a login shell adds by itself comes behind.
				left := w.snap("left").Env["PATH"]
				if want := w.path + ":/mine"; left != want && !strings.HasPrefix(left, want+":") || strings.Contains(left, web) {
					w.Errorf("PATH is\n%s in the end, want\n%s", left, want)
				}
			})
		})
	}
}

// Some people export their prompt: then a shell inside inherits it, with the
// prefix in it, and must not show that twice. No start-up file of the system's
// or the person's sets another.
func TestNestedShellWithThePromptExported(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web := w.lay("web")
			term := w.open()
			term.enter("export PS1", "workon web")
			bare := sh.script("")
			inside := "(web) " + base
			term.press(strings.Join(bare[:len(bare)-1], " ") + "\r")
			term.wait("its prompt", func() bool { return term.count(inside) > 2 && term.stops(inside) })
			term.enter(sh.init())
			term.shows("(web) base> ")
			term.look("child")
			term.enter("deactivate")
			term.shows(base)
			w.inside("child", web)
		})
	}
}

// The prompt sees the exit status of the command before it, as it always did.
func TestPromptSeesTheExitStatus(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.greet(func(sh shell) string { return sh.statusPrompt(base) })
		term := w.open()
		term.enter("workon web")
		for _, status := range []string{"3", "0", "7"} {
			term.press("/bin/sh -c 'exit " + status + "'\r")
			want := "(web) [" + status + "] " + base
			term.wait("the prompt "+want, func() bool { return term.stops(want) })
		}
		term.press("workon nowhere\r")
		term.wait("the prompt after an error", func() bool { return term.stops("(web) [1] " + base) })
	})
}

// exec puts another shell in this one's place: a login shell, or one of
// another kind.
func TestExecOfAnInteractiveShell(t *testing.T) {
	for _, next := range columns {
		t.Run("to "+next.name(), func(t *testing.T) {
			eachShell(t, func(w *world) {
				newWorld(w.T, next) // is it installed?
				web := w.lay("web")
				term := w.open()
				term.enter("workon web")
				term.become("exec " + program(next))
				term.as(next)
				term.shows("(web) base> ")
				term.look("inside")
				term.enter("deactivate")
				term.shows(base)
				term.look("after")
				term.inside("inside", web)
				term.outside("after")
			})
		})
	}
}

// A prompt that a hook rebuilds before each command shows what the hook
// draws, the whole time, and no prefix piles up.
func TestPromptRebuiltOnTheScreen(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.lay("api")
		w.greet(func(sh shell) string { return sh.promptHook("hook " + base) })
		term := w.open()
		for _, command := range []string{"workon web", "workon api", "deactivate"} {
			term.enter(command)
			term.shows("hook " + base)
		}
	})
}

// Hooks may ask the person something.
func TestHookAsksAQuestion(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.ran(w.workonHome, "preactivate", "printf 'really? '; read -r answer; echo \"$answer\" > '"+w.file("answer")+"'")
		term := w.open()
		term.press("workon web\r")
		term.wait("the question", func() bool { return term.stops("really?") })
		term.press("of course\r")
		term.shows("(web) base> ")
		term.look("inside")
		w.inside("inside", web)
		if got := w.read("answer"); got != "of course\n" {
			w.Errorf("the hook got %q", got)
		}
	})
}

// slowUV puts a uv in the way that begins to make an environment, says so on
// the terminal, and goes on only when the terminal interrupts it.
func (w *world) slowUV() {
	w.Helper()
	dir := w.mkdir("slow")
	w.write(filepath.Join(dir, "uv"), lines(
		"#!/bin/sh",
		"for last; do :; done",
		`mkdir -p "$last/bin"; echo half > "$last/half made"`,
		"echo '<half way>' > /dev/tty",
		"exec sleep 1000000",
	), 0o755)
	w.env["PATH"] = dir + ":" + w.env["PATH"]
}

// Ctrl-C while one is made: nothing of it is left, and the shell goes on.
func TestInterruptedMaking(t *testing.T) {
	eachShell(t, func(w *world) {
		w.slowUV()
		web := w.lay("web")
		term := w.open()
		term.enter("workon web")
		term.look("before")
		term.press("mkvenv new --backend uv --without-pip\r")
		term.wait("the making to begin", func() bool { return term.count("<half way>") > 0 })
		term.press("\x03")
		term.shows("(web) base> ")
		term.enter(w.say("status", w.status()))
		term.look("after")
		term.enter("workon > "+w.out("list"), "workon web", "deactivate")
		term.shows(base)

		w.same("before", "after")
		w.inside("after", web)
		if got := strings.TrimSpace(w.read("status")); got != "130" {
			w.Errorf("the exit status is %s", got)
		}
		if got := names(w.read("list")); !slices.Equal(got, []string{"web"}) {
			w.Errorf("workon lists %q", got)
		}
		if left := w.leftovers("web"); left != nil {
			w.Errorf("left over: %q", left)
		}
	})
}

// Ctrl-Z while one is made must not freeze the terminal: whether or not the
// work can be stopped there, Ctrl-C still ends it.
func TestStoppedMaking(t *testing.T) {
	eachShell(t, func(w *world) {
		w.slowUV()
		term := w.open()
		term.look("before")
		term.press("mkvenv new --backend uv --without-pip\r")
		term.wait("the making to begin", func() bool { return term.count("<half way>") > 0 })
		term.press("\x1a")
		term.press("\x03")
		term.shows(base)
		term.look("after")
		w.same("before", "after")
		if left := w.leftovers(); left != nil {
			w.Errorf("left over: %q", left)
		}
	})
}

// Ctrl-C in a hook ends the hook; what is active afterwards is whole or not
// there, and can be left or entered.
func TestInterruptedHook(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		api := w.lay("api")
		w.ran(filepath.Join(w.workonHome, "web", "bin"), "preactivate", "echo '<in the hook>'; exec sleep 1000000")
		term := w.open()
		term.look("before")
		term.press("workon web\r")
		term.wait("the hook", func() bool { return term.count("<in the hook>") > 0 })
		term.press("\x03")
		term.prompt()
		term.enter("workon api")
		term.shows("(api) base> ")
		term.look("inside")
		term.enter("deactivate")
		term.shows(base)
		term.look("after")
		w.inside("inside", api)
		w.same("before", "after")
	})
}

// Long work says on the terminal what it is doing. Nothing of that is left in
// the way of the prompt.
func TestMakingShowsOnTheTerminal(t *testing.T) {
	eachShell(t, func(w *world) {
		w.slowUV()
		term := w.open()
		term.press("mkvenv new --backend uv --without-pip\r")
		term.wait("the making to begin", func() bool { return term.count("<half way>") > 0 })
		term.wait("a word about it", func() bool {
			_, after, _ := strings.Cut(term.stream.String(), "<half way>")
			return strings.Contains(screen.Strip(after), "new")
		})
		term.press("\x03")
		term.shows(base)
	})
}

// At a terminal workon lists in a form for people; every name is there.
func TestListingAtATerminal(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.lay("api")
		term := w.open()
		term.enter("workon")
		for _, name := range []string{"web", "api"} {
			if !strings.Contains(term.text(), name) {
				w.Errorf("%s is not on the screen", name)
			}
		}
	})
}

// The message about an unknown name, and the prompt that follows it.
func TestErrorOnTheScreen(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		term := w.open()
		term.enter("workon wbe")
		term.shows(base)
		text := term.text()
		for _, want := range []string{`den: error: no environment named "wbe"`, "den: hint: "} {
			if !strings.Contains(text, want) {
				w.Errorf("the screen does not say %q", want)
			}
		}
	})
}
