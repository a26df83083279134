package disk

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWorkDirs: the directory of a process that was killed goes with the next that is
// made, and nothing else does.
func TestWorkDirs(t *testing.T) {
	tmp, other := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	held, err := NewWorkDir()
	if err != nil {
		t.Fatal(err)
	}
	killed, err := NewWorkDir()
	if err != nil {
		t.Fatal(err)
	}
	killed.lock.Close() // as the kernel does
	stay := []string{
		filepath.Join(held.Path, "file"), filepath.Join(other, "file"),
		filepath.Join(tmp, workPrefix+"file"), filepath.Join(tmp, "den-push-1"),
	}
	for _, path := range append(stay, filepath.Join(killed.Path, "file")) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(tmp, workPrefix+"link")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	next, err := NewWorkDir()
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := Exists(killed.Path); found {
		t.Error("the directory of a process that is no more is still there")
	}
	for _, path := range append(stay, link, next.Path) {
		if found, _ := Exists(path); !found {
			t.Errorf("%s is gone", path)
		}
	}
	held.Remove()
	next.Remove()
	for _, w := range []*WorkDir{held, next} {
		if found, _ := Exists(w.Path); found {
			t.Errorf("%s is still there", w.Path)
		}
	}
}

// TestWorkDirOfAnother: root leaves alone what another person has there.
func TestWorkDirOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		return // nobody else can give a directory away
	}
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(os.TempDir(), workPrefix+"1")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Lchown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	ClearWorkDirs()
	if found, _ := Exists(path); !found {
		t.Error("it is gone")
	}
}
