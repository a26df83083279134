package completions_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"den/cmd"
)

// TestMain makes the test program den itself where it is called by that name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "den" {
		os.Exit(cmd.Main("", ""))
	}
	status := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(status)
}

// built is the directory with the den that program has built.
var built string

// program is den as people have it, which shells start for each word that they
// complete. Where DEN_TEST_RACES is set it is this test program: with the race
// detector it takes ten times as long to start.
var program = sync.OnceValues(func() (string, error) {
	if os.Getenv("DEN_TEST_RACES") != "" {
		return os.Executable()
	}
	var err error
	if built, err = os.MkdirTemp("", "den"); err != nil {
		return "", err
	}
	den := filepath.Join(built, "den")
	build := exec.Command("go", "build", "-o", den, "den/cmd/den")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building den: %w\n%s", err, out)
	}
	return den, nil
})
