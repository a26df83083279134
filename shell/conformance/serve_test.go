package conformance

import (
	"path/filepath"
	"testing"
)

// installs puts a uv on PATH that says for which environment it would act.
func (w *world) installs() {
	w.Helper()
	dir := w.mkdir("tools")
	w.write(filepath.Join(dir, "uv"), "#!/bin/sh\n"+`printf '%s' "${UV_PROJECT_ENVIRONMENT-none}" > '`+w.file("")+`/'"$1"`+"\n", 0o755)
	w.env["PATH"] = dir + ":" + w.env["PATH"]
}

// acts fails the row unless each call of uv was for the environment.
func (w *world) acts(environment string, calls ...string) {
	w.Helper()
	for _, call := range calls {
		if got := w.read(call); got != environment {
			w.Errorf("%s: uv acts on %q, want %q", call, got, environment)
		}
	}
}

// In the project of an environment, and nowhere else, uv acts on the environment, also
// in the middle of a line. Another project below it is another one.
func TestUvActsInTheProject(t *testing.T) {
	for _, old := range []string{"none", "/old it's `here`"} {
		t.Run(old, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.installs()
				if old != "none" {
					w.env["UV_PROJECT_ENVIRONMENT"] = old
				}
				web := w.lay("it's $HOME")
				project := w.link(web, "home/src/it's $(touch pwned) web")
				w.mkdir("home/src/it's $(touch pwned) web/sub/deep")
				w.write(filepath.Join(project, "pyproject.toml"), "", 0o644)
				w.write(filepath.Join(project, "other", "pyproject.toml"), "", 0o644)
				w.mkdir("home/src/it's $(touch pwned) web/other/sub")
				w.mkdir("home/src/it's $(touch pwned) website")
				workon := "workon " + w.quote("it's $HOME")
				w.run(
					w.take("before"), "uv before", workon, "uv project",
					"cd sub/deep", "uv below", "cd ../../other/sub", "uv other", "cd ../..", "uv back",
					"cd "+w.quote(project+"site"), "uv beside", "cd /", "uv root",
					"cd "+w.quote(project), "deactivate", "uv left", workon, "uv again", "deactivate",
					"workon -n "+w.quote("it's $HOME"), "cd ~", "deactivate", w.take("after"),
				)
				w.acts(web, "project", "below", "back", "again")
				w.acts(old, "before", "other", "beside", "root", "left")
				w.same("before", "after")
				if w.exists(filepath.Join(project, "pwned")) || w.exists(filepath.Join(w.home, "pwned")) {
					w.Errorf("the name of a directory was executed")
				}
			})
		})
	}
}

// The projects of a workspace have one environment.
func TestUvActsInTheWorkspace(t *testing.T) {
	eachShell(t, func(w *world) {
		w.installs()
		web := w.lay("web")
		project := w.link(web, "home/src/web")
		w.write(filepath.Join(project, "pyproject.toml"), "[tool.uv.workspace]\nmembers = ['a']\n", 0o644)
		w.write(filepath.Join(project, "a", "pyproject.toml"), "", 0o644)
		w.run("workon web", "cd a", "uv member", "cd ../..", "uv outside")
		w.acts(web, "member")
		w.acts("none", "outside")
	})
}

// A switch is one of the environment that uv acts on; the new one has its own project,
// or none.
func TestUvActsAfterASwitch(t *testing.T) {
	eachShell(t, func(w *world) {
		w.installs()
		web, api := w.lay("web"), w.lay("api")
		w.lay("plain")
		w.link(web, "home/src/web")
		project := w.link(api, "home/src/api")
		w.run("workon web", "uv web", "workon api", "uv api", "cd ../web", "uv elsewhere",
			"cd "+w.quote(project), "workon plain", "uv plain", "mkdir sub", "cd sub", "uv moved")
		w.acts(web, "web")
		w.acts(api, "api")
		w.acts("none", "elsewhere", "plain", "moved")
	})
}

// A project that is linked to the active environment is its project at once, and no
// longer the one before.
func TestUvActsInANewProject(t *testing.T) {
	eachShell(t, func(w *world) {
		w.installs()
		web := w.lay("web")
		w.link(web, "home/src/old")
		project := w.mkdir("home/src/new")
		w.run(w.take("before"), "workon web", "uv old", "cd ../new", "uv early", "setvirtualenvproject", "uv new", "cd ../old", "uv former",
			"cd "+w.quote(project), "deactivate", "uv left", "cd ~", w.take("after"))
		w.acts(web, "old", "new")
		w.acts("none", "early", "former", "left")
		w.same("before", "after")
	})
}

// One's own word for uv stays.
func TestOwnUv(t *testing.T) {
	eachShell(t, func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		stdout := w.run(w.function("uv", "builtin printf 'mine\\n'"), w.take("before"), "workon web", "uv", "deactivate", "uv", "cd ~", w.take("after"))
		if stdout != "mine\nmine\n" {
			w.Errorf("uv prints\n%s", stdout)
		}
		w.same("before", "after")
	})
}

// notices is the columns that notice at a prompt where they are.
var notices = map[string]bool{"bash": true, "zsh": true, "fish": true, "elvish": true}

// In an interactive shell the variable itself is there, for other programs that call uv,
// and in a shell inside it too.
func TestUvActsInteractively(t *testing.T) {
	eachShell(t, func(w *world) {
		if !notices[w.name()] {
			return
		}
		web := w.lay("web")
		w.link(web, "home/src/web")
		term := w.open()
		term.enter(w.take("before"), "workon web", w.take("project"), "cd ..", w.take("outside"), "cd web", w.take("back"))
		term.nest(program(w.shell))
		term.shows("(web) base> ")
		term.enter(w.take("child"), "cd ..", w.take("child outside"), "cd web", "deactivate", w.take("child after"))
		term.exit()
		term.shows("(web) base> ")
		term.enter("deactivate", "cd ~", w.take("after"))
		w.same("before", "after")
		for label, want := range map[string]string{"project": web, "outside": "", "back": web, "child": web, "child outside": "", "child after": ""} {
			if got := w.snap(label).Env["UV_PROJECT_ENVIRONMENT"]; got != want {
				w.Errorf("%s: it is %q, want %q", label, got, want)
			}
		}
	})
}
