package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestPutDirectory: the directory that was there is gone from its place only when the new
// one is in it, and the new one brings all that is in it.
func TestPutDirectory(t *testing.T) {
	for _, there := range []bool{false, true} {
		dir := t.TempDir()
		fresh, output := filepath.Join(dir, "fresh"), filepath.Join(dir, "output")
		err := errors.Join(os.Mkdir(fresh, 0o700), os.WriteFile(filepath.Join(fresh, "new"), nil, 0o600))
		if there {
			err = errors.Join(err, os.Mkdir(output, 0o700), os.WriteFile(filepath.Join(output, "old"), nil, 0o600))
		}
		if err := errors.Join(err, putDirectory(fresh, output)); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(output)
		if err != nil || len(entries) != 1 || entries[0].Name() != "new" {
			t.Errorf("%v, %v", entries, err)
		}
		if err := putDirectory(filepath.Join(dir, "gone"), output); err == nil {
			t.Error("no error for what is not there")
		}
		if _, err := os.Stat(filepath.Join(output, "new")); err != nil {
			t.Errorf("after an error: %v", err)
		}
	}
}
