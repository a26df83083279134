package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/shell/shells"
)

// wrapperScript prints what stands in for virtualenvwrapper.sh and saves it
// under that name.
func (w *world) wrapperScript() string {
	w.Helper()
	r := w.execute([]string{filepath.Join(shared.bin, "den"), "init", "virtualenvwrapper"})
	if r.status != 0 || r.stderr != "" {
		w.Fatalf("den init virtualenvwrapper: %+v", r)
	}
	file := filepath.Join(w.mkdir("home/the bin"), "virtualenvwrapper.sh")
	w.write(file, r.stdout, 0o644)
	return file
}

// eachWrapped runs a row in the shells that virtualenvwrapper has.
func eachWrapped(t *testing.T, row func(w *world)) {
	t.Helper()
	for _, sh := range wrapperColumns() {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			row(newWorld(t, sh))
		})
	}
}

// wrapperColumns are the shells in which den takes virtualenvwrapper's place.
func wrapperColumns() []shell {
	return slices.DeleteFunc(slices.Clone(bourneColumns), func(sh shell) bool {
		record, err := shells.ByName(sh.name())
		return err != nil || len(record.WrapperFiles) == 0
	})
}

// Saved or evaluated, the script brings den's words and virtualenvwrapper's
// functions, and exports what virtualenvwrapper.sh exports.
func TestWrapperScript(t *testing.T) {
	eachWrapped(t, func(w *world) {
		web := w.lay("web")
		saved := w.wrapperScript()
		for _, load := range []string{
			"source " + w.quote(saved),
			`eval "$(den init virtualenvwrapper)"`,
			"set -eu; IFS=_; source " + w.quote(saved) + "; source " + w.quote(saved),
		} {
			r := w.try(w.setPrompt(base), load, "workon web", w.take("inside"), "virtualenvwrapper_show_workon_options", "deactivate", w.take("after"))
			if r.status != 0 || r.stderr != "" || r.stdout != "web\n" {
				w.Errorf("%s: %+v", load, r)
			}
			w.inside("inside", web)
			env := w.snap("after").Env
			for name, want := range map[string]string{
				"WORKON_HOME":                        w.workonHome,
				"VIRTUALENVWRAPPER_HOOK_DIR":         w.workonHome,
				"VIRTUALENVWRAPPER_PROJECT_FILENAME": ".project",
				"VIRTUALENVWRAPPER_WORKON_CD":        "1",
			} {
				if env[name] != want {
					w.Errorf("%s: %s is %q, want %q", load, name, env[name], want)
				}
			}
			script := ""
			if strings.Contains(load, "source") {
				script = saved
			}
			if env["VIRTUALENVWRAPPER_SCRIPT"] != script {
				w.Errorf("%s: VIRTUALENVWRAPPER_SCRIPT is %q", load, env["VIRTUALENVWRAPPER_SCRIPT"])
			}
		}
	})
}

// Where there is nothing to make, to expand, to run or to resume, the saved
// script starts no process: not even a den that is gone is missed.
func TestWrapperScriptStartsNothing(t *testing.T) {
	eachWrapped(t, func(w *world) {
		w.write(filepath.Join(w.workonHome, "initialize"), "#!/bin/sh\n# only a template\n\n# no end of line", 0o644)
		file := w.wrapperScript()
		w.write(file, strings.ReplaceAll(w.text(file), shared.bin, "/gone"), 0o644)
		r := w.try("PATH=/gone", "set -eu", "source "+w.quote(file), w.say("home", `"$WORKON_HOME"`))
		if r.status != 0 || r.stdout+r.stderr != "" || w.read("home") != w.workonHome+"\n" {
			w.Errorf("%+v", r)
		}
	})
}

// In all other cases den says what is to be done: defaults and settings count,
// directories are made, the initialize hook is sourced.
func TestWrapperScriptAsksDen(t *testing.T) {
	eachWrapped(t, func(w *world) {
		delete(w.env, "WORKON_HOME")
		envs, hooks := filepath.Join(w.home, "more envs"), w.mkdir("home/my hooks")
		w.write(filepath.Join(w.home, ".config", "den", "config.toml"), "workon_home = \"~/more envs\"\nhook_dir = \"~/my hooks\"\ncd = false\n", 0o644)
		w.sourced(hooks, "initialize", "builtin printf 'initialize sees %s\\n' \"$WORKON_HOME\"")
		r := w.try("source "+w.quote(w.wrapperScript()), `builtin printf '%s\n' "$VIRTUALENVWRAPPER_HOOK_DIR" "$VIRTUALENVWRAPPER_WORKON_CD"`)
		want := "initialize sees " + envs + "\n" + hooks + "\n0\n"
		if r.status != 0 || r.stderr != "" || r.stdout != want || !w.exists(envs) {
			w.Errorf("%+v, want %q", r, want)
		}
	})
}

// A shell started inside an environment comes up in it.
func TestWrapperScriptResumes(t *testing.T) {
	eachWrapped(t, func(w *world) {
		web := w.lay("web")
		source := "source " + w.quote(w.wrapperScript())
		w.write(filepath.Join(w.dir, "inner"), lines(w.setPrompt(base), source, w.take("inner"), "deactivate", w.take("left")), 0o644)
		inner := w.script(filepath.Join(w.dir, "inner"))
		for i := range inner {
			inner[i] = w.quote(inner[i])
		}
		if r := w.try(w.setPrompt(base), source, "workon web", strings.Join(inner, " ")); r.status != 0 || r.stderr != "" {
			w.Errorf("%+v", r)
		}
		w.inside("inner", web)
		w.outside("left")
	})
}

// Hooks that a script fires itself.
func TestRunHook(t *testing.T) {
	eachWrapped(t, func(w *world) {
		web := w.lay("web")
		w.ran(w.workonHome, "preactivate", w.ranLogged("preactivate global"))
		w.ran(filepath.Join(web, "bin"), "preactivate", w.ranLogged("preactivate local"))
		w.sourced(w.workonHome, "postactivate", w.logged("postactivate"))
		w.sourced(w.workonHome, "postdeactivate", w.logged("postdeactivate"))
		r := w.try(
			"source "+w.quote(w.wrapperScript()),
			"virtualenvwrapper_run_hook pre_activate web",
			"virtualenvwrapper_run_hook post_activate",
			"virtualenvwrapper_run_hook post_deactivate web",
			"virtualenvwrapper_run_hook of_no_kind web",
		)
		want := lines(
			"preactivate global web dir="+w.workonHome,
			"preactivate local web dir="+w.workonHome,
			"postactivate dir="+w.home+" env= last=",
			"postdeactivate dir="+w.home+" env= last="+web,
		)
		if log := w.read("log"); r.status != 0 || r.stdout+r.stderr != "" || log != want {
			w.Errorf("%+v, hooks\n%s, want\n%s", r, log, want)
		}
	})
}
