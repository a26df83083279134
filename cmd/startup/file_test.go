package startup_test

import (
	"os"
	"testing"

	"den/cmd/startup"
)

// TestReplaceChanged: what another program has written to a start-up file since it was
// read is not lost.
func TestReplaceChanged(t *testing.T) {
	for name, before := range map[string]string{"a file": "mine\n", "no file": ""} {
		path := t.TempDir() + "/.bashrc"
		if before != "" {
			if err := os.WriteFile(path, []byte(before), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		file, err := startup.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(before+"another's\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if backup, err := file.Replace(before + "den's\n"); err == nil || backup != "" {
			t.Errorf("%s: %q, %v, want an error", name, backup, err)
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != before+"another's\n" {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
}
