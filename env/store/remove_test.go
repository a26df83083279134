package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"den/env/usertest"
)

func TestRemove(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	plant(t, home.Path("web"))
	plant(t, home.Path("api"))
	if err := home.Remove(ctx, "web"); err != nil {
		t.Fatal(err)
	}
	if names, err := home.Names(); err != nil || !slices.Equal(names, []string{"api"}) {
		t.Errorf("Names: %q, %v", names, err)
	}
	if !home.NeedsSweep() {
		t.Error("NeedsSweep does not see what was removed")
	}
	// The name is free before anything is deleted.
	if err := home.Create(ctx, "web", fill); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := home.Remove(ctx, "web"); err != nil {
		t.Error(err)
	}
	if trash := in(t, home.stateDir(trashDir)); len(trash) != 2 {
		t.Errorf("in the trash: %q, want both", trash)
	}
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

func TestRemoveNotThere(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	plant(t, home.Path("web"))
	write(t, home.Path("data/thesis.tex"), "years of work")
	write(t, home.Path("file"), "")
	symlink(t, "nowhere", home.Path("lost"))
	for _, name := range []string{"wbe", "data", "file", "lost"} {
		err := home.Remove(ctx, name)
		if missing, ok := errors.AsType[*NotFoundError](err); !ok || missing.Name != name {
			t.Errorf("Remove(%s): %v", name, err)
		}
	}
	for _, name := range []string{"", "..", "../home/web", "web/bin"} {
		if _, ok := errors.AsType[*nameError](home.Remove(ctx, name)); !ok {
			t.Errorf("Remove(%q): %v", name, home.Remove(ctx, name))
		}
	}
	if names := in(t, home.Dir()); !slices.Equal(names, []string{"data", "file", "lost", "web"}) {
		t.Errorf("in the home: %q", names)
	}
	if text, err := os.ReadFile(home.Path("data/thesis.tex")); err != nil || len(text) == 0 {
		t.Errorf("the thesis: %q, %v", text, err)
	}
}

// TestRemoveFollowsNoLink: neither the environment that a link in the home
// leads to nor what links and hard links in an environment lead to is touched.
func TestRemoveFollowsNoLink(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	outside := filepath.Join(t.TempDir(), "outside")
	target := plant(t, outside+"/env")
	write(t, outside+"/cache/file", "shared")
	chmod(t, outside+"/cache/file", 0o444)
	chmod(t, outside+"/cache", 0o555)
	defer chmod(t, outside+"/cache", 0o777)

	symlink(t, target.Path, home.Path("link"))
	web := plant(t, home.Path("web"))
	symlink(t, outside+"/cache", web.Path+"/lib/cache")
	symlink(t, "../../../outside/cache", web.Path+"/lib/relative")
	symlink(t, "lib", web.Path+"/lib64")
	if err := os.Link(outside+"/cache/file", web.Path+"/lib/file"); err != nil {
		t.Fatal(err)
	}

	for _, name := range []string{"link", "web"} {
		if err := home.Remove(ctx, name); err != nil {
			t.Errorf("Remove(%s): %v", name, err)
		}
		if _, err := os.Lstat(home.Path(name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
	if trash := in(t, home.stateDir(trashDir)); len(trash) != 1 {
		t.Errorf("in the trash: %q, want web alone", trash)
	}
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
	if err := home.check(target.Path); err != nil {
		t.Errorf("what the link led to: %v", err)
	}
	if text, err := os.ReadFile(outside + "/cache/file"); err != nil || string(text) != "shared" {
		t.Errorf("what links in it led to: %q, %v", text, err)
	}
	for path, want := range map[string]fs.FileMode{"/cache": 0o555, "/cache/file": 0o444} {
		if info, err := os.Stat(outside + path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

// TestUnmovable has the errors that rename(2) returns for what only root can
// put in a home.
func TestUnmovable(t *testing.T) {
	for err, says := range map[error]string{
		unix.EBUSY: "it is a mount point: ",
		unix.EXDEV: "it is on another file system than its home, or on a lower layer of an overlay: ",
		unix.EIO:   "",
	} {
		moving := fmt.Errorf("moving: %w", err)
		if got := unmovable(moving); !errors.Is(got, err) || got.Error() != says+moving.Error() {
			t.Errorf("%v: %v, want %q", err, got, says)
		}
	}
	if err := unmovable(nil); err != nil {
		t.Error(err)
	}
}

func TestRemoveInLinkedHome(t *testing.T) {
	real := newHome(t)
	plant(t, real.Path("web"))
	link := filepath.Join(t.TempDir(), "link")
	symlink(t, real.Dir(), link)
	home := newAt(link)
	if err := home.Remove(context.Background(), "web"); err != nil {
		t.Error(err)
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, real)
}

func TestRemoveAtOnce(t *testing.T) {
	home := newHome(t)
	plant(t, home.Path("web"))
	var removed atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := home.Remove(context.Background(), "web"); err == nil {
				removed.Add(1)
			} else if !isType[*NotFoundError](err) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if removed.Load() != 1 {
		t.Errorf("%d removed it", removed.Load())
	}
}

func TestRemoveWaits(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	plant(t, home.Path("web"))
	held, err := home.lock(ctx, "web")
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if err := home.Remove(impatient, "web"); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), home.Path("web")) {
		t.Errorf("the impatient: %v", err)
	}
	removed := make(chan error)
	go func() { removed <- home.Remove(ctx, "web") }()
	held.release()
	if err := <-removed; err != nil {
		t.Error(err)
	}
}

// TestChurn makes, removes, lists and sweeps all at once: an environment that
// is seen is whole, and at the end nothing is left.
func TestChurn(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	var work, watch sync.WaitGroup
	done := make(chan bool)
	names := []string{"web", "api"}
	for i := range 6 {
		work.Go(func() {
			for range 10 {
				name := names[i%2]
				err := home.Create(ctx, name, fill)
				if _, taken := errors.AsType[*ExistsError](err); err != nil && !taken {
					t.Errorf("Create: %v", err)
				}
				if err := home.Remove(ctx, name); err != nil && !isType[*NotFoundError](err) {
					t.Errorf("Remove: %v", err)
				}
			}
		})
	}
	for range 2 {
		watch.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				home.NeedsSweep()
				if err := home.Sweep(ctx); err != nil {
					t.Errorf("Sweep: %v", err)
				}
				found, err := home.Names()
				if err != nil {
					t.Errorf("Names: %v", err)
				}
				for _, name := range found {
					if !slices.Contains(names, name) {
						t.Errorf("Names: %q", found)
					}
				}
			}
		})
	}
	work.Wait()
	close(done)
	watch.Wait()
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	if names := in(t, home.Dir()); !slices.Equal(names, []string{".den"}) {
		t.Errorf("left: %q", names)
	}
	nothingLeft(t, home)
}

func TestRemoveReadOnlyEnvironment(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home, ctx := newHome(t), context.Background()
	e := plant(t, home.Path("web"))
	write(t, e.Path+"/cache/deep/file", "")
	for _, mode := range []struct {
		dir  string
		mode fs.FileMode
	}{{"/cache/deep", 0o000}, {"/cache", 0o555}, {"/bin", 0o111}, {"", 0o555}} {
		chmod(t, e.Path+mode.dir, mode.mode)
	}
	if err := home.Remove(ctx, "web"); err != nil {
		t.Fatal(err)
	}
	if err := home.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, home)
}

func TestRemoveFromReadOnlyHome(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home, ctx := newHome(t), context.Background()
	plant(t, home.Path("web"))
	plant(t, home.Path("locked"))
	chmod(t, home.Path("locked"), 0o555)
	defer chmod(t, home.Path("locked"), 0o777)
	chmod(t, home.Dir(), 0o555)
	defer chmod(t, home.Dir(), 0o777)
	// Nothing may be made in it.
	if err := home.Remove(ctx, "web"); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "removing environment "+home.Path("web")) {
		t.Errorf("Remove: %v", err)
	}
	if err := home.Remove(ctx, "wbe"); !isType[*NotFoundError](err) {
		t.Errorf("Remove of what is not there: %v", err)
	}
	// Nothing may be moved out of it.
	chmod(t, home.Dir(), 0o777)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	chmod(t, home.Dir(), 0o555)
	for _, name := range []string{"web", "locked"} {
		if err := home.Remove(ctx, name); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Remove(%s): %v", name, err)
		}
	}
	if info, err := os.Stat(home.Path("locked")); err != nil || info.Mode().Perm() != 0o555 {
		t.Errorf("mode %v, %v, want it as it was", info.Mode(), err)
	}
	if names, err := home.Names(); err != nil || len(names) != 2 {
		t.Errorf("Names: %q, %v", names, err)
	}
}
