package store

import (
	"os"
	"path/filepath"
	"testing"
)

// Of two that take away the note of one who has died, the slower finds the note of
// the quicker, and leaves it.
func TestClearLeavesAnothersNote(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note")
	for there, cleared := range map[string]bool{"of the dead": true, "of the quicker": false} {
		symlink(t, there, path)
		if got := (&linkLock{path, "of the dead"}).clear(); got != cleared {
			t.Errorf("the note %s: cleared %v", there, got)
		}
		text, err := os.Readlink(path)
		if (err != nil) != cleared || !cleared && text != there {
			t.Errorf("the note %s: there is %q, %v", there, text, err)
		}
		if names := in(t, filepath.Dir(path)); len(names) > 1 || len(names) == 1 && cleared {
			t.Errorf("the note %s: left are %q", there, names)
		}
		os.Remove(path)
	}
	if !(&linkLock{path, "of the dead"}).clear() {
		t.Error("one that is gone is not cleared")
	}
}
