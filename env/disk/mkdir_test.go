package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is made on the way to a directory belongs to whom the nearest one belongs
// to that was there, also when root makes it.
func TestMkdirAll(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		t.Fatal(err)
	}
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
		if err := os.Chown(home, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	deep := filepath.Join(home, "a/b/c")
	for range 2 {
		if err := MkdirAll(deep, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"a", "a/b", "a/b/c"} {
		info, err := os.Stat(filepath.Join(home, path))
		if err != nil {
			t.Fatal(err)
		}
		if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != owner || info.Mode().Perm() != 0o700 {
			t.Errorf("%s is of the user %d, %v", path, stat.Uid, info.Mode())
		}
	}
	if err := Mkdir(deep, 0o700); !errors.Is(err, fs.ErrExist) {
		t.Errorf("one that is there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"file", "file/below"} {
		if err := MkdirAll(filepath.Join(home, path), 0o700); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
}
