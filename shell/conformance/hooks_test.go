package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hookDirs are where hooks live, for an environment with a project.
func (w *world) hookDirs(env, project string) map[string]string {
	return map[string]string{
		"global":  w.workonHome,
		"local":   filepath.Join(env, "bin"),
		"project": filepath.Join(project, ".virtualenvwrapper"),
	}
}

// sourced writes a hook that is sourced, of this shell's code.
func (w *world) sourced(dir, name, code string) {
	w.Helper()
	w.write(filepath.Join(dir, w.hook(name)), w.own(lines(code)), 0o644)
}

// ran writes a hook that is run as a program.
func (w *world) ran(dir, name, code string) {
	w.Helper()
	w.write(filepath.Join(dir, name), lines("#!/bin/sh", code), 0o755)
}

// logged is code for a hook that notes that it fired, and what it saw.
func (w *world) logged(hook string) string {
	return `builtin printf '%s\n' "` + hook + w.arguments() + ` dir=$PWD env=$VIRTUAL_ENV last=$VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV" >> ` + w.out("log")
}

// arguments is what a hook that is sourced has for arguments: nothing.
func (w *world) arguments() string {
	if w.name() == "fish" {
		return "$argv"
	}
	return "$*"
}

// ranLogged is logged for a hook that is run; it sees arguments as well.
func (w *world) ranLogged(hook string) string {
	return `echo "` + hook + ` $* dir=$PWD" >> '` + w.file("log") + `'`
}

// everyHook writes all hooks of activation for an environment, each of which
// logs.
func (w *world) everyHook(env, project string) {
	w.Helper()
	name := filepath.Base(env)
	for place, dir := range w.hookDirs(env, project) {
		label := place
		if place != "global" {
			label = place + " of " + name
		}
		for _, hook := range []string{"postactivate", "predeactivate", "postdeactivate"} {
			w.sourced(dir, hook, w.logged(hook+" "+label))
		}
		w.ran(dir, "preactivate", w.ranLogged("preactivate "+label))
	}
}

// The order, the arguments and the surroundings of every hook of a switch are
// those that people's hooks were written for.
func TestHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		webProject, apiProject := w.link(web, "home/src/web"), w.link(api, "home/src/api")
		w.everyHook(web, webProject)
		w.everyHook(api, apiProject)
		w.run(
			"workon web", "workon api", "deactivate",
		)
		want := []string{
			"preactivate global web dir=" + w.workonHome,
			"preactivate local of web web dir=" + w.workonHome,
			"postactivate global dir=" + webProject + " env=" + web + " last=",
			"postactivate local of web dir=" + webProject + " env=" + web + " last=",
			"postactivate project of web dir=" + webProject + " env=" + web + " last=",

			"predeactivate project of web dir=" + webProject + " env=" + web + " last=",
			"predeactivate local of web dir=" + webProject + " env=" + web + " last=",
			"predeactivate global dir=" + webProject + " env=" + web + " last=",
			"postdeactivate local of web dir=" + webProject + " env= last=" + web,
			"postdeactivate global dir=" + webProject + " env= last=" + web,

			"preactivate global api dir=" + w.workonHome,
			"preactivate local of api api dir=" + w.workonHome,
			"postactivate global dir=" + apiProject + " env=" + api + " last=",
			"postactivate local of api dir=" + apiProject + " env=" + api + " last=",
			"postactivate project of api dir=" + apiProject + " env=" + api + " last=",

			"predeactivate project of api dir=" + apiProject + " env=" + api + " last=",
			"predeactivate local of api dir=" + apiProject + " env=" + api + " last=",
			"predeactivate global dir=" + apiProject + " env=" + api + " last=",
			"postdeactivate local of api dir=" + apiProject + " env= last=" + api,
			"postdeactivate global dir=" + apiProject + " env= last=" + api,
		}
		if diff := cmp.Diff(want, names(w.read("log"))); diff != "" {
			w.Error(diff)
		}
	})
}

// So are those of making and copying.
func TestHooksOfMaking(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		for _, hook := range []string{"premkvirtualenv", "precpvirtualenv", "preactivate", "prermvirtualenv", "postrmvirtualenv"} {
			w.ran(w.workonHome, hook, w.ranLogged(hook))
		}
		for _, hook := range []string{"postmkvirtualenv", "postcpvirtualenv", "postactivate"} {
			w.sourced(w.workonHome, hook, w.logged(hook))
		}
		made, copied := filepath.Join(w.workonHome, "made"), filepath.Join(w.workonHome, "a copy")
		w.run("mkvenv --without-pip made", "deactivate", "cpvenv web 'a copy'", "deactivate", "rmvenv 'a copy'")
		want := lines(
			"premkvirtualenv made dir="+w.workonHome,
			"preactivate made dir="+w.workonHome,
			"postactivate dir="+w.home+" env="+made+" last=",
			"postmkvirtualenv dir="+w.home+" env="+made+" last=",

			"precpvirtualenv "+web+" a copy dir="+w.workonHome,
			"premkvirtualenv a copy dir="+w.workonHome,
			"preactivate a copy dir="+w.workonHome,
			"postactivate dir="+w.home+" env="+copied+" last=",
			"postmkvirtualenv dir="+w.home+" env="+copied+" last=",
			"postcpvirtualenv dir="+w.home+" env="+copied+" last=",

			"prermvirtualenv a copy dir="+w.workonHome,
			"postrmvirtualenv a copy dir="+w.workonHome,
		)
		if diff := cmp.Diff(want, w.read("log")); diff != "" {
			w.Error(diff)
		}
	})
}

// The hooks are there to be filled in, from the first environment on, and do
// nothing until then.
func TestHooksAreMade(t *testing.T) {
	eachShell(t, func(w *world) {
		w.workonHome = filepath.Join(w.home, "not yet")
		w.env["WORKON_HOME"] = w.workonHome
		w.run(w.take("before"), "mkvenv --without-pip web 2>/dev/null", "deactivate", w.take("after"))
		w.same("before", "after")
		for _, path := range []string{"initialize", "preactivate", "postmkproject", "web/bin/preactivate", "web/bin/postdeactivate"} {
			content, err := os.ReadFile(filepath.Join(w.workonHome, path))
			first := "#!" + w.env["SHELL"] + "\n"
			if w.hook("") != "" && !strings.HasSuffix(path, "preactivate") {
				first = "#!/bin/sh\n"
			}
			if err != nil || !strings.HasPrefix(string(content), first+"# "+filepath.Base(path)+": ") {
				w.Errorf("%v: %q", err, content)
			}
		}
	})
}

// VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV is there for postdeactivate; the
// environment is clean of it in the end.
func TestNothingRemainsOfHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.everyHook(web, w.link(web, "home/src/web"))
		w.run(w.take("before"), "workon -n web", "deactivate", w.take("after"))
		w.same("before", "after")
	})
}

// What a sourced hook does it does to this shell.
func TestSourcedHooksActOnTheShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		there := w.mkdir("home/there")
		w.sourced(w.workonHome, "postactivate", lines(
			w.export("FROM_HOOK", "yes"),
			w.function("from_hook", "builtin printf 'called\\n'"),
			w.alias("alias_from_hook", "from_hook"),
			"builtin cd "+w.quote(there),
		))
		w.sourced(w.workonHome, "postdeactivate", w.unset("FROM_HOOK"))
		stdout := w.run("workon web", w.take("inside"), "from_hook", "deactivate", w.take("after"))
		s := w.snap("inside")
		if s.Env["FROM_HOOK"] != "yes" || s.Dir != there || stdout != "called\n" || !strings.Contains(s.Settings+strings.Join(s.Functions, " "), "alias_from_hook") {
			w.Errorf("FROM_HOOK %q, directory %q, function printed %q, settings\n%s", s.Env["FROM_HOOK"], s.Dir, stdout, s.Settings)
		}
		w.inside("inside", web)
		if value, set := w.snap("after").Env["FROM_HOOK"]; set {
			w.Errorf("postdeactivate did not take FROM_HOOK away: %q", value)
		}
	})
}

// A hook that fails is the hook's affair: the command goes on.
func TestFailingHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.ran(w.workonHome, "preactivate", "exit 3")
		for _, name := range []string{"postactivate", "predeactivate", "postdeactivate"} {
			w.sourced(w.workonHome, name, lines("/bin/sh -c 'exit 3'", "/bin/false"))
		}
		w.run(
			w.take("before"), "workon web", w.take("inside"),
			"workon api", w.take("switched"), "deactivate", w.take("after"),
		)
		w.inside("inside", web)
		w.inside("switched", api)
		w.same("before", "after")
	})
}

// A file that cannot be run is reported with the reason; the command goes on.
func TestHookThatCannotBeRun(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		hook := filepath.Join(w.workonHome, "preactivate")
		w.write(hook, "#!/bin/sh\necho no execute bit\n", 0o644)
		w.run("workon web 2> "+w.out("said"), w.take("inside"))
		w.inside("inside", web)
		if said := w.read("said"); !strings.Contains(said, "den: warning: ") || !strings.Contains(said, hook) {
			w.Errorf("stderr is\n%s", said)
		}
	})
}

// A hook without a #! line runs under sh.
func TestHookWithoutAnInterpreter(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.write(filepath.Join(w.workonHome, "preactivate"), "echo \"$1 in $PWD\"\n", 0o755)
		if got, want := w.run("workon web"), "web in "+w.workonHome+"\n"; got != want {
			w.Errorf("%q, want %q", got, want)
		}
	})
}

// A hook that takes den's notes away does not keep anybody from leaving.
func TestHookThatUnsetsWhatDenNotes(t *testing.T) {
	for _, hook := range []string{"postactivate", "predeactivate"} {
		t.Run(hook, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				var code []string
				for _, name := range []string{"DEN_ACTIVE", "DEN_ACTIVE_PROMPT", "DEN_SAVED_VIRTUAL_ENV", "DEN_SAVED_VIRTUAL_ENV_PROMPT", "DEN_SAVED_PYTHONHOME"} {
					code = append(code, w.unset(name))
				}
				w.sourced(w.workonHome, hook, lines(code...)+"builtin true")
				w.run(w.take("before"), "workon web", "deactivate", w.take("after"))
				w.same("before", "after")
			})
		})
	}
}

// Changes that a hook makes between den's own steps stay: den acts on PATH as
// it is then, not as it was when the command began. Those of entering go when the
// environment is left, those of leaving stay.
func TestHookThatChangesPath(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.sourced(w.workonHome, "postactivate", w.prependPath("/from/hook"))
		w.sourced(filepath.Join(web, "bin"), "postdeactivate", w.prependPath("/from/leaving"))
		w.run("workon web", w.take("web"), "workon api", w.take("api"), "deactivate", w.take("after"))
		for label, want := range map[string]string{
			"web":   "/from/hook:" + web + "/bin:" + w.path,
			"api":   "/from/hook:" + api + "/bin:/from/leaving:" + w.path,
			"after": "/from/leaving:" + w.path,
		} {
			if got := w.snap(label).Env["PATH"]; got != want {
				w.Errorf("%s: PATH is\n%s, want\n%s", label, got, want)
			}
		}
	})
}

// A hook may itself use den.
func TestHookThatUsesDen(t *testing.T) {
	eachShell(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.sourced(filepath.Join(web, "bin"), "postactivate", "workon api")
		stdout := w.run(w.take("before"), "workon web", w.take("inside"), "den path web", "deactivate", w.take("after"))
		w.inside("inside", api)
		w.same("before", "after")
		if stdout != web+"\n" {
			w.Errorf("%q", stdout)
		}
	})
}

// Hooks elsewhere, where VIRTUALENVWRAPPER_HOOK_DIR says.
func TestHookDirectory(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		dir := w.mkdir("home/my hooks")
		w.ran(w.workonHome, "preactivate", "echo wrong")
		w.ran(dir, "preactivate", "echo right")
		w.sourced(dir, "postactivate", "builtin printf 'right too\\n'")
		stdout := w.run(w.export("VIRTUALENVWRAPPER_HOOK_DIR", dir), "workon web")
		if want := "right\nright too\n"; stdout != want {
			w.Errorf("%q, want %q", stdout, want)
		}
	})
}

// A hook's options and its status are the shell's own affair under errexit.
func TestHooksInAScriptThatStopsAtErrors(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web := w.lay("web")
			w.ran(w.workonHome, "preactivate", "exit 1")
			for _, name := range []string{"postactivate", "predeactivate", "postdeactivate"} {
				w.sourced(w.workonHome, name, "/bin/false")
			}
			r := w.try("set -eu", w.setPrompt(base), w.init(), "workon web", w.take("inside"), "deactivate", w.take("after"))
			if r.status != 0 {
				w.Errorf("%+v", r)
			}
			w.inside("inside", web)
		})
	}
}
