package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// failing has den's next calls of the kernel fail: the nth of that name that each
// of its threads makes, and those of the programs that it starts.
func (p *person) failing(call, errno string, nth int, args ...string) said {
	p.Helper()
	c := p.command(args...)
	strace, err := exec.LookPath("strace")
	if err != nil {
		p.Fatal(err)
	}
	c.Args = append([]string{"strace", "-f", "-qq", "-o", filepath.Join(p.dir, "trace"),
		"-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", call, errno, nth), c.Path}, args...)
	c.Path = strace
	out, _ := c.CombinedOutput() // the exit status is den's
	return said{out: string(out), status: c.ProcessState.ExitCode()}
}

// TestFailingCalls has each call of the kernel by which a deed is done fail, as
// where SELinux or an immutable directory forbids it (EPERM), the disk is broken
// (EIO) or a signal comes (EINTR). Whatever fails, what is there is whole, and the
// next den goes on.
func TestFailingCalls(t *testing.T) {
	t.Parallel()
	if err := exec.Command("strace", "-o", "/dev/null", "true").Run(); err != nil {
		t.Logf("nothing can be made to fail here (strace: %v)", err)
		return
	}
	calls := []string{"openat", "mkdirat", "renameat", "renameat2", "unlinkat", "symlinkat", "fchmod", "fchmodat", "utimensat", "write", "fsync", "syncfs", "flock", "getdents64", "newfstatat"}
	errnos := []string{"EPERM", "EINTR", "EIO"}[:often(2, 3)]
	// These start no other program, which a signal might well end.
	alone := []string{"cp", "mv", "rm", "setup", "setup --undo"}
	for _, d := range deeds() {
		if d.name == "wipe" || d.name == "tmp" {
			continue // pip is what wipes; who watches a tmp does not end before strace does
		}
		long := d.name == "mk" || d.name == "sync" || strings.HasPrefix(d.name, "push")
		if long && os.Getenv("DEN_STRESS") == "" {
			continue // a thousand files, or another machine's Python, watched; make stress has them
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.environ["PROJECT_HOME"] = filepath.Join(p.home, "src")
			if strings.HasPrefix(d.name, "setup") {
				p.environ["PATH"] = p.dir // without a shell to ask, whose calls would fail too
			}
			p.lay("kept", "bystander")
			before := content(t, filepath.Join(p.envs, "bystander"))
			d.before(p)
			if s := p.den(d.args...); s.status != 0 { // what is found out once
				t.Fatalf("den %q: %s", d.args, s.out)
			}
			d.after(p, true)
			failed := 0
			for _, call := range calls {
				for _, errno := range errnos {
					for nth := 1; nth <= often(2, 3); nth++ {
						d.before(p)
						s := p.failing(call, errno, nth, d.args...)
						if s.status != 0 {
							failed++
						}
						switch {
						case s.status == 0:
						// Go's runtime wakes itself by a write, and ends the program where it
						// cannot. No kernel refuses that; it is as if den had been killed.
						case strings.Contains(s.out, "runtime: netpollBreak write failed"):
						case errno == "EINTR" && slices.Contains(alone, d.name):
							t.Errorf("a signal is enough for it to fail: %s", s.out)
						// What fails to be written may be the message.
						case s.status != 1 || !strings.Contains(s.out, "den: error: ") && call != "write":
							t.Errorf("exit status %d: %s", s.status, s.out)
						}
						d.after(p, s.status == 0)
						if content(t, filepath.Join(p.envs, "bystander")) != before {
							t.Error("another environment has changed")
						}
						if t.Failed() {
							t.Fatalf("%s failed with %s, the time %d: exit status %d: %s", call, errno, nth, s.status, s.out)
						}
					}
				}
			}
			if failed == 0 {
				t.Error("no call that failed has made any difference")
			}
			p.nothingLeft()
		})
	}
}
