package tree

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestCopyAttributes(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	write(t, from+"/file", "text", 0o444)
	err := unix.Setxattr(from+"/file", "user.den.test", []byte("value"), 0)
	if errors.Is(err, unix.ENOTSUP) {
		t.Logf("%s is on a file system without attributes: nothing to copy", from)
	} else if err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), from, to, Options{}); err != nil {
		t.Fatal(err)
	}
	value := make([]byte, 16)
	n, got := unix.Getxattr(to+"/file", "user.den.test", value)
	if err == nil && (got != nil || string(value[:n]) != "value") {
		t.Errorf("%q, %v", value[:max(n, 0)], got)
	}
	if err != nil && got == nil {
		t.Error("the copy has an attribute that the file has not")
	}
}
