package tree

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// grow makes a tree with one of everything that an environment may hold.
func grow(t *testing.T) string {
	t.Helper()
	top := filepath.Join(t.TempDir(), "tree")
	write(t, top+"/bin/tool", "#!/bin/sh\n", 0o755)
	write(t, top+"/bin/strict", "secret", 0o400)
	write(t, top+"/lib/empty", "", 0o644)
	write(t, top+"/lib/Ünï code \n$(x)/it's", "odd", 0o640)
	write(t, top+"/lib/large", strings.Repeat("0123456789abcdef", 1<<18), 0o644)
	if err := os.Link(top+"/lib/large", top+"/lib/same"); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"lib64": "lib", "python": "/usr/bin/python3", "lost": "no/where", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(top, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(top+"/closed/empty", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, top+"/closed/file", "", 0o644)
	if err := syscall.Mkfifo(top+"/lib/pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"closed", "lib", "."} {
		past := time.Date(2001, 2, 3, 4, 5, 6, 789000000, time.UTC)
		if err := os.Chtimes(filepath.Join(top, dir), past, past); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(top+"/closed", 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(top+"/closed", 0o755) })
	return top
}

// listing describes each file of a tree.
func listing(t *testing.T, top string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content := ""
		switch info.Mode().Type() {
		case fs.ModeSymlink:
			content, err = os.Readlink(path)
		case 0:
			var text []byte
			text, err = os.ReadFile(path)
			content = string(text)
		}
		relative, _ := filepath.Rel(top, path)
		files[relative] = strings.Join([]string{info.Mode().String(), info.ModTime().UTC().String(), content}, "\x00")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCopy(t *testing.T) {
	from := grow(t)
	to := filepath.Join(t.TempDir(), "copy")
	t.Cleanup(func() { os.Chmod(to+"/closed", 0o755) })
	var progress Progress
	skipped, err := Copy(t.Context(), from, to, Options{Progress: &progress})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"lib/pipe"}; !slices.Equal(skipped, want) {
		t.Errorf("left out %q, want %q", skipped, want)
	}
	want, got := listing(t, from), listing(t, to)
	delete(want, "lib/pipe")
	for path, file := range want {
		if got[path] != file {
			t.Errorf("%s:\n got %.200q\nwant %.200q", path, got[path], file)
		}
		delete(got, path)
	}
	for path := range got {
		t.Errorf("%s is new", path)
	}
	one, err := os.Stat(to + "/lib/large")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := os.Stat(to + "/lib/same"); err != nil || !os.SameFile(one, same) {
		t.Errorf("a hard link has become a file of its own: %v", err)
	}
	if theirs, err := os.Stat(from + "/lib/large"); err != nil || os.SameFile(one, theirs) {
		t.Errorf("the copy is the file itself: %v", err)
	}
	if done, total := progress.Done.Load(), progress.Total.Load(); done != total || total < 4<<20 {
		t.Errorf("%d of %d bytes", done, total)
	}
}

// A link to a tree is copied as the tree.
func TestCopyLinkedTree(t *testing.T) {
	from := grow(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(from, link); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy")
	t.Cleanup(func() { os.Chmod(to+"/closed", 0o755) })
	if _, err := Copy(t.Context(), link, to, Options{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(to); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
	if target, err := os.Readlink(to + "/lib64"); target != "lib" {
		t.Errorf("lib64 leads to %q, %v", target, err)
	}
}

func TestCopyErrors(t *testing.T) {
	from := grow(t)
	if _, err := Copy(t.Context(), from+"/missing", t.TempDir(), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	to := t.TempDir()
	write(t, to+"/bin/tool", "theirs", 0o600)
	if _, err := Copy(t.Context(), from, to, Options{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into a directory with files: %v", err)
	}
	if text, _ := os.ReadFile(to + "/bin/tool"); string(text) != "theirs" {
		t.Errorf("what was there is now %q", text)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Copy(stopped, from, filepath.Join(t.TempDir(), "x"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// What is to be left out is, and with it all that is below.
func TestCopySkips(t *testing.T) {
	from, to := grow(t), t.TempDir()
	write(t, to+"/bin/theirs", "theirs", 0o644)
	skip := func(path string, entry fs.DirEntry) bool {
		if strings.HasPrefix(path, "lib/") || strings.HasPrefix(path, "closed/") {
			t.Errorf("asked for %s", path)
		}
		return path == "lib" || path == "closed" || path == "bin/strict" || path == "loop"
	}
	skipped, err := Copy(t.Context(), from, to, Options{Skip: skip})
	if err != nil || len(skipped) > 0 {
		t.Fatalf("%q, %v", skipped, err)
	}
	var got []string
	for path := range listing(t, to) {
		got = append(got, path)
	}
	slices.Sort(got)
	if want := []string{".", "bin", "bin/theirs", "bin/tool", "lib64", "lost", "python"}; !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
}

// TestKeptMode: the copy of another's program does not run with the rights of who has
// copied it.
func TestKeptMode(t *testing.T) {
	person := uint32(os.Geteuid())
	for _, row := range []struct{ owner, mode, want uint32 }{
		{person, 0o104755, 0o4755},
		{person + 1, 0o104755, 0o755},
		{person + 1, 0o102775, 0o775},
		{person + 1, 0o101644, 0o1644},
	} {
		stat := syscall.Stat_t{Uid: row.owner}
		assign(&stat.Mode, row.mode)
		if got := keptMode(owned{stat: stat}); got != row.want {
			t.Errorf("%o of %d: %o, want %o", row.mode, row.owner, got, row.want)
		}
	}
}

// assign sets a mode, which has fewer bits on some systems.
func assign[T uint16 | uint32](mode *T, value uint32) { *mode = T(value) }

// An owned is what the system says of a file.
type owned struct {
	fs.FileInfo
	stat syscall.Stat_t
}

func (o owned) Sys() any { return &o.stat }
