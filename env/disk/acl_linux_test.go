package disk

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// setACL gives a stranger the permission for the file, in the form of acl(5).
func setACL(path string, permission uint16) error {
	acl := binary.LittleEndian.AppendUint32(nil, 2)
	for _, entry := range []struct {
		tag, permission uint16
		id              uint32
	}{{1, 6, ^uint32(0)}, {2, permission, 65533}, {4, 4, ^uint32(0)}, {16, permission, ^uint32(0)}, {32, 4, ^uint32(0)}} {
		acl = binary.LittleEndian.AppendUint16(acl, entry.tag)
		acl = binary.LittleEndian.AppendUint16(acl, entry.permission)
		acl = binary.LittleEndian.AppendUint32(acl, entry.id)
	}
	return unix.Setxattr(path, "system.posix_acl_access", acl, 0)
}

// What an access control list lets others write is not trusted, also where the file's
// group is the person's own. The command that den names takes the right away.
func TestTrustOfACL(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := setACL(file, 4)
	if errors.Is(err, unix.ENOTSUP) {
		t.Log("the file system has no access control lists")
		return
	}
	if err = errors.Join(err, CheckTrustOf(file)); err != nil {
		t.Errorf("others can read it: %v", err)
	}
	if err := setACL(file, 6); err != nil {
		t.Fatal(err)
	}
	untrusted, ok := errors.AsType[*UntrustedError](CheckTrustOf(file))
	if !ok || untrusted.Mend != "chmod go-w "+quote(file) {
		t.Errorf("others can write to it: %v", untrusted)
	}
	if err := errors.Join(os.Chmod(file, 0o644), CheckTrustOf(file)); err != nil {
		t.Errorf("mended: %v", err)
	}
}
