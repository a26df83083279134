package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// longLived starts a process that ends when the test says so.
func longLived(t *testing.T) *exec.Cmd {
	t.Helper()
	c := exec.Command("sleep", "600")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	return c
}

// temporary lays out a temporary environment that belongs to a process.
func temporary(t *testing.T, home Store, pid int) environment {
	t.Helper()
	e := plant(t, home.Path(TemporaryName()))
	if err := MarkTemporary(e.Path); err != nil {
		t.Fatal(err)
	}
	if err := home.Claim(e.Name, pid); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestOrphans(t *testing.T) {
	home := newHome(t)
	if found := home.Orphans(); found != nil {
		t.Errorf("in an empty home: %v", found)
	}
	process := longLived(t)
	e := temporary(t, home, process.Process.Pid)
	mine := temporary(t, home, os.Getpid())
	if found := home.Orphans(); len(found) != 0 {
		t.Errorf("while the process is there: %v", found)
	}
	if !home.Owns(process.Process.Pid, e.Name) || home.Owns(os.Getpid(), e.Name) {
		t.Error("it is somebody else's")
	}
	process.Process.Kill()
	// It has ended, though nobody has waited for it.
	for end := time.Now().Add(time.Minute); len(home.Orphans()) == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if found := home.Orphans(); len(found) != 1 || found[0] != e.Name {
		t.Errorf("when it has ended: %v, want %v", found, e.Name)
	}
	process.Wait()
	if found := home.Orphans(); len(found) != 1 || home.Owns(process.Process.Pid, e.Name) {
		t.Errorf("when it is no more: %v", found)
	}
	if err := home.Remove(t.Context(), e.Name); err != nil {
		t.Fatal(err)
	}
	if left := in(t, home.stateDir(ownersDir)); len(left) != 1 || left[0] != mine.Name {
		t.Errorf("these have owners: %q", left)
	}
}

// One that has another name, or no note any more, is to be kept.
func TestOrphansKept(t *testing.T) {
	home := newHome(t)
	process := longLived(t)
	renamed, noteless := temporary(t, home, process.Process.Pid), temporary(t, home, process.Process.Pid)
	if err := os.Rename(renamed.Path, home.Path("web")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(noteless.Path, temporaryNote)); err != nil {
		t.Fatal(err)
	}
	process.Process.Kill()
	process.Wait()
	if found := home.Orphans(); len(found) != 0 {
		t.Errorf("%v", found)
	}
	if left := in(t, home.stateDir(ownersDir)); len(left) != 0 {
		t.Errorf("these have owners: %q", left)
	}
}

// The number of a process that is no more may be another's by now, and what is
// no note of den's means nothing.
func TestOwnerIsNotTheNumber(t *testing.T) {
	home := newHome(t)
	e := temporary(t, home, os.Getpid())
	o, err := readOwner(home.claim(e.Name))
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*owner)) string {
		other := o
		change(&other)
		return other.String()
	}
	for name, row := range map[string]struct {
		note   string
		orphan bool
	}{
		"another process":   {with(func(o *owner) { o.start = "earlier" }), true},
		"another container": {with(func(o *owner) { o.start, o.space = "earlier", "elsewhere" }), false},
		"an earlier boot":   {with(func(o *owner) { o.boot = "earlier" }), true},
		// They may have the same host name, and share the home.
		"another machine":       {with(func(o *owner) { o.boot, o.machine = "another", "another" }), false},
		"a machine not known":   {with(func(o *owner) { o.boot, o.machine = "another", "" }), false},
		"a boot not known":      {with(func(o *owner) { o.start, o.boot = "earlier", "" }), false},
		"nothing but a process": {with(func(o *owner) { o.start, o.place = "earlier", place{} }), false},
		"cut off":               {"12", false},
		"no number":             {"twelve\n\n\n\n\n\n", false},
		"as it was":             {o.String(), false},
	} {
		write(t, home.claim(e.Name), row.note)
		if found := home.Orphans(); len(found) > 0 != row.orphan {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// A process of another machine may have the number of one that is here.
func TestOwnsOnThisMachine(t *testing.T) {
	home := newHome(t)
	e := temporary(t, home, os.Getpid())
	if !home.Owns(os.Getpid(), e.Name) {
		t.Error("it is not this process's")
	}
	o, err := readOwner(home.claim(e.Name))
	if err != nil {
		t.Fatal(err)
	}
	for _, elsewhere := range []place{{"another", o.space, "another"}, {o.boot, "another", o.machine}, {}} {
		write(t, home.claim(e.Name), owner{o.pid, o.start, elsewhere}.String())
		if home.Owns(os.Getpid(), e.Name) {
			t.Errorf("the one of %+v is taken for this process's", elsewhere)
		}
		if err := home.AwaitOrphan(e.Name); err == nil {
			t.Errorf("the end of one of %+v has been waited for", elsewhere)
		}
	}
}

func TestAwaitOrphan(t *testing.T) {
	home := newHome(t)
	for name, end := range map[string]func(*exec.Cmd, environment){
		"the process ends":     func(c *exec.Cmd, _ environment) { c.Process.Kill() },
		"it is nobody's":       func(_ *exec.Cmd, e environment) { home.Disclaim(e.Name) },
		"it has been removed":  func(_ *exec.Cmd, e environment) { home.Remove(t.Context(), e.Name) },
		"the process is ended": func(c *exec.Cmd, _ environment) { c.Process.Kill(); c.Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			process := longLived(t)
			e := temporary(t, home, process.Process.Pid)
			done := make(chan error)
			go func() { done <- home.AwaitOrphan(e.Name) }()
			select {
			case err := <-done:
				t.Fatalf("it did not wait: %v", err)
			case <-time.After(10 * time.Millisecond):
			}
			end(process, e)
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(time.Minute):
				t.Fatal("it waits on")
			}
		})
	}
	if err := home.AwaitOrphan("tmp-none"); err != nil {
		t.Errorf("nobody's: %v", err)
	}
}
