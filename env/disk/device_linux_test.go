package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A device stays one: a person may name it for what den writes.
func TestReplaceNoDevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "null")
	if err := unix.Mknod(path, unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))); errors.Is(err, fs.ErrPermission) {
		t.Log("only root can make a device")
		return
	} else if err != nil {
		t.Fatal(err)
	}
	err := Replace(path, []byte("text"), 0o600)
	if info, statErr := os.Lstat(path); statErr != nil || info.Mode()&fs.ModeDevice == 0 || !errors.Is(err, ErrNotRegular) {
		t.Errorf("%v, %v; it is %v", err, statErr, info)
	}
}
