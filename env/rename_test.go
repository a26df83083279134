package env

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestRename is about both ways, the system's own and the one without it.
func TestRename(t *testing.T) {
	for name, rename := range map[string]func(from, to string) error{"renameNew": renameNew, "renameChecked": renameChecked} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir+"/from/file", "")
			mkdir(t, dir+"/empty")
			write(t, dir+"/file", "")
			symlink(t, "nowhere", dir+"/lost")
			for _, to := range []string{"empty", "file", "lost"} {
				if err := rename(dir+"/from", dir+"/"+to); !errors.Is(err, fs.ErrExist) {
					t.Errorf("to %s: %v", to, err)
				}
			}
			if err := rename(dir+"/from", dir+"/missing/to"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("into nowhere: %v", err)
			}
			if err := rename(dir+"/missing", dir+"/to"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("of nothing: %v", err)
			}
			if err := rename(dir+"/from", dir+"/to"); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(dir + "/to/file"); err != nil {
				t.Error(err)
			}
		})
	}
}
