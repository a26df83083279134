// Package filetest makes files for tests.
package filetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Lay lays out an environment, as little of one as is needed, at path.
func Lay(path string) error {
	if err := os.MkdirAll(filepath.Join(path, "bin"), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(path, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = 3.12.1\n"), 0o666); err != nil {
		return err
	}
	return os.Symlink("/usr/bin/python3", filepath.Join(path, "bin", "python"))
}

// Write makes a file, and the directories above it.
func Write(t testing.TB, path, text string) {
	t.Helper()
	Mkdir(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Mkdir makes a directory, and those above it.
func Mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
}

// Symlink makes a symbolic link, and the directories above it.
func Symlink(t testing.TB, target, path string) {
	t.Helper()
	Mkdir(t, filepath.Dir(path))
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

// Chmod changes a mode.
func Chmod(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// In returns the names in a directory, none when it does not exist.
func In(t testing.TB, dir string) []string {
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
