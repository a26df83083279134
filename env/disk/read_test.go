package disk_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

func TestReadSmall(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, content := range []string{"", "a line\n", strings.Repeat("x", 4096), strings.Repeat("a longer line\n", 99_999)} {
		if err := os.WriteFile(at("file"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := disk.ReadSmall(at("file")); err != nil || string(got) != content {
			t.Errorf("%d bytes: read %d, %v", len(content), len(got), err)
		}
	}
	if err := os.Symlink("file", at("link")); err != nil {
		t.Fatal(err)
	}
	if got, err := disk.ReadSmall(at("link")); err != nil || len(got) == 0 {
		t.Errorf("through a link: %d bytes, %v", len(got), err)
	}
	if _, err := disk.ReadSmall(at("missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := disk.ReadSmall(at("file/below")); !errors.Is(err, unix.ENOTDIR) {
		t.Errorf("below a file: %v", err)
	}
}

// Nothing is waited for: without a writer, to open a pipe would never end.
func TestReadSmallRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir) // the path of a socket has to be short
	socket, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for path, kind := range map[string]string{pipe: "is a named pipe", dir: "is a directory", "/dev/zero": "is a device", "/dev/null": "is a device", "socket": "is a socket"} {
		_, err := disk.ReadSmall(path)
		if !errors.Is(err, disk.ErrNotRegular) || !strings.Contains(err.Error(), kind) {
			t.Errorf("%s: %v", path, err)
		}
		if file, err := disk.Open(path); file != nil || !errors.Is(err, disk.ErrNotRegular) {
			t.Errorf("%s: opened, %v", path, err)
		}
	}
}

func TestReadSmallHasABound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for size, tooLarge := range map[int64]bool{16 << 20: false, 16<<20 + 1: true, 1 << 40: true} {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if _, err := disk.ReadSmall(path); errors.Is(err, unix.EFBIG) != tooLarge {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := disk.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	content := make([]byte, 10)
	if n, _ := file.Read(content); string(content[:n]) != "content" || file.Name() != path {
		t.Errorf("read %q of %s", content[:n], file.Name())
	}
}
