package conformance

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// crossing runs a row in fish, the one shell that cannot read what is written
// for sh.
func crossing(t *testing.T, row func(w *world)) {
	t.Helper()
	t.Parallel()
	w := newWorld(t, fish{})
	w.env["XDG_CACHE_HOME"] = w.mkdir("cache")
	row(w)
}

// forSh writes a hook that is sourced, of code for sh.
func (w *world) forSh(dir, name string, code ...string) {
	w.Helper()
	w.write(filepath.Join(dir, name), lines(code...), 0o644)
}

// What a hook for sh does to exported variables, PATH and the working directory
// it does to fish, to the byte, and nothing else comes with it.
func TestHooksForShInFish(t *testing.T) {
	crossing(t, func(w *world) {
		web, there := w.lay("web"), w.mkdir("home/there and 漢字")
		odd := map[string]string{
			"LINES_OF_TEXT": "one\n\ntwo\n", "QUOTES": `it's "quoted" \ \\ $HOME $(id) ` + "`id`", "UNICODE": "naïve π 🐍",
			"DASH": "-n", "EMPTY": "", "STAR": "* ? [a]", "BYTES": "\xff\xfe", "SPACES": "  a  b  ", "COLONS": "a:b::c",
		}
		var code []string
		for name, value := range odd {
			code = append(code, "export "+name+"="+bash{}.quote(value))
		}
		code = append(code,
			"unset GOES", "CHANGES=new", "not_exported=1", "export -n HIDES",
			`export PATH="/first entry:$PATH:/last"`, "cd "+bash{}.quote(there), "set -u -C", "IFS=:", "umask 077")
		w.forSh(w.workonHome, "postactivate", code...)
		w.run(
			w.export("GOES", "1"), w.export("CHANGES", "old"), w.export("HIDES", "1"), "set -gx LIST a b",
			w.take("before"), "workon -n web", w.take("inside"),
			`builtin printf '%s\n' (builtin count $PATH) (builtin count $LIST) > `+w.out("counts"),
		)
		want := w.snap("before").Env
		delete(want, "GOES")
		delete(want, "HIDES")
		for name, value := range map[string]string{
			"CHANGES": "new", "LIST": "a b", "DEN_ACTIVE": web, "DEN_ACTIVE_PROMPT": "(web) ", "VIRTUAL_ENV": web, "VIRTUAL_ENV_PROMPT": "web",
			"PATH": "/first entry:" + web + "/bin:" + w.path + ":/last", "PWD": there,
		} {
			want[name] = value
		}
		want["DEN_ACTIVE_PATH"], want["DEN_SAVED_PATH"] = want["PATH"], w.path
		for name, value := range odd {
			want[name] = value
		}
		s := w.snap("inside")
		if diff := cmp.Diff(want, s.Env); diff != "" {
			w.Errorf("what programs see: %s", diff)
		}
		if s.Dir != there {
			w.Errorf("the working directory is %s", s.Dir)
		}
		if entries := len(strings.Split(w.path, ":")) + 3; w.read("counts") != lines(strconv.Itoa(entries), "2") {
			w.Errorf("PATH and LIST are not lists: %s", w.read("counts"))
		}
	})
}

// Leaving undoes by the hooks for sh what entering did by them, with what one
// has kept for the other.
func TestHooksForShUndoInFish(t *testing.T) {
	crossing(t, func(w *world) {
		web := w.lay("web")
		bin := filepath.Join(web, "bin")
		w.forSh(bin, "postactivate",
			`_old="$SETTING" _list=(a "b c")`, "export SETTING=mine OTHER=1", "restore() { export SETTING=$_old; }",
			`_dir=$PWD; cd /`)
		w.forSh(bin, "predeactivate", "restore", "unset OTHER", `[ "${_list[1]}" = "b c" ] && cd "$_dir"`)
		w.forSh(bin, "postdeactivate", `echo "$VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV ${VIRTUAL_ENV-none}"`)
		r := w.heard(w.export("SETTING", "theirs"), w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		if s := w.snap("inside"); s.Env["SETTING"] != "mine" || s.Env["OTHER"] != "1" || s.Dir != "/" {
			w.Errorf("%v in %s", s.Env, s.Dir)
		}
		w.same("before", "after")
		if want := web + " none\n"; r.stdout != want {
			w.Errorf("postdeactivate saw %q, want %q", r.stdout, want)
		}
	})
}

// Hooks of one moment are sourced by one sh, in their order, with the person's
// own input and output.
func TestHooksForShInFishAreSourcedTogether(t *testing.T) {
	crossing(t, func(w *world) {
		web := w.lay("web")
		project := w.link(web, "home/src/web")
		w.forSh(w.workonHome, "postactivate", "shared=from-global", `read -r line && echo "read $line"`, "echo oops >&2")
		w.forSh(filepath.Join(web, "bin"), "postactivate", `echo "local $shared $# $0"`)
		w.forSh(filepath.Join(project, ".virtualenvwrapper"), "postactivate", `echo "project $shared $PWD"`)
		w.write(w.file("input"), "a line\n", 0o644)
		r := w.heard("workon web < " + w.out("input"))
		if want := lines("read a line", "local from-global 0 bash", "project from-global "+project); r.stdout != want {
			w.Errorf("stdout is\n%s, want\n%s", r.stdout, want)
		}
		if r.stderr != "oops\n" {
			w.Errorf("stderr is\n%s", r.stderr)
		}
	})
}

// A hook in fish's own language is the one that counts.
func TestHooksForFishBesideThoseForSh(t *testing.T) {
	crossing(t, func(w *world) {
		web := w.lay("web")
		w.forSh(w.workonHome, "postactivate", "echo wrong")
		w.sourced(w.workonHome, "postactivate", "builtin echo right; function from_hook; end")
		w.forSh(filepath.Join(web, "bin"), "postactivate", "#!/usr/bin/env fish", "builtin echo right (builtin echo too); functions -q from_hook; and builtin echo sourced")
		if got, want := w.run("workon web"), "right\nright too\nsourced\n"; got != want {
			w.Errorf("%q, want %q", got, want)
		}
	})
}

// What cannot come across is said once, and again only when the hook has changed.
func TestHooksForShThatDefineInFish(t *testing.T) {
	crossing(t, func(w *world) {
		w.lay("web")
		hook := filepath.Join(w.workonHome, "postactivate")
		said := func() string {
			w.Helper()
			r := w.heard("workon web", "deactivate", "workon web")
			if count := strings.Count(r.stderr, "den: note: "); count > 1 {
				w.Errorf("said %d times:\n%s", count, r.stderr)
			}
			return r.stderr
		}
		w.forSh(w.workonHome, "postactivate", "greet() { echo hello; }", "alias ll='ls -l'")
		if got := said(); !strings.Contains(got, "den: note: the hook "+hook+" ") || !strings.Contains(got, "(greet and ll)") {
			w.Errorf("stderr is\n%s", got)
		}
		if got := said(); got != "" {
			w.Errorf("said again: %s", got)
		}
		w.forSh(w.workonHome, "postactivate", "greet() { echo bye; }")
		if got := said(); !strings.Contains(got, "(greet)") {
			w.Errorf("stderr is\n%s", got)
		}
	})
}

// A hook that ends badly ends alone, and what it did before counts.
func TestHooksForShThatMisbehaveInFish(t *testing.T) {
	for _, row := range []struct {
		name, code string
		want       string // DONE, set by the hook
		said       string
	}{
		{"fails", "export DONE=1\n/bin/false", "1", ""},
		{"returns", "export DONE=1\nreturn 3\nexport DONE=2", "1", ""},
		{"exits", "export DONE=1\nexit 3\nexport DONE=2", "1", ""},
		{"stops at errors", "set -e\nexport DONE=1\n/bin/false\nexport DONE=2", "1", ""},
		{"syntax error", "export DONE=1\nif (\n", "1", "syntax error"},
		{"command not found", "export DONE=1\nno_such_command", "1", "no_such_command"},
		{"own trap", "trap 'echo bye' EXIT\nexport DONE=1", "1", ""},
		{"becomes another", "export DONE=1\nexec /bin/true", "", "has ended its shell"},
		{"kills itself", "export DONE=1\nkill -9 $$", "", "has ended its shell"},
		{"takes den's notes", "export DONE=1\nunset DEN_ACTIVE DEN_ACTIVE_PROMPT\nDEN_SAVED_PATH=1", "1", ""},
		{"names that fish keeps", "export DONE=1 status=1 version=2 history=3 _=4", "1", ""},
		{"redefines words", "printf() { :; }\nexec_() { :; }\nset() { :; }\nexport DONE=1", "1", "(exec_, printf and set)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			crossing(t, func(w *world) {
				web := w.lay("web")
				w.forSh(w.workonHome, "postactivate", row.code)
				w.forSh(filepath.Join(web, "bin"), "postactivate", "export NEXT=1")
				w.forSh(w.workonHome, "predeactivate", "unset DONE NEXT")
				r := w.heard(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
				w.inside("inside", web)
				s := w.snap("inside")
				if s.Env["DONE"] != row.want || s.Env["NEXT"] != "1" {
					w.Errorf("DONE is %q, want %q; NEXT is %q", s.Env["DONE"], row.want, s.Env["NEXT"])
				}
				if row.said == "" && r.stderr != "" || !strings.Contains(r.stderr, row.said) {
					w.Errorf("stderr is\n%s", r.stderr)
				}
				w.same("before", "after")
			})
		})
	}
}

// A hook for sh may call den's words: they act on fish when it is through.
func TestHooksForShThatUseDenInFish(t *testing.T) {
	crossing(t, func(w *world) {
		web, api := w.lay("web"), w.lay("api")
		w.forSh(filepath.Join(web, "bin"), "postactivate", "export FROM_WEB=1", "cdvirtualenv bin", "workon -n 'api'")
		w.forSh(filepath.Join(api, "bin"), "predeactivate", "unset FROM_WEB", "deactivate")
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", api)
		if s := w.snap("inside"); s.Env["FROM_WEB"] != "1" || s.Dir != filepath.Join(web, "bin") {
			w.Errorf("FROM_WEB is %q, directory %s", s.Env["FROM_WEB"], s.Dir)
		}
		w.sameExcept("before", "after", func(s *snapshot) {
			s.Dir = filepath.Join(web, "bin")
			s.Env["PWD"] = s.Dir
		})
	})
}

// A program that a hook leaves in the background keeps nobody waiting.
func TestHooksForShThatLeaveAProcessInFish(t *testing.T) {
	crossing(t, func(w *world) {
		web := w.lay("web")
		w.forSh(w.workonHome, "postactivate", "sleep 300 >/dev/null 2>&1 &", "export LEFT=$!")
		w.run("workon web", w.take("inside"), "kill $LEFT")
		w.inside("inside", web)
	})
}

// Where there is no bash, sh has to do.
func TestHooksForShInFishWithoutBash(t *testing.T) {
	crossing(t, func(w *world) {
		web := w.lay("web")
		w.forSh(w.workonHome, "postactivate", `export FLAVOUR="${BASH_VERSION:-plain}"`, "cd /", "workon_() { :; }")
		w.forSh(w.workonHome, "predeactivate", "unset FLAVOUR", "exit 1")
		w.run(w.setPath(shared.bin), "workon web", w.take("inside"), w.setPath(filepath.Join(web, "bin")+":"+w.path), "deactivate", w.take("after"))
		if s := w.snap("inside"); s.Env["FLAVOUR"] != "plain" || s.Dir != "/" {
			w.Errorf("FLAVOUR is %q in %s", s.Env["FLAVOUR"], s.Dir)
		}
		w.outside("after")
	})
}

// The hook of the moment in which a shell loads den comes across as well, and
// what start-up files would do to a bash does not.
func TestInitializeForShInFish(t *testing.T) {
	crossing(t, func(w *world) {
		w.forSh(w.workonHome, "initialize", "export FROM_INITIALIZE=1")
		startUp := filepath.Join(w.home, "start-up")
		w.write(startUp, "export FROM_START_UP=1\n", 0o644)
		w.env["BASH_ENV"] = startUp
		w.run(w.take("inside"))
		s := w.snap("inside")
		if s.Env["FROM_INITIALIZE"] != "1" || s.Env["FROM_START_UP"] != "" || s.Env["BASH_ENV"] != startUp {
			w.Errorf("%v", s.Env)
		}
		if left, err := os.ReadDir(w.env["TMPDIR"]); err != nil || len(left) > 0 {
			w.Errorf("left behind: %v %v", left, err)
		}
	})
}
