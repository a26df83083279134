package env

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	base := t.TempDir() // stands for the Python that environments are made with
	write(t, base+"/bin/python3.12", "#!/bin/sh\n")
	chmod(t, base+"/bin/python3.12", 0o755)
	write(t, base+"/bin/data", "no program")

	for _, test := range []struct {
		name  string
		wreck func(t *testing.T, dir string)
		cause string // %DIR% is the environment's; "" when it is not broken
	}{
		{"sound", func(t *testing.T, dir string) {}, ""},
		{"no interpreter", func(t *testing.T, dir string) {
			remove(t, dir+"/bin/python")
		}, "%DIR%/bin/python does not exist"},
		{"interpreter gone", func(t *testing.T, dir string) {
			relink(t, "/nowhere/bin/python3.9", dir+"/bin/python")
		}, "%DIR%/bin/python leads to /nowhere/bin/python3.9, which does not exist"},
		{"interpreter gone, two links away", func(t *testing.T, dir string) {
			relink(t, "python3.9", dir+"/bin/python")
			symlink(t, "../../base/python3.9", dir+"/bin/python3.9")
		}, "%DIR%/bin/python leads to %UP%/base/python3.9, which does not exist"},
		{"loop", func(t *testing.T, dir string) {
			relink(t, "python3", dir+"/bin/python")
			symlink(t, "python", dir+"/bin/python3")
		}, "%DIR%/bin/python is a symbolic link that leads back to itself"},
		{"directory", func(t *testing.T, dir string) {
			remove(t, dir+"/bin/python")
			mkdir(t, dir+"/bin/python")
		}, "%DIR%/bin/python is a directory"},
		{"no program", func(t *testing.T, dir string) {
			relink(t, base+"/bin/data", dir+"/bin/python")
		}, "%DIR%/bin/python may not be executed"},
		{"bin is a file", func(t *testing.T, dir string) {
			remove(t, dir+"/bin/python")
			remove(t, dir+"/bin")
			write(t, dir+"/bin", "")
		}, "%DIR%/bin/python cannot be looked at: not a directory"},
		{"home gone", func(t *testing.T, dir string) {
			write(t, dir+"/pyvenv.cfg", "home = /nowhere/bin\n")
		}, "the Python it was made with is gone: /nowhere/bin does not exist"},
		{"no home", func(t *testing.T, dir string) {
			write(t, dir+"/pyvenv.cfg", "version = 3.12.1\n")
		}, ""},
		{"relative home", func(t *testing.T, dir string) {
			write(t, dir+"/pyvenv.cfg", "home = ../base\n")
		}, ""},
		{"no pyvenv.cfg, as with an old virtualenv", func(t *testing.T, dir string) {
			remove(t, dir+"/pyvenv.cfg")
			remove(t, dir+"/bin/python")
			if err := os.Link(base+"/bin/python3.12", dir+"/bin/python"); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"no pyvenv.cfg, and a link", func(t *testing.T, dir string) {
			remove(t, dir+"/pyvenv.cfg")
		}, "it has no pyvenv.cfg, so that its Python is the one of " + base + "/bin, and pip would install there"},
		{"pyvenv.cfg no file", func(t *testing.T, dir string) {
			remove(t, dir+"/pyvenv.cfg")
			mkdir(t, dir+"/pyvenv.cfg")
		}, "reading %DIR%/pyvenv.cfg: is a directory"},
		{"all gone", func(t *testing.T, dir string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}, "%DIR% does not exist"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := plant(t, filepath.Join(t.TempDir(), "web"))
			write(t, e.Path+"/pyvenv.cfg", "home = "+base+"/bin\n")
			relink(t, base+"/bin/python3.12", e.Path+"/bin/python")
			test.wreck(t, e.Path)
			err := e.Check()
			if test.cause == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			want := strings.NewReplacer("%DIR%", e.Path, "%UP%", filepath.Dir(e.Path)).Replace(test.cause)
			broken, ok := errors.AsType[*BrokenError](err)
			if !ok || broken.Environment != e || broken.Cause != want {
				t.Errorf("%v, want %s", err, want)
			}
		})
	}
}

func TestBrokenErrorNamesTheEnvironment(t *testing.T) {
	err := &BrokenError{Environment: Environment{Name: "web"}, Cause: "it fell"}
	if got, want := err.Error(), `environment "web" is broken: it fell`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func relink(t *testing.T, target, path string) {
	t.Helper()
	remove(t, path)
	symlink(t, target, path)
}
