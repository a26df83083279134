package hooks

import (
	"errors"
	"os/exec"
	"path/filepath"
	"testing"
)

// The command that den names mends the hook: it is run, and the hook is used.
func TestMending(t *testing.T) {
	for _, row := range []struct{ name, content string }{
		{"carriage returns", "#!/bin/sh\r\ntrue\r\n"},
		{"an interpreter elsewhere", "#!/no/such/sh\ntrue\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dirs, _ := places(t)
			path := filepath.Join(dirs.Global, PreActivate.Name)
			write(t, path, row.content, 0o755)
			_, problems := dirs.Find(PreActivate, "")
			var unused *UnusedError
			if len(problems) != 1 || !errors.As(problems[0], &unused) {
				t.Fatal(problems)
			}
			if out, err := exec.Command("/bin/sh", "-c", unused.Mend).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", unused.Mend, err, out)
			}
			found, problems := dirs.Find(PreActivate, "")
			if len(found) != 1 || problems != nil {
				t.Fatalf("after %s: %v, %v", unused.Mend, found, problems)
			}
			if out, err := exec.Command(found[0].Argv[0]).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
