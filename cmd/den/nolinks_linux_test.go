package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoSymbolicLinks: where the file system has none, a copy can be made, and
// the cause is named.
func TestNoSymbolicLinks(t *testing.T) {
	t.Parallel()
	if err := exec.Command("strace", "-o", "/dev/null", "true").Run(); err != nil {
		t.Logf("nothing can be made to fail here (strace: %v)", err)
		return
	}
	p := newPerson(t)
	linkless := func(args ...string) said {
		c := p.command(args...)
		strace, err := exec.LookPath("strace")
		if err != nil {
			t.Fatal(err)
		}
		c.Args = append([]string{"strace", "-f", "-qq", "-o", filepath.Join(p.dir, "trace"),
			"-e", "trace=symlink,symlinkat", "-e", "inject=symlink,symlinkat:error=EPERM", c.Path}, args...)
		c.Path = strace
		out, _ := c.CombinedOutput() // the exit status is den's
		return said{out: string(out), status: c.ProcessState.ExitCode()}
	}
	s := linkless("mk", "--without-pip", "linked")
	if s.status != 1 || !strings.Contains(s.out, "has no symbolic links\n") || !strings.Contains(s.out, "den: hint: copy the interpreter: --copies\n") {
		t.Errorf("exit status %d: %s", s.status, s.out)
	}
	if s := linkless("mk", "--without-pip", "--copies", "copied"); s.status != 0 {
		t.Errorf("with --copies: exit status %d: %s", s.status, s.out)
	}
	p.isWhole("copied")
	p.nothingLeft()
}
