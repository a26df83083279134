package env

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"den/env/filetest"
	"den/env/usertest"
)

// newHome is an empty home of the test's own.
func newHome(t testing.TB) Home {
	t.Helper()
	home, err := NewHome(filepath.Join(t.TempDir(), "home"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.Ensure(); err != nil {
		t.Fatal(err)
	}
	return home
}

// plant lays out an environment, as little of one as is needed, at path.
func plant(t testing.TB, path string) Environment {
	t.Helper()
	if err := lay(path); err != nil {
		t.Fatal(err)
	}
	return Environment{Name: filepath.Base(path), Path: path}
}

var (
	lay     = filetest.Lay
	write   = filetest.Write
	mkdir   = filetest.Mkdir
	symlink = filetest.Symlink
	chmod   = filetest.Chmod
	in      = filetest.In
)

// second is the error of a call that returns an environment too.
func second(_ Environment, err error) error {
	return err
}

// nothingLeft fails the test when there are locks, things half made, or things
// half removed in the home.
func nothingLeft(t testing.TB, home Home) {
	t.Helper()
	for _, dir := range []string{"locks", "staging", "trash"} {
		if names := in(t, home.Path(".den/"+dir)); names != nil {
			t.Errorf("left in %s: %q", dir, names)
		}
	}
	if home.NeedsSweep() {
		t.Error("NeedsSweep says that there is something to delete")
	}
}

func TestMain(m *testing.M) {
	usertest.Become()
	os.Exit(m.Run())
}

// fill is lay for Create.
func fill(_ context.Context, dir, _ string) error {
	return lay(dir)
}
