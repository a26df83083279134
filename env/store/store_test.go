package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/disk"
	"den/env/filetest"
)

// environment is what these tests keep in a store: a directory with bin/python
// and pyvenv.cfg in it.
type environment struct {
	Name, Path string
}

var testKind = &Kind{
	CheckName: func(name string) error {
		if name == "" || strings.ContainsAny(name[:1], ".-") || strings.ContainsAny(name, "/:\n\x00") || len(name) > 255 {
			return &nameError{name}
		}
		return nil
	},
	Lacks: func(dir int, path string) (string, error) {
		for _, file := range []string{"bin/python", "pyvenv.cfg"} {
			if found, err := disk.ExistsAt(dir, path+"/"+file); !found {
				return file, err
			}
		}
		return "", nil
	},
}

type nameError struct{ name string }

func (e *nameError) Error() string { return fmt.Sprintf("%q is a bad name", e.name) }

// newAt is the store in a directory, which may be missing.
func newAt(dir string) Store {
	return New(dir, testKind)
}

// newHome is an empty store of the test's own.
func newHome(t testing.TB) Store {
	t.Helper()
	home := New(filepath.Join(t.TempDir(), "home"), testKind)
	if _, err := home.Ensure(); err != nil {
		t.Fatal(err)
	}
	return home
}

// at is the environment called name in a home.
func at(home Store, name string) environment {
	return environment{name, home.Path(name)}
}

// plant lays out an environment, as little of one as is needed, at path.
func plant(t testing.TB, path string) environment {
	t.Helper()
	if err := lay(path); err != nil {
		t.Fatal(err)
	}
	return environment{Name: filepath.Base(path), Path: path}
}

var (
	lay     = filetest.Lay
	write   = filetest.Write
	mkdir   = filetest.Mkdir
	symlink = filetest.Symlink
	chmod   = filetest.Chmod
	in      = filetest.In
)

// Names are looked up in batches.
func TestManyNames(t *testing.T) {
	home := newHome(t)
	var want []string
	for i := range 2*batchSize + 1 {
		name := fmt.Sprintf("environment-%04d", i)
		plant(t, home.Path(name))
		mkdir(t, home.Path(fmt.Sprintf("other-%04d", i)))
		want = append(want, name)
	}
	if names, err := home.Names(); err != nil || !slices.Equal(names, want) {
		t.Errorf("%d names, %v; want %d", len(names), err, len(want))
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
