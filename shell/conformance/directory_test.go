package conformance

import (
	"strings"
	"testing"
)

// What the person has the shell do when the directory changes, it does also where
// workon goes to a project, once; and where one is there already, it does not. bash
// has nothing of the kind.
func TestHooksOfTheShellForADirectory(t *testing.T) {
	for _, sh := range []shell{zsh{}, fish{}} {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web := w.lay("web")
			project := w.link(web, "home/src/web")
			w.sourced(w.workonHome, "postactivate", "builtin printf 'hook %s\n' \"$PWD\"")
			on := w.function("chpwd", "builtin printf 'went %s\n' \"$PWD\"; builtin test 1 = 2")
			if sh.name() == "fish" {
				on = strings.Replace(on, "chpwd", "chpwd --on-variable PWD", 1)
			}
			got := w.run(on, "workon web", "workon web", "workon -n web", "builtin cd", "cdproject", w.take("inside"))
			want := lines("went "+project, "hook "+project, "hook "+project, "hook "+project, "went "+w.home, "went "+project)
			if got != want {
				t.Errorf("it did\n%s, want\n%s", got, want)
			}
			w.inside("inside", web)
		})
	}
}

// One that leaves the environment, or enters another, has its way.
func TestHookOfTheShellForADirectoryUsesDen(t *testing.T) {
	for _, sh := range []shell{zsh{}, fish{}} {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sh)
			web, api := w.lay("web"), w.lay("api")
			w.link(web, "home/src/web")
			w.sourced(w.workonHome, "postactivate", "builtin printf 'hook %s\n' \"$VIRTUAL_ENV\"")
			on := w.function("chpwd", "workon api")
			if sh.name() == "fish" {
				on = strings.Replace(on, "chpwd", "chpwd --on-variable PWD", 1)
			}
			if got := w.run(on, "workon web", w.take("inside")); got != "hook "+api+"\n" {
				t.Errorf("hooks fired for\n%s", got)
			}
			w.inside("inside", api)
		})
	}
}
