// Package usertest lets a test run as a user for whom permissions count.
package usertest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// variable has the number of the user that a test binary is to become.
const variable = "DEN_ENV_TEST_USER"

// Become makes this process one of the user whom AsUser has started it for. It
// is for TestMain.
func Become() {
	user := os.Getenv(variable)
	if user == "" {
		return
	}
	id, err := strconv.Atoi(user)
	if err == nil {
		err = errors.Join(syscall.Setgroups(nil), syscall.Setgid(id), syscall.Setuid(id))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// AsUser reports whether the test that calls it may go on, because it does not
// run as root, for whom permissions mean nothing. If it does, AsUser runs that
// one test again, as another user.
func AsUser(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		return true
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// t.TempDir is closed to others.
	tmp, err := os.MkdirTemp("", "den-env")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	if err := os.Chmod(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	again := exec.Command(executable, "-test.v", "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), variable+"=65534", "TMPDIR="+tmp)
	out, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as another user: %v\n%s", err, out)
	}
	return false
}
