package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// tour is a day's work: every command, hooks and a project, in one script.
func tour(w *world, prelude, afterInit string) {
	w.Helper()
	web, api := w.lay("web"), w.lay("api")
	w.lay("gone")
	project := w.link(web, "home/src/web")
	w.sourced(w.workonHome, "postactivate", "builtin printf 'sourced\\n' >> "+w.out("log"))
	w.ran(w.workonHome, "preactivate", "echo \"run $*\" >> '"+w.file("log")+"'")
	r := w.try(
		w.setPrompt(base), prelude, w.init(), afterInit,
		w.take("before"),
		"workon web", w.take("web"),
		"workon api", w.take("api"),
		"workon -", w.take("web again"),
		"cdsitepackages", w.take("in site"), "cdproject", w.take("in project"),
		"workon -n api", "cdvenv lib", w.take("in lib"),
		"workon nowhere 2> "+w.out("said")+" || builtin printf 'refused\\n'",
		w.take("api still"),
		"rmvenv gone",
		"rmvirtualenv gone 2>> "+w.out("said"),
		"builtin cd "+w.quote(w.home),
		"mktmpenv --without-pip >> "+w.out("said")+" 2>&1", w.take("temporary"),
		"deactivate", "builtin cd "+w.quote(w.home), w.take("after"),
		"lsvirtualenv -b",
	)
	if want := lines("refused", "api", "web"); r.status != 0 || r.stderr != "" || r.stdout != want {
		w.Errorf("exit status %d, stdout %q, stderr:\n%s", r.status, r.stdout, r.stderr)
		return
	}
	w.inside("web", web)
	w.inside("api", api)
	w.inside("web again", web)
	w.inside("in lib", api)
	w.same("in lib", "api still")
	w.same("before", "after")
	if s := w.snap("web"); s.Dir != project {
		w.Errorf("workon web: in %s, want %s", s.Dir, project)
	}
	for label, want := range map[string]string{"in lib": api + "/lib", "in site": web + "/lib/python3.11/site-packages", "in project": project} {
		if s := w.snap(label); s.Dir != want {
			w.Errorf("%s: in %s, want %s", label, s.Dir, want)
		}
	}
	if s := w.snap("temporary"); filepath.Dir(s.Dir) != w.workonHome || w.exists(s.Dir) {
		w.Errorf("mktmpenv: in %s, which is still there: %v", s.Dir, w.exists(s.Dir))
	}
	if want := lines("run web", "sourced", "run api", "sourced", "run web", "sourced", "run api", "sourced", "run "+filepath.Base(w.snap("temporary").Dir), "sourced"); w.read("log") != want {
		w.Errorf("the hooks logged\n%s", w.read("log"))
	}
	if !strings.Contains(w.read("said"), "den: error: ") {
		w.Errorf("an unknown name: %q", w.read("said"))
	}
}

func TestTour(t *testing.T) {
	eachShell(t, func(w *world) { tour(w, "", "") })
}

// Whatever options the person has set, before loading den or after.
func TestShellOptions(t *testing.T) {
	for _, sh := range columns {
		for _, setting := range sh.hostile() {
			t.Run(sh.name()+" "+setting.name, func(t *testing.T) {
				t.Parallel()
				tour(hostileWorld(t, sh, setting), setting.code, "")
			})
			t.Run(sh.name()+" "+setting.name+" set later", func(t *testing.T) {
				t.Parallel()
				tour(hostileWorld(t, sh, setting), "", setting.code)
			})
		}
	}
}

// hostileWorld is a world for one setting. Where all assignments are exported
// the prompt, which den assigns to, stays so, and what den notes for itself.
func hostileWorld(t *testing.T, sh shell, s setting) *world {
	t.Helper()
	w := newWorld(t, sh)
	if s.exports {
		w.ignored = []string{"PS1", "__den_last"}
	}
	return w
}

// However the shell was started.
func TestShellModes(t *testing.T) {
	for _, sh := range columns {
		for _, command := range sh.modes() {
			t.Run(strings.Join(command, " "), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sh)
				w.command = command
				tour(w, "", "")
			})
		}
	}
}

// Variables that change what the commands in careless code do.
func TestHostileVariables(t *testing.T) {
	for _, row := range []struct {
		name string
		set  func(sh shell) string
	}{
		{"IFS of path characters", func(sh shell) string { return sh.assign("IFS", "/:.") }},
		{"IFS of letters", func(sh shell) string { return sh.assign("IFS", "aenvw_01 ") }},
		{"IFS empty", func(sh shell) string { return sh.assign("IFS", "") }},
		{"IFS unset", func(sh shell) string { return sh.assign("IFS", "x") + "\n" + sh.unset("IFS") }},
		{"CDPATH", func(sh shell) string { return sh.export("CDPATH", "/usr:.:/") }},
		{"GREP_OPTIONS", func(sh shell) string {
			return lines(sh.export("GREP_OPTIONS", "--color=always -v"), sh.export("GREP_COLOR", "1"), sh.export("LS_COLORS", "x"), sh.export("CLICOLOR_FORCE", "1"))
		}},
		{"POSIXLY_CORRECT", func(sh shell) string { return sh.export("POSIXLY_CORRECT", "1") }},
		{"start-up files of scripts", func(sh shell) string {
			return lines(sh.export("BASH_ENV", "/nowhere"), sh.export("ENV", "/nowhere"))
		}},
		{"names that scripts like", func(sh shell) string {
			var code []string
			for _, name := range []string{"name", "env", "code", "plan", "path_", "dir", "result", "out", "output", "cmd", "den", "i", "f", "s", "a", "b", "x", "file", "prompt_", "bin", "home", "value", "tmp"} {
				code = append(code, sh.export(name, "hostile"))
			}
			return lines(code...)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) { tour(w, row.set(w.shell), "") })
		})
		t.Run(row.name+", set later", func(t *testing.T) {
			eachShell(t, func(w *world) { tour(w, "", row.set(w.shell)) })
		})
	}
}

// Commands that the person has redefined as functions or aliases: den means
// the real ones. A noise on stderr or a failure would show.
func TestRedefinedCommands(t *testing.T) {
	redefine := func(w *world, with func(name, body string) string, except ...string) string {
		code := ""
		for _, name := range w.redefinable() {
			if !strings.Contains(" "+strings.Join(except, " ")+" ", " "+name+" ") {
				code += with(name, "builtin printf 'redefined "+name+"\\n' >&2") + "\n"
			}
		}
		return code
	}
	t.Run("functions", func(t *testing.T) {
		eachShell(t, func(w *world) { tour(w, redefine(w, w.function, "eval", "source"), "") })
	})
	t.Run("functions, later", func(t *testing.T) {
		eachShell(t, func(w *world) { tour(w, "", redefine(w, w.function)) })
	})
	t.Run("functions that fail", func(t *testing.T) {
		eachShell(t, func(w *world) {
			fail := func(name, _ string) string { return w.function(name, "return 1") }
			tour(w, "", redefine(w, fail))
		})
	})
	t.Run("aliases", func(t *testing.T) {
		eachShell(t, func(w *world) { tour(w, redefine(w, w.alias, "eval", "source"), "") })
	})
	t.Run("aliases, later", func(t *testing.T) {
		eachShell(t, func(w *world) { tour(w, "", redefine(w, w.alias)) })
	})
}

// What differs from den's own in the case of letters is not den's, also where an
// option has the shell match without regard to case.
func TestOnlyCaseTellsApart(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		upper := strings.ToUpper(filepath.Join(web, "bin"))
		w.env["PATH"] = upper + ":" + w.path
		own := "(WEB) base> "
		for _, s := range append(w.hostile(), setting{}) {
			path, prompt := s.name+" path", s.name+" prompt"
			r := w.try(
				w.setPrompt(own), w.init(), s.code, "workon web", w.setPath(upper+":"+w.path), "deactivate",
				"/usr/bin/printenv PATH > "+w.out(path), w.showPrompt(w.file(prompt)),
			)
			if r != (result{}) || w.read(path) != upper+":"+w.path+"\n" || w.prompt(prompt) != own {
				w.Errorf("%s: %+v, PATH is %q, the prompt %q", s.name, r, w.read(path), w.prompt(prompt))
			}
		}
	})
}

// Aliases in the way of den's own words give way.
func TestAliasesOfDensOwnWords(t *testing.T) {
	for _, sh := range bourneColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			code := ""
			for _, name := range []string{"workon", "deactivate", "mkvenv", "mkvirtualenv", "cpvenv", "cpvirtualenv", "mvvenv", "rmvenv", "rmvirtualenv", "lsvenv", "lsvirtualenv", "cdvenv", "cdvirtualenv", "mktmpenv", "cdsitepackages", "cdproject"} {
				code += sh.alias(name, "builtin printf aliased") + "\n"
			}
			tour(w, code, "")
		})
	}
}
