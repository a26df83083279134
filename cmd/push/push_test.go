package push

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"den/env/programtest"
)

// fakeSSH is a command in the place of ssh that leads to this machine, to a person with
// that login shell.
func fakeSSH(t *testing.T, shell string) []string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "ssh")
	text := fmt.Sprintf("#!/bin/sh\nexport HOME='%s'\nunset WORKON_HOME\nexec %s -c \"$2\"\n", dir, shell)
	if err := programtest.Write(path, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// The receiver starts whatever the login shell of the other machine is.
func TestLoginShells(t *testing.T) {
	for _, shell := range []string{"sh", "bash", "zsh", "fish", "tcsh", "ksh", "mksh"} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Fatalf("the tests need %s", shell)
			}
			s, answer, err := Open(t.Context(), fakeSSH(t, shell), "host", AnyPython, Request{Name: "web", Rollback: true})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if !strings.HasSuffix(answer.Path, "/.virtualenvs/web") {
				t.Errorf("the path is %q", answer.Path)
			}
			if _, err := s.RollBack(); err == nil || !strings.Contains(err.Error(), "no earlier version") {
				t.Errorf("rolling back: %v", err)
			}
		})
	}
}

func TestNoPython(t *testing.T) {
	_, _, err := Open(t.Context(), fakeSSH(t, "sh"), "host", Needed{"9.9", "raise SystemExit(1)"}, Request{Name: "web"})
	if missing, ok := errors.AsType[*NoPythonError](err); !ok || missing.Seen == "" {
		t.Errorf("Open: %v", err)
	}
}

// What ends before all is there changes nothing, and leaves nothing.
func TestCutOff(t *testing.T) {
	ssh := fakeSSH(t, "sh")
	home := filepath.Join(filepath.Dir(ssh[0]), ".virtualenvs")
	for _, sent := range []string{"", "{\"manifest\": 10}\n", "{\"manifest\": 10}\nxxxxxxxxxx"} {
		s, _, err := Open(t.Context(), ssh, "host", AnyPython, Request{Name: "web"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(s.input, sent); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if s.command.ProcessState.Success() {
			t.Errorf("after %q: no error", sent)
		}
		for _, dir := range []string{".", ".den/staging", ".den/locks", ".den/pushed"} {
			entries, err := os.ReadDir(filepath.Join(home, dir))
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if entry.Name() != ".den" {
					t.Errorf("after %q, there is %s in %s", sent, entry.Name(), dir)
				}
			}
		}
	}
}

// The receiver is Python that the oldest version it promises to run with takes.
func TestReceiverSyntax(t *testing.T) {
	check := "import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))"
	c := exec.Command("python3", "-c", check)
	c.Stdin = strings.NewReader(receiver)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
