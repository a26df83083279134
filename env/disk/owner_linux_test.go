package disk

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestOwnerThatIsUnknown: in a container, root gives nothing to the owner of a directory
// whom the container does not know, for the system refuses that.
func TestOwnerThatIsUnknown(t *testing.T) {
	const variable = "DEN_TEST_SHARED_DIR"
	if dir := os.Getenv(variable); dir != "" {
		if err := errors.Join(MkdirAll(filepath.Join(dir, "a/b"), 0o700), Replace(filepath.Join(dir, "file"), nil, 0o600)); err != nil {
			t.Error(err)
		}
		return
	}
	if os.Geteuid() != 0 {
		return // nobody else can give a directory away
	}
	dir, err := os.MkdirTemp("", "shared") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := errors.Join(os.Chmod(dir, 0o777|os.ModeSticky), os.Chown(dir, 12345, 12345)); err != nil {
		t.Fatal(err)
	}
	one := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}}
	c := exec.Command(os.Args[0], "-test.run=^TestOwnerThatIsUnknown$")
	c.Env = append(os.Environ(), variable+"="+dir)
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, UidMappings: one, GidMappings: one}
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Logf("there are no user namespaces here: %v", err)
		return
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
