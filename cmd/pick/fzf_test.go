package pick

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A signal that ends den is handed on to fzf, which then puts the terminal back.
func TestSignalsReachFzf(t *testing.T) {
	dir := t.TempDir()
	program, done := filepath.Join(dir, "fzf"), filepath.Join(dir, "done")
	code := "#!/bin/sh\ntrap 'echo >\"$DONE\"; exit 1' TERM\nkill -$SIGNAL $PPID\nwhile :; do sleep 0.01; done\n"
	if err := os.WriteFile(program, []byte(code), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DONE", done)
	for _, name := range []string{"TERM", "HUP"} {
		t.Setenv("SIGNAL", name)
		if _, err := runFzf(context.Background(), program, nil, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Remove(done); err != nil {
			t.Errorf("%s: fzf was not asked to end", name)
		}
	}
}
