package disk

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReplaceLeavesNothing: a process that is killed while it writes leaves nothing, as the
// file has no name until it is whole.
func TestReplaceLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	file := openUnnamed(dir, 0o644)
	if file == nil {
		t.Logf("%s is on a file system that has no such files", dir)
		return
	}
	file.Close()
	look := func(*os.File) error {
		entries, err := os.ReadDir(dir)
		if len(entries) != 0 {
			t.Errorf("there is %v", entries)
		}
		return err
	}
	path := filepath.Join(dir, "file")
	if err := Replace(path, []byte("content"), 0o640, look); err != nil || read(t, path) != "content" {
		t.Errorf("%q, %v", read(t, path), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Error(info, err)
	}
}
