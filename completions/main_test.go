package completions_test

import (
	"os"
	"path/filepath"
	"testing"

	"den/cmd"
)

// TestMain makes the test program den itself where it is called by that name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "den" {
		os.Exit(cmd.Main("", ""))
	}
	os.Exit(m.Run())
}
