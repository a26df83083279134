package env

import (
	"os"
	"reflect"
	"testing"

	"den/env/store"
)

// What is read of all environments together is what each says by itself.
func TestFacts(t *testing.T) {
	home := newHome(t)
	base := t.TempDir()
	write(t, base+"/bin/python3.12", "#!/bin/sh\n")
	chmod(t, base+"/bin/python3.12", 0o755)
	write(t, base+"/bin/data", "no program")

	names := []string{"a", "b", "broken", "directory", "gone", "home", "legacy", "linked", "loop", "noproject", "project", "uv"}
	for _, name := range names {
		plant(t, home.Path(name))
		relink(t, base+"/bin/python3.12", home.Path(name+"/bin/python"))
	}
	relink(t, base+"/bin/data", home.Path("broken/bin/python"))
	remove(t, home.Path("directory/bin/python"))
	mkdir(t, home.Path("directory/bin/python"))
	relink(t, "/nowhere/python3", home.Path("gone/bin/python"))
	write(t, home.Path("home/pyvenv.cfg"), "home = /nowhere\nversion = 3.9.1\n")
	remove(t, home.Path("legacy/pyvenv.cfg"))
	write(t, home.Path("legacy/bin/activate"), "")
	mkdir(t, home.Path("legacy/lib/python3.6"))
	plant(t, base+"/elsewhere")
	if err := os.RemoveAll(home.Path("linked")); err != nil {
		t.Fatal(err)
	}
	symlink(t, base+"/elsewhere", home.Path("linked"))
	relink(t, "python", home.Path("loop/bin/python"))
	mkdir(t, home.Path("noproject/.project"))
	write(t, home.Path("project/.project"), "/srv/web \nmore\n")
	write(t, home.Path("uv/pyvenv.cfg"), "home = "+base+"\nversion_info = 3.14.0.candidate.2\n")
	mkdir(t, home.Path("none"))
	write(t, home.Path("notes/pyvenv.cfg"), "")

	all, err := home.Facts(".project")
	if err != nil || len(all) != len(names) {
		t.Fatalf("%d environments, %v; want %d", len(all), err, len(names))
	}
	for i, name := range names {
		e := Environment{Name: name, Path: home.Path(name)}
		project, _ := e.Project(".project")
		want := Facts{Environment: e, Python: e.PythonVersion(), Project: project, Broken: e.Check()}
		if !reflect.DeepEqual(all[i], want) {
			t.Errorf("together, %s is\n%+v\nby itself\n%+v", name, all[i], want)
		}
		if single := e.Facts(".project"); !reflect.DeepEqual(single, want) {
			t.Errorf("the facts of %s are\n%+v\nwant\n%+v", name, single, want)
		}
	}
	if all, err := (Home{store.New(home.Path("not there"), kind)}).Facts(".project"); err != nil || len(all) != 0 {
		t.Errorf("where there is no home: %v, %v", all, err)
	}
}
