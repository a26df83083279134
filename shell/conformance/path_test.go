package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// Whatever happens to PATH while an environment is active stays; what den
// added goes, and nothing else.
func TestPathChangedMeanwhile(t *testing.T) {
	for _, row := range []struct {
		name string
		// change says what the person makes of PATH, given as a list
		change func(path []string) []string
		// want is what has to be left of it in the end
		want func(path []string) []string
	}{
		{
			"prepended",
			func(path []string) []string { return append([]string{"/mine"}, path...) },
			func(path []string) []string { return append([]string{"/mine"}, path...) },
		},
		{
			"appended",
			func(path []string) []string { return append(path, "/mine") },
			func(path []string) []string { return append(path, "/mine") },
		},
		{
			"an entry removed",
			func(path []string) []string { return append([]string{path[0], path[1]}, path[3:]...) },
			func(path []string) []string { return append([]string{path[0]}, path[2:]...) },
		},
		{
			"the environment's own entry removed",
			func(path []string) []string { return path[1:] },
			func(path []string) []string { return path },
		},
		{
			"den's directory removed",
			func(path []string) []string { return append([]string{path[0]}, path[2:]...) },
			func(path []string) []string { return path[1:] },
		},
		{
			"the environment's own entry moved to the end",
			func(path []string) []string { return append(append([]string{}, path[1:]...), path[0]) },
			func(path []string) []string { return path },
		},
		{
			"much the same directories added",
			func(path []string) []string {
				return append([]string{path[0] + "2", path[0] + "/x", "x" + path[0]}, path...)
			},
			func(path []string) []string { return append([]string{"ENTRY2", "ENTRY/x", "xENTRY"}, path...) },
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				bin := filepath.Join(w.lay("web"), "bin")
				path := strings.Split(w.path, ":")
				changed := row.change(append([]string{bin}, path...))
				w.run(
					w.take("before"), "workon web",
					w.setPath(strings.Join(changed, ":")),
					"deactivate", w.take("after"),
				)
				want := strings.ReplaceAll(strings.Join(row.want(path), ":"), "ENTRY", bin)
				w.sameExcept("before", "after", func(s *snapshot) {
					s.Env["PATH"] = want
					s.Python = w.snap("after").Python
				})
			})
		})
	}
}

// One entry was added, one is taken away: a person who had the environment's
// directory on PATH before has it after.
func TestPathHadTheEntryBefore(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.env["PATH"] = w.path + ":" + filepath.Join(web, "bin")
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		if got, want := w.snap("inside").Env["PATH"], filepath.Join(web, "bin")+":"+w.env["PATH"]; got != want {
			w.Errorf("PATH is\n%s, want\n%s", got, want)
		}
		w.same("before", "after")
	})
}

// An empty entry of PATH means the working directory. Which form a shell
// gives it when it starts is the shell's business; den keeps that form.
func TestPathWithEmptyEntries(t *testing.T) {
	for _, row := range []struct{ name, form string }{
		{"in the middle", "/first::PATH"},
		{"at the end", "PATH:"},
		{"at the beginning", ":PATH"},
		{"everywhere", "::/first:::PATH::"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				path := strings.Replace(row.form, "PATH", w.path, 1)
				w.env["PATH"] = path
				w.run(
					w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"),
					w.setPath(path), w.take("set before"), "workon web", "deactivate", w.take("set after"),
				)
				if got := w.snap("inside").Env["PATH"]; got != filepath.Join(web, "bin")+":"+w.snap("before").Env["PATH"] {
					w.Errorf("PATH is %s inside, was %s", got, w.snap("before").Env["PATH"])
				}
				w.same("before", "after")
				w.same("set before", "set after")
			})
		})
	}
}

func TestPathWithOddEntries(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.env["PATH"] = "/with space:/it's:/a*b:/a[b]c:/$HOME:/back\\slash:/ünï:/new\nline:~/tilde:/web/bin:.:relative:" + w.path + ":/with space"
		w.run(
			w.take("before"), "workon web", w.take("inside"),
			w.setPath("/pat*:/pat[h]?:"+filepath.Join(web, "bin")+":"+w.env["PATH"]),
			"deactivate", w.take("after"),
		)
		if got, want := w.snap("inside").Env["PATH"], filepath.Join(web, "bin")+":"+w.env["PATH"]; got != want {
			w.Errorf("PATH is\n%s, want\n%s", got, want)
		}
		w.sameExcept("before", "after", func(s *snapshot) { s.Env["PATH"] = "/pat*:/pat[h]?:" + s.Env["PATH"] })
	})
}

// The path of an environment is no pattern: one that looks like one has to
// match itself only.
func TestPathEntryLooksLikeAPattern(t *testing.T) {
	for _, name := range []string{"*", "[ab]*", "a?b", "a b", `a\b`, "(a|b)", "^a#b~c"} {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				path := w.lay(name)
				other := filepath.Join(w.lay("a_b"), "bin")
				w.env["PATH"] = other + ":" + w.path
				w.run(w.take("before"), "workon "+w.quote(name), w.take("inside"),
					w.setPath(other+":"+filepath.Join(path, "bin")+":"+other+":"+w.path),
					"deactivate", w.take("after"))
				w.inside("inside", path)
				w.sameExcept("before", "after", func(s *snapshot) { s.Env["PATH"] = other + ":" + s.Env["PATH"] })
			})
		})
	}
}

// PATH may be long: Windows paths in WSL, package managers with a directory a
// package.
func TestPathIsLong(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.env["PATH"] = w.path + strings.Repeat(":/opt/some/package/with/a/directory/of/its/own/bin", 1200)
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
	})
}
