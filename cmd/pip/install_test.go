package pip

import (
	"io"
	"os"
	"testing"
)

// A den that is killed leaves no file of requirements: it has no name while pip
// reads it.
func TestLinesFileHasNoName(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	file, err := linesFile([]string{"six==1.16.0", "idna==3.4"})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is there, %v", left, err)
	}
	if content, err := io.ReadAll(file); err != nil || string(content) != "six==1.16.0\nidna==3.4\n" {
		t.Errorf("%q, %v", content, err)
	}
}
