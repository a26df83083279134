package digest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"den/env/disk"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask returns what the memory knows of a file, and checks the hash.
func ask(t *testing.T, m *Memory, path, text string) File {
	t.Helper()
	f, err := m.Hash(path, make([]byte, 4))
	sum := sha256.Sum256([]byte(text))
	if err != nil || f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(text)) {
		t.Errorf("%s has %+v, %v; it has %q in it", path, f, err, text)
	}
	return f
}

// open opens a memory as a run of den does that comes much later.
func open(dir string) *Memory {
	m := Open(dir, [][]byte{[]byte("/home/web")})
	m.clock = func() time.Time { return time.Now().Add(time.Hour) }
	return m
}

// remembered returns a directory with a memory of a file, its path, and the one of the memory.
func remembered(t *testing.T) (dir, path, file string) {
	t.Helper()
	dir, path = t.TempDir(), filepath.Join(t.TempDir(), "module.py")
	put(t, path, "first")
	m := open(dir)
	if f := ask(t, m, path, "first"); f.Remembered {
		t.Errorf("the first run remembers %+v", f)
	}
	m.Save()
	if f := ask(t, open(dir), path, "first"); !f.Remembered {
		t.Errorf("the second run does not remember %+v", f)
	}
	return dir, path, m.file
}

// A file that has changed is read again, even if it has the same size and the same time.
func TestChanged(t *testing.T) {
	dir, path, _ := remembered(t)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := disk.Changed(path)
	for now := changed; err == nil && now.Equal(changed); now, err = disk.Changed(path) {
		put(t, path, "other")
		if err := os.Chtimes(path, before.ModTime(), before.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	if f := ask(t, open(dir), path, "other"); err != nil || f.Remembered || !f.Written.Equal(before.ModTime()) {
		t.Errorf("remembered: %+v, %v", f, err)
	}
}

// A file that had just changed when it was read may change again without a trace.
func TestJustChanged(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "module.py")
	put(t, path, "first")
	m := Open(dir, nil)
	ask(t, m, path, "first")
	m.Save()
	if f := ask(t, Open(dir, nil), path, "first"); f.Remembered {
		t.Errorf("remembered: %+v", f)
	}
}

// What is kept does no harm, whatever has become of it.
func TestDamaged(t *testing.T) {
	for name, damage := range map[string]func(file string) error{
		"empty":   func(file string) error { return os.Truncate(file, 0) },
		"cut off": func(file string) error { return os.Truncate(file, 40) },
		"a bit": func(file string) error {
			return rewrite(file, func(b []byte) []byte { b[len(begin)+20] ^= 1; return b })
		},
		"more":         func(file string) error { return rewrite(file, func(b []byte) []byte { return append(b, b...) }) },
		"another form": func(file string) error { return rewrite(file, func([]byte) []byte { return []byte("den digest 2\n") }) },
		"a directory":  func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o700)) },
		"of others":    func(file string) error { return os.Chmod(file, 0o666) },
		"gone":         os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			dir, path, file := remembered(t)
			if err := damage(file); err != nil {
				t.Fatal(err)
			}
			m := open(dir)
			if f := ask(t, m, path, "first"); f.Remembered {
				t.Errorf("remembered: %+v", f)
			}
			m.Save()
		})
	}
}

func rewrite(file string, change func([]byte) []byte) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, change(content), 0o600)
}

// stamp tells a file from the one that replaces it.
func stamp(t *testing.T, file string) uint64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

// A search is remembered for the texts that it looked for, and a hash answers no search.
// Where nothing is new, nothing is written.
func TestHolds(t *testing.T) {
	dir, path, file := remembered(t)
	searches := 0
	search := func(read func([]byte) (int, error)) (bool, error) {
		searches++
		start := make([]byte, 2)
		_, err := read(start)
		return bytes.Equal(start, []byte("fi")), err
	}
	for run, want := range []int{1, 1} {
		m := open(dir)
		if holds, err := m.Holds(path, search, make([]byte, 4)); !holds || err != nil || searches != want {
			t.Errorf("run %d: %v, %v, after %d searches", run, holds, err, searches)
		}
		ask(t, m, path, "first")
		before := stamp(t, file)
		m.Save()
		if same := stamp(t, file) == before; same != (run == 1) {
			t.Errorf("run %d: the notes are the same file: %v", run, same)
		}
	}
	if other := Open(dir, [][]byte{[]byte("/home/api")}); other.file == file || len(other.before) > 0 {
		t.Errorf("a search for another path remembers %d files", len(other.before))
	}
}

func TestNotRegular(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "link"), filepath.Join(dir, "gone")} {
		if f, err := New().Hash(path, make([]byte, 4)); err == nil {
			t.Errorf("%s has %+v", path, f)
		}
	}
}

// Only so many are kept, those that were used last.
func TestBound(t *testing.T) {
	dir, path, file := remembered(t)
	for i := range maxKept {
		old := filepath.Join(dir, fmt.Sprintf("old-%02d", i))
		put(t, old, "")
		if err := os.Chtimes(old, time.Time{}, time.Now().Add(-time.Hour*time.Duration(i+1))); err != nil {
			t.Fatal(err)
		}
	}
	put(t, path, "second")
	m := open(dir)
	ask(t, m, path, "second")
	m.Save()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != maxKept {
		t.Errorf("%d are kept, %v", len(entries), err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	m.Forget()
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after Forget: %v", err)
	}
}
