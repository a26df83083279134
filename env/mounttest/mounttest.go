// Package mounttest lets a test mount what it likes without anyone's seeing it.
package mounttest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// inside is set for a test that has been run again in a namespace.
const inside = "DEN_TEST_NAMESPACE"

// InNamespace reports whether the test that calls it is in a mount namespace of
// its own (unshare). If it is not, InNamespace runs that one test again in one,
// and fails the first where the second does. Where none is to be had, it says so
// in the log.
func InNamespace(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) != "" {
		return true
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unshare := []string{"--mount", "--map-root-user"}
	if os.Geteuid() == 0 {
		unshare = unshare[:1] // may do so even where others have no namespaces
	}
	if exec.Command("unshare", append(unshare, "true")...).Run() != nil {
		t.Log("nothing can be mounted here: it is tried where there is a way")
		return false
	}
	again := exec.CommandContext(t.Context(), "unshare", append(unshare, executable, "-test.v", "-test.run=^"+t.Name()+"$")...)
	again.Env = append(os.Environ(), inside+"=1")
	out, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a namespace: %v\n%s", err, out)
	}
	return false
}
