package env

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

// TestFlush is about both ways, all at once and file by file. That the disk has
// it all, only a power cut can tell.
func TestFlush(t *testing.T) {
	for name, flush := range map[string]func(dir string) error{"flush": flush, "flushEach": flushEach} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := plant(t, dir+"/web")
			symlink(t, "/nowhere", e.Path+"/lost")
			write(t, e.Path+"/lib/secret", "")
			chmod(t, e.Path+"/lib/secret", 0)
			if err := flush(e.Path); err != nil {
				t.Error(err)
			}
			if err := flush(dir + "/missing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir+"/missing") {
				t.Errorf("missing: %v", err)
			}
		})
	}
}

func TestSyncDir(t *testing.T) {
	dir := t.TempDir()
	if err := syncDir(dir); err != nil {
		t.Error(err)
	}
	if err := syncDir(dir + "/missing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir+"/missing") {
		t.Errorf("missing: %v", err)
	}
}
