package env

import (
	"context"
	"os"
	"path/filepath"
	"testing"

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

// lay is plant for where there is no test to fail: in fill, in a process.
func lay(path string) error {
	if err := os.MkdirAll(filepath.Join(path, "bin"), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(path, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = 3.12.1\n"), 0o666); err != nil {
		return err
	}
	return os.Symlink("/usr/bin/python3", filepath.Join(path, "bin", "python"))
}

// write makes a file, and the directories above it.
func write(t testing.TB, path, text string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
}

func symlink(t testing.TB, target, path string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

func chmod(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// in returns the names in a directory, none when it does not exist.
func in(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

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
