package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRootMakesTheirDirectories: root's den, with the HOME of a person in which
// there is nothing yet, leaves them directories that are theirs.
func TestRootMakesTheirDirectories(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	delete(p.environ, "XDG_CACHE_HOME")
	delete(p.environ, "WORKON_HOME")
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
	}
	if err := os.Remove(p.envs); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(p.home, owner, -1); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "bash"}, {"pythons"}, {"mk", "--no-activate", "web"}, {"setup", "bash"}, {"list"}} {
		if s := p.den(args...); s.status != 0 {
			t.Errorf("den %q: %d, %s", args, s.status, s.out)
		}
	}
	made := 0
	err := filepath.WalkDir(p.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if path == filepath.Join(p.home, ".virtualenvs/web") {
			return fs.SkipDir // the warning says that this is root's
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != owner {
			t.Errorf("%s is of the user %d", path, stat.Uid)
		}
		made++
		return nil
	})
	if err != nil || made < 8 {
		t.Errorf("%d directories, %v", made, err)
	}
}
