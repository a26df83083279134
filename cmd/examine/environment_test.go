package examine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"den/env"
	"den/env/programtest"
	"den/env/python"
)

// TestPythonThatHangs: doctor does not wait for a Python for ever, and the
// others are looked at.
func TestPythonThatHangs(t *testing.T) {
	dir := t.TempDir()
	var environments []env.Environment
	for _, name := range []string{"hangs", "fails"} {
		e := env.Environment{Name: name, Path: filepath.Join(dir, name)}
		body := map[string]string{"hangs": "exec sleep 1000", "fails": "echo no library; exit 1"}[name]
		for _, err := range []error{
			os.MkdirAll(e.Bin(), 0o777),
			os.WriteFile(filepath.Join(e.Path, "pyvenv.cfg"), nil, 0o666),
			programtest.Write(e.Python(), []byte("#!/bin/sh\n"+body+"\n"), 0o755),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		environments = append(environments, e)
	}
	x := Examination{Finder: python.Finder{Limit: 100 * time.Millisecond}}
	if err := x.Start(t.Context(), environments); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"no answer within 100ms", "no library"} {
		if err := x.starts[environments[i].Path].err; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", environments[i].Name, err, want)
		}
	}
}
