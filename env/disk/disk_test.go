package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := Replace(path, []byte("first"), 0o600); err != nil || read(t, path) != "first" {
		t.Fatal("where there was none", err)
	}
	opened, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	more := func(f *os.File) error {
		_, err := f.WriteString(" and more")
		return err
	}
	if err := Replace(path, []byte("second"), 0o600, more, Mode(0o751), Sync); err != nil || read(t, path) != "second and more" {
		t.Fatalf("%q, %v", read(t, path), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o751 {
		t.Error(info, err)
	}
	old := make([]byte, 16)
	if n, _ := opened.Read(old); string(old[:n]) != "first" {
		t.Errorf("who had the file open now reads %q", old[:n])
	}
	if err := os.Symlink("file", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	if err := Replace(dir+"/link", []byte("third"), 0o600); err != nil || read(t, path) != "second and more" || read(t, dir+"/link") != "third" {
		t.Errorf("a symbolic link was followed: %v", err)
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := Create(path, []byte("first"), 0o600, Mode(0o640)); err != nil || read(t, path) != "first" {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Error(info, err)
	}
	if err := os.Symlink("nowhere", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	for _, taken := range []string{path, dir + "/link"} {
		if err := Create(taken, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", taken, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || read(t, path) != "first" {
		t.Errorf("%v, %q, %v", entries, read(t, path), err)
	}
}

// What fails leaves the file, and the directory, as they were.
func TestReplaceFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir+"/taken/by", 0o700); err != nil {
		t.Fatal(err)
	}
	disliked := errors.New("disliked")
	never := func(*os.File) error {
		t.Error("went on after an error")
		return nil
	}
	if err := Replace(path, nil, 0o600, func(*os.File) error { return disliked }, never); err != disliked {
		t.Error(err)
	}
	if err := Replace(dir+"/taken", nil, 0o600); err == nil {
		t.Error("a directory was replaced")
	}
	if err := Replace(dir+"/no/where", nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || read(t, path) != "old" {
		t.Errorf("%v, %q, %v", entries, read(t, path), err)
	}
}

// A pipe hands over what has been written to it so far.
func TestReadFull(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	go func() {
		for _, text := range []string{"ab", "cde", "fg"} {
			_, _ = in.WriteString(text)
		}
		in.Close()
	}()
	buffer := make([]byte, 5)
	if n, err := ReadFull(int(out.Fd()), buffer); string(buffer[:n]) != "abcde" || err != nil {
		t.Errorf("%q, %v", buffer[:n], err)
	}
	if n, err := ReadFull(int(out.Fd()), buffer); string(buffer[:n]) != "fg" || err != nil {
		t.Errorf("at the end: %q, %v", buffer[:n], err)
	}
	if _, err := ReadFull(-1, buffer); !errors.Is(err, unix.EBADF) {
		t.Error(err)
	}
}

func TestRetry(t *testing.T) {
	calls := 0
	err := Retry(func() error {
		if calls++; calls < 3 {
			return unix.EINTR
		}
		return unix.ENOSPC
	})
	if calls != 3 || err != unix.ENOSPC {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// No link leads out of the directory in which a file is to be replaced.
func TestReplaceInStaysInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, target := range map[string]string{"out": outside, "in": "real"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := ReplaceIn(root, "in/file", []byte("content"), 0o600); err != nil || read(t, filepath.Join(dir, "real/file")) != "content" {
		t.Errorf("in a directory inside: %v", err)
	}
	if err := ReplaceIn(root, "out/file", []byte("content"), 0o600); err == nil {
		t.Error("outside: no error")
	}
	if entries, err := os.ReadDir(outside); len(entries) > 0 || err != nil {
		t.Errorf("outside there are %v, %v", entries, err)
	}
}

// TestExistsBehindLoop: behind a link that leads to itself there is nothing.
func TestExistsBehindLoop(t *testing.T) {
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{loop: true, loop + "/below": false} {
		if found, err := Exists(path); found != want || err != nil {
			t.Errorf("%s: %v, %v", path, found, err)
		}
	}
	if _, _, err := distrustWay(loop); !errors.Is(err, unix.ELOOP) {
		t.Errorf("the way to it: %v", err)
	}
}

func TestIsShortage(t *testing.T) {
	for err, want := range map[error]bool{
		unix.EMFILE: true, unix.ENFILE: true, unix.EAGAIN: true, unix.ENOMEM: true,
		unix.ENOSPC: false, unix.ENOENT: false, nil: false,
	} {
		if got := IsShortage(&fs.PathError{Op: "fork", Err: err}); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
}

// TestInWritable: a directory that is writable already does not change.
func TestInWritable(t *testing.T) {
	for mode, changed := range map[fs.FileMode]int{0o500: 2, 0o700: 0} {
		calls := 0
		stat := func() (fs.FileInfo, error) { return owned{mode: mode}, nil }
		chmod := func(fs.FileMode) error { calls++; return nil }
		if err := InWritable(stat, chmod, func() error { return fs.ErrPermission }); !errors.Is(err, fs.ErrPermission) || calls != changed {
			t.Errorf("%v: changed %d times, %v", mode, calls, err)
		}
	}
}
