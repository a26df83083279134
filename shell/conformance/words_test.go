package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// The words that go somewhere, whatever CDPATH and an alias of cd say.
func TestGoing(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		site := filepath.Join(web, "lib", "python3.11", "site-packages")
		w.mkdir(strings.TrimPrefix(site, w.dir+"/") + "/a package")
		project := w.link(web, "home/src/my web")
		w.mkdir("home/src/my web/docs")
		w.mkdir("home/docs")
		w.env["CDPATH"] = w.home
		w.run(
			w.alias("cd", "echo"),
			"workon -n web",
			"cdsitepackages", w.take("site"),
			"cdsitepackages "+w.quote("a package"), w.take("package"),
			"cdproject", w.take("project"),
			"den project cd docs", w.take("docs"),
			"den site-packages cd", w.take("again"),
		)
		for label, want := range map[string]string{
			"site": site, "package": site + "/a package", "project": project, "docs": project + "/docs", "again": site,
		} {
			if got := w.snap(label).Dir; got != want {
				w.Errorf("%s: in %s, want %s", label, got, want)
			}
		}
	})
}

func TestGoingRefused(t *testing.T) {
	for _, row := range []struct{ name, before, command string }{
		{"no environment for its packages", "", "cdsitepackages"},
		{"no environment for its project", "", "cdproject"},
		{"no project", "workon web", "cdproject"},
		{"no such package", "workon web", "cdsitepackages nowhere"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.lay("web")
				w.run(row.before, w.take("before"), row.command+" 2> "+w.out("said"), w.say("status", w.status()), w.take("after"))
				if w.read("status") != "1\n" || !strings.Contains(w.read("said"), "den: error: ") {
					w.Errorf("exit status %q, stderr %q", w.read("status"), w.read("said"))
				}
				w.same("before", "after")
			})
		})
	}
}

// A project: the environment is entered, and only then the directory made, with
// the hooks in their places.
func TestMkproject(t *testing.T) {
	eachShell(t, func(w *world) {
		src := w.mkdir("home/src")
		w.env["PROJECT_HOME"] = src
		project := filepath.Join(src, "my shop")
		template := `#!/bin/sh` + "\n" + `echo "template $* in $PWD of $VIRTUAL_ENV" >> ` + w.file("log") + "\n"
		w.write(w.workonHome+"/templates/site", template, 0o755)
		hook := `#!/bin/sh` + "\n" + `test -d "$PROJECT_HOME/$1" || echo "premkproject $1 in $PWD of $VIRTUAL_ENV" >> ` + w.file("log") + "\n"
		w.write(w.workonHome+"/premkproject", hook, 0o755)
		w.sourced(w.workonHome, "postmkproject", `builtin echo "postmkproject in $PWD" >> `+w.out("log"))
		w.sourced(w.workonHome, "postmkvirtualenv", `builtin echo "postmkvirtualenv in $PWD" >> `+w.out("log"))
		w.run(
			w.take("before"),
			"mkproject --without-pip -t site "+w.quote("my shop")+" > "+w.out("printed")+" 2>&1", w.take("inside"),
			"deactivate", "builtin cd "+w.quote(w.home), w.take("after"),
			"workon "+w.quote("my shop"), w.take("again"),
		)
		env := filepath.Join(w.workonHome, "my shop")
		w.inside("inside", env)
		for _, label := range []string{"inside", "again"} {
			if got := w.snap(label).Dir; got != project {
				w.Errorf("%s: in %s, want %s", label, got, project)
			}
		}
		w.same("before", "after")
		want := lines(
			"postmkvirtualenv in "+w.home,
			"premkproject my shop in "+w.workonHome+" of "+env,
			"template my shop "+project+" in "+project+" of "+env,
			"postmkproject in "+project,
		)
		if got := w.read("log"); got != want {
			w.Errorf("these have fired:\n%swant:\n%s", got, want)
		}
	})
}

func TestMkprojectFails(t *testing.T) {
	for _, row := range []struct{ name, home, command, status string }{
		{"PROJECT_HOME is not set", "", "mkproject web", "1"},
		{"PROJECT_HOME is not there", "nowhere", "mkproject web", "1"},
		{"the directory is there", "src", "mkproject taken", "1"},
		{"no such template", "src", "mkproject -t nope web", "2"},
		{"no name", "src", "mkproject", "2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.mkdir("home/src/taken")
				if row.home != "" {
					w.env["PROJECT_HOME"] = filepath.Join(w.home, row.home)
				}
				w.run(w.take("before"), row.command+" 2> "+w.out("said"), w.say("status", w.status()), w.take("after"))
				if status := strings.TrimSpace(w.read("status")); status != row.status || !strings.Contains(w.read("said"), "den: error: ") {
					w.Errorf("exit status %s, stderr\n%s", status, w.read("said"))
				}
				w.same("before", "after")
				if left := w.leftovers(); left != nil {
					w.Errorf("left over: %q", left)
				}
				if w.exists(filepath.Join(w.home, "src", "web")) {
					w.Errorf("the project directory has been made")
				}
			})
		})
	}
}

// The words that tell, with the messages and the streams that scripts know.
func TestWrapperWords(t *testing.T) {
	for _, row := range []struct{ name, command, status, stdout, stderr string }{
		{"lsvirtualenv", "lsvirtualenv", "0", "my env\n======\nmore of my env\n\n\nweb\n===\nmore of web\n\n\n", ""},
		{"lsvirtualenv -l", "lsvirtualenv -l", "0", "my env\n======\nmore of my env\n\n\nweb\n===\nmore of web\n\n\n", ""},
		{"lsvirtualenv -b", "lsvirtualenv -b", "0", "my env\nweb\n", ""},
		{"showvirtualenv", "showvirtualenv", "0", "more of web\n\n", ""},
		{"showvirtualenv of another", "showvirtualenv 'my env'", "0", "more of my env\n\n", ""},
		{"allvirtualenv", "allvirtualenv echo -n", "0", "my env\n======\n\nweb\n===\n\n", ""},
		{"allvirtualenv fails", `allvirtualenv "false"`, "1", "my env\n======\n\nweb\n===\n\n", "failed in 2 of 2"},
		{"cpvirtualenv of nothing", "cpvirtualenv", "1", "Please provide a valid virtualenv to copy.\n", ""},
		{"cpvirtualenv of none", "cpvirtualenv nope new", "1", "Please provide a valid virtualenv to copy.\n", ""},
		{"cpvirtualenv to itself", "cpvirtualenv web", "1", "web virtualenv already exists.\n", ""},
		{"cpvirtualenv to another", "cpvirtualenv web 'my env'", "1", "my env virtualenv already exists.\n", ""},
		{"rmvirtualenv of nothing", "rmvirtualenv", "1", "", "den: error: "},
		{"rmvirtualenv of none", "rmvirtualenv nope", "0", "", "nope"},
		{"rmvirtualenv of the active one", "rmvirtualenv web", "1", "", "deactivate"},
		{"lssitepackages", "lssitepackages", "0", "", ""},
		{"site-packages ls", "den site-packages ls -a", "0", ".\n..\n", ""},
		{"toggleglobalsitepackages", "toggleglobalsitepackages", "0", "Enabled global site-packages\n", ""},
		{"toggleglobalsitepackages -q", "toggleglobalsitepackages -q", "0", "", ""},
		{"wipeenv", "wipeenv", "0", "Nothing to remove.\n", ""},
		{"setvirtualenvproject of none", "setvirtualenvproject nope", "1", "", "nope"},
		{"add2virtualenv", "add2virtualenv", "1", "Usage: add2virtualenv [-d] DIRECTORY...\n", ""},
		{"mkvirtualenv without a name", "mkvirtualenv", "2", "", "den: error: "},
		{"workon of none", "workon nope", "1", "", "den: error: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				for _, name := range []string{"web", "my env"} {
					env := w.lay(name)
					w.ran(env+"/bin", "get_env_details", `echo "more of $1"`)
				}
				w.run(
					"workon web", w.take("before"),
					row.command+" > "+w.out("printed")+" 2> "+w.out("said"), w.say("status", w.status()), w.take("after"),
				)
				if got := strings.TrimSpace(w.read("status")); got != row.status {
					w.Errorf("exit status %s, want %s", got, row.status)
				}
				if got := w.read("printed"); got != row.stdout {
					w.Errorf("stdout is %q, want %q", got, row.stdout)
				}
				if got := w.read("said"); !strings.Contains(got, row.stderr) || row.stderr == "" && got != "" {
					w.Errorf("stderr is %q, want %q", got, row.stderr)
				}
				w.same("before", "after")
			})
		})
	}
}

// Standing in what is removed, the shell ends in WORKON_HOME; one name that is
// not there keeps nobody from the others.
func TestRmvirtualenvFromInside(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run(
			"builtin cd "+w.quote(filepath.Join(web, "lib")),
			"rmvirtualenv nope web 2> "+w.out("said"), w.say("status", w.status()),
			"builtin pwd > "+w.out("dir"),
		)
		if w.read("status") != "0\n" || w.read("dir") != w.workonHome+"\n" || w.exists(web) {
			w.Errorf("exit status %q, in %q, still there: %v", w.read("status"), w.read("dir"), w.exists(web))
		}
	})
}

// The stack of directories stays as it is, but for where the shell stands.
func TestDirectoryStackStays(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		for _, dir := range []string{"one", "two"} {
			w.mkdir("home/" + dir)
		}
		w.run(
			"builtin cd "+w.quote(w.home+"/one"), "pushd "+w.quote(w.home+"/two")+" > "+w.out("printed"), "pushd "+w.quote(filepath.Join(web, "lib"))+" > "+w.out("printed"),
			"rmvirtualenv web", "builtin pwd > "+w.out("ended"),
			"popd > "+w.out("printed"), "builtin pwd > "+w.out("two"),
			"popd > "+w.out("printed"), "builtin pwd > "+w.out("one"),
		)
		for file, want := range map[string]string{"ended": w.workonHome, "two": w.home + "/two", "one": w.home + "/one"} {
			if got := w.read(file); got != want+"\n" {
				w.Errorf("%s: in %q, want %s", file, got, want)
			}
		}
	})
}

// Where WORKON_HOME has come to name a directory that is not there, it is said, and
// made, and the command goes on.
func TestWorkonHomeIsMade(t *testing.T) {
	for _, command := range []string{"lsvirtualenv", `allvirtualenv "true"`, "rmvirtualenv nope", "mktmpenv -n --without-pip"} {
		t.Run(command, func(t *testing.T) {
			eachShell(t, func(w *world) {
				w.workonHome = filepath.Join(w.home, "not yet", "there")
				w.run(w.export("WORKON_HOME", w.workonHome), command+" > "+w.out("printed")+" 2> "+w.out("said"), w.say("status", w.status()))
				if w.read("status") != "0\n" || strings.Count(w.read("said"), "den: note: "+w.workonHome+" did not exist and has been created\n") != 1 || !w.exists(w.workonHome) {
					w.Errorf("exit status %q, stderr %q", w.read("status"), w.read("said"))
				}
			})
		})
	}
}

// Loading den, listing, and the words of den that read make no directory.
func TestReadingMakesNothing(t *testing.T) {
	eachShell(t, func(w *world) {
		w.workonHome = filepath.Join(w.home, "not yet", "there")
		w.run(w.export("WORKON_HOME", w.workonHome), "workon > "+w.out("printed")+" 2>&1", "lsvenv >> "+w.out("printed")+" 2>&1", "den list >> "+w.out("printed")+" 2>&1")
		if w.exists(filepath.Dir(w.workonHome)) {
			w.Errorf("made %s: %s", w.workonHome, w.read("printed"))
		}
	})
}

// A link to an environment is listed, and entered, by its own name; what is no
// environment is not.
func TestOnlyEnvironmentsAreListed(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay(" two  blanks")
		w.symlink(w.layAt(filepath.Join(w.mkdir("home/src"), "real")), filepath.Join(w.workonHome, "linked"))
		w.symlink("/nowhere", filepath.Join(w.workonHome, "dangling"))
		w.mkdir("home/envs/templates/site")
		w.mkdir("home/envs/photos/bin")
		w.write(w.workonHome+"/file", "", 0o644)
		w.run("workon > "+w.out("workon"), "lsvirtualenv -b > "+w.out("brief"), "allvirtualenv pwd > "+w.out("all"), "workon ' two  blanks'", w.take("blanks"), "workon linked", w.take("linked"))
		for _, file := range []string{"workon", "brief"} {
			if got := w.read(file); got != " two  blanks\nlinked\n" {
				w.Errorf("%s lists %q", file, got)
			}
		}
		if got, want := strings.Split(w.read("all"), "\n")[0:2], []string{" two  blanks", "============"}; got[0] != want[0] || got[1] != want[1] {
			w.Errorf("allvirtualenv: %q", got)
		}
		w.inside("blanks", filepath.Join(w.workonHome, " two  blanks"))
		w.inside("linked", filepath.Join(w.workonHome, "linked"))
	})
}
