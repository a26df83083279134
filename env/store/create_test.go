package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"den/env/usertest"
)

func TestCreate(t *testing.T) {
	home := newAt(filepath.Join(t.TempDir(), "missing", "home"))
	path := home.Path("web")
	err := home.Create(context.Background(), "web", func(_ context.Context, dir, final string) error {
		if final != home.Path("web") {
			t.Errorf("final is %s", final)
		}
		if filepath.Base(dir) != "web" || !strings.HasPrefix(dir, home.Dir()+"/.den/staging/") {
			t.Errorf("dir is %s", dir)
		}
		if names := in(t, dir); names != nil {
			t.Errorf("dir holds %q", names)
		}
		if names, err := home.Names(); err != nil || len(names) != 0 {
			t.Errorf("listed before it is there: %q, %v", names, err)
		}
		return lay(dir)
	})
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	if err := home.Find("web"); err != nil {
		t.Errorf("Find: %v", err)
	}
	nothingLeft(t, home)

	if info, err := os.Stat(home.Path(".den")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf(".den: %v, %v, want it closed to others", info.Mode(), err)
	}
	mkdir(t, home.Path("plain"))
	want, err := os.Stat(home.Path("plain"))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != want.Mode() {
		t.Errorf("the environment: %v, %v, want %v", info.Mode(), err, want.Mode())
	}
}

func TestCreateTaken(t *testing.T) {
	home := newHome(t)
	plant(t, home.Path("environment"))
	mkdir(t, home.Path("directory"))
	write(t, home.Path("file"), "")
	symlink(t, "environment", home.Path("alias"))
	symlink(t, "directory", home.Path("link"))
	symlink(t, "file", home.Path("filelink"))
	symlink(t, "nowhere", home.Path("lost"))
	if err := syscall.Mkfifo(home.Path("fifo"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, found := range map[string]string{
		"environment": "",
		"alias":       "",
		"directory":   "a directory",
		"file":        "a file",
		"link":        "a symbolic link to a directory",
		"filelink":    "a symbolic link to a file",
		"lost":        "a symbolic link that leads nowhere",
		"fifo":        "a special file",
	} {
		err := home.Create(context.Background(), name, func(context.Context, string, string) error {
			t.Errorf("%s: fill was called", name)
			return nil
		})
		taken, ok := errors.AsType[*ExistsError](err)
		if !ok || taken.Name != name || taken.Path != home.Path(name) || taken.Found != found {
			t.Errorf("%s: %v, want that %q is there", name, err, found)
		}
	}
	for _, test := range []struct{ name, says string }{
		{"environment", `environment "environment" exists already`},
		{"file", fmt.Sprintf(`the name "file" is taken: %s is a file, not an environment`, home.Path("file"))},
	} {
		if err := home.Create(context.Background(), test.name, fill); err.Error() != test.says {
			t.Errorf("%v, want %s", err, test.says)
		}
	}
	if _, err := os.Lstat(home.Path(".den")); err == nil {
		t.Error("something was written for names that are taken")
	}
}

func TestCreateBadName(t *testing.T) {
	home := newHome(t)
	err := home.Create(context.Background(), "-x", fill)
	if _, ok := errors.AsType[*nameError](err); !ok {
		t.Errorf("Create: %v", err)
	}
	if names := in(t, home.Dir()); names != nil {
		t.Errorf("left: %q", names)
	}
}

// TestCreateFails: whatever goes wrong, nothing is left, the error says what
// was attempted, on which path, and what it is can be asked, and the name is
// free for another try.
func TestCreateFails(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	for _, test := range []struct {
		name string
		fill Fill
		is   error
	}{
		{"no space left", func(_ context.Context, dir, _ string) error {
			if err := lay(dir); err != nil {
				return err
			}
			return &fs.PathError{Op: "write", Path: dir + "/lib/x.py", Err: syscall.ENOSPC}
		}, syscall.ENOSPC},
		{"no permission", func(_ context.Context, dir, _ string) error { return syscall.EACCES }, fs.ErrPermission},
		{"nothing made", func(_ context.Context, dir, _ string) error { return nil }, &NotEnvironmentError{}},
		{"half made", func(_ context.Context, dir, _ string) error {
			return os.WriteFile(dir+"/pyvenv.cfg", nil, 0o666)
		}, &NotEnvironmentError{}},
		{"staging gone", func(_ context.Context, dir, _ string) error { return os.RemoveAll(filepath.Dir(dir)) }, &NotEnvironmentError{}},
		{"read-only left-overs", func(_ context.Context, dir, _ string) error {
			if err := os.MkdirAll(dir+"/cache/deep", 0o777); err != nil {
				return err
			}
			if err := os.Chmod(dir+"/cache", 0o555); err != nil {
				return err
			}
			return errTest
		}, errTest},
		{"cancelled, and says so", func(ctx context.Context, dir, _ string) error {
			cancel()
			return ctx.Err()
		}, context.Canceled},
		{"cancelled, and says what it knows", func(ctx context.Context, dir, _ string) error {
			cancel()
			return errTest
		}, context.Canceled},
		{"cancelled, and done", func(_ context.Context, dir, _ string) error {
			cancel()
			return lay(dir)
		}, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel = context.WithCancel(context.Background())
			defer cancel()
			home := newHome(t)
			err := home.Create(ctx, "web", test.fill)
			if err == nil || !strings.Contains(err.Error(), home.Path("web")) {
				t.Errorf("Create: %v", err)
			}
			if _, want := test.is.(*NotEnvironmentError); want {
				if _, ok := errors.AsType[*NotEnvironmentError](err); !ok {
					t.Errorf("Create: %v", err)
				}
			} else if !errors.Is(err, test.is) {
				t.Errorf("Create: %v, want %v", err, test.is)
			}
			nothingLeft(t, home)
			if names := in(t, home.Dir()); len(names) != 1 || names[0] != ".den" {
				t.Errorf("left: %q", names)
			}
			if err := home.Create(context.Background(), "web", fill); err != nil {
				t.Errorf("another try: %v", err)
			}
		})
	}
}

var errTest = errors.New("no luck")

func TestCreateFillPanics(t *testing.T) {
	home := newHome(t)
	func() {
		defer func() {
			if got := recover(); got != "no luck" {
				t.Errorf("recovered %v", got)
			}
		}()
		home.Create(context.Background(), "web", func(_ context.Context, dir, _ string) error {
			if err := lay(dir); err != nil {
				t.Error(err)
			}
			panic("no luck")
		})
	}()
	nothingLeft(t, home)
	if err := home.Create(context.Background(), "web", fill); err != nil {
		t.Errorf("another try: %v", err)
	}
}

func TestCreateCancelledBefore(t *testing.T) {
	home := newHome(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := home.Create(ctx, "web", func(context.Context, string, string) error {
		t.Error("fill was called")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Create: %v", err)
	}
	nothingLeft(t, home)
}

// TestCreateBesideTheRude: what someone puts there without asking, while the
// environment is being made, stays.
func TestCreateBesideTheRude(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"":                                   lay,
		"a directory":                        func(path string) error { return os.Mkdir(path, 0o777) },
		"a file":                             func(path string) error { return os.WriteFile(path, nil, 0o666) },
		"a symbolic link that leads nowhere": func(path string) error { return os.Symlink("nowhere", path) },
	} {
		home := newHome(t)
		err := home.Create(context.Background(), "web", func(ctx context.Context, dir, final string) error {
			return errors.Join(lay(dir), os.WriteFile(dir+"/mine", nil, 0o666), put(final))
		})
		if taken, ok := errors.AsType[*ExistsError](err); !ok || taken.Found != name {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := os.Lstat(home.Path("web")); err != nil {
			t.Errorf("%q: it is gone: %v", name, err)
		}
		if _, err := os.Lstat(home.Path("web/mine")); err == nil {
			t.Errorf("%q: it was replaced", name)
		}
		nothingLeft(t, home)
	}
}

// TestCreateWaits: one who comes second finds the name taken once the first is
// done, free if the first fails, and need not wait for longer than it wants.
func TestCreateWaits(t *testing.T) {
	for _, fails := range []bool{false, true} {
		home := newHome(t)
		filling, finish, first := make(chan bool), make(chan error), make(chan error)
		go func() {
			err := home.Create(context.Background(), "web", func(_ context.Context, dir, _ string) error {
				close(filling)
				return errors.Join(lay(dir), <-finish)
			})
			first <- err
		}()
		<-filling

		impatient, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		if err := home.Create(impatient, "web", fill); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the impatient: %v", err)
		}
		cancel()
		if err := home.Create(context.Background(), "api", fill); err != nil {
			t.Errorf("another name: %v", err)
		}

		second := make(chan error)
		go func() {
			err := home.Create(context.Background(), "web", fill)
			second <- err
		}()
		var outcome error
		if fails {
			outcome = errTest
		}
		finish <- outcome
		if err := <-first; !errors.Is(err, outcome) {
			t.Errorf("the first: %v, want %v", err, outcome)
		}
		err := <-second
		if _, taken := errors.AsType[*ExistsError](err); taken == fails || err != nil == fails {
			t.Errorf("the second, the first having failed: %t: %v", fails, err)
		}
		nothingLeft(t, home)
	}
}

// TestCreateAtOnce: of many goroutines and processes, one makes it.
func TestCreateAtOnce(t *testing.T) {
	home := newHome(t)
	var processes []*process
	for range 6 {
		processes = append(processes, start(t, "create", home, "web"))
	}
	var made sync.Map
	var all sync.WaitGroup
	ready := make(chan bool)
	for i := range 20 {
		all.Go(func() {
			<-ready
			err := home.Create(context.Background(), "web", func(_ context.Context, dir, _ string) error {
				return errors.Join(lay(dir), os.WriteFile(dir+"/maker", []byte("goroutine "+strconv.Itoa(i)), 0o666))
			})
			if err == nil {
				made.Store("goroutine "+strconv.Itoa(i), true)
			} else if _, taken := errors.AsType[*ExistsError](err); !taken {
				t.Errorf("goroutine: %v", err)
			}
		})
	}
	for _, p := range processes {
		p.stdin.Close()
	}
	close(ready)
	all.Wait()
	for _, p := range processes {
		if p.says(t) == "made" {
			made.Store(strconv.Itoa(p.Process.Pid), true)
		}
		if err := p.Wait(); err != nil {
			t.Errorf("process: %v\n%s", err, p.stderr)
		}
	}
	var makers []string
	for maker := range made.Range {
		makers = append(makers, maker.(string))
	}
	maker, err := os.ReadFile(home.Path("web/maker"))
	if err != nil || len(makers) != 1 || makers[0] != string(maker) {
		t.Errorf("%q say that they made it, %q did, %v", makers, maker, err)
	}
	nothingLeft(t, home)
}

// TestCreateAfterKill: a maker that is killed leaves nothing that keeps the
// next from making it, and the next leaves nothing of it.
func TestCreateAfterKill(t *testing.T) {
	home := newHome(t)
	p := start(t, "hang", home, "web")
	if line := p.says(t); line != "filling" {
		t.Fatalf("it says %q", line)
	}
	// It lives, so that it is let alone.
	if home.NeedsSweep() {
		t.Error("NeedsSweep counts what a living process is making")
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	if err := home.Create(context.Background(), "api", fill); err != nil {
		t.Error(err)
	}
	if staged := in(t, home.stateDir(stagingDir)); len(staged) != 1 {
		t.Fatalf("being made: %q, want one", staged)
	}
	if locks := locked(t, home); len(locks) != 1 || locks[0] != "web" {
		t.Fatalf("locked: %q, want web", locks)
	}

	p.kill(t)
	if !home.NeedsSweep() {
		t.Error("NeedsSweep does not see what a dead process was making")
	}
	if names, err := home.Names(); err != nil || len(names) != 1 || names[0] != "api" {
		t.Errorf("Names: %q, %v", names, err)
	}
	if err := home.Create(context.Background(), "web", fill); err != nil {
		t.Errorf("the next: %v", err)
	}
	nothingLeft(t, home)
}

func TestCreateReadOnlyHome(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home := newHome(t)
	plant(t, home.Path("web"))
	chmod(t, home.Dir(), 0o555)
	defer chmod(t, home.Dir(), 0o777)
	err := home.Create(context.Background(), "api", fill)
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), home.Path("api")) || !strings.Contains(err.Error(), home.Path(".den")) {
		t.Errorf("Create: %v", err)
	}
	err = home.Create(context.Background(), "web", fill)
	if _, taken := errors.AsType[*ExistsError](err); !taken {
		t.Errorf("Create of what is there: %v", err)
	}
	below := newAt(home.Path("below"))
	if err := below.Create(context.Background(), "web", fill); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "creating "+below.Dir()) {
		t.Errorf("Create in a home that cannot be: %v", err)
	}
	if names := in(t, home.Dir()); len(names) != 1 {
		t.Errorf("left: %q", names)
	}
}

// fill is lay for Create.
func fill(_ context.Context, dir, _ string) error {
	return lay(dir)
}
