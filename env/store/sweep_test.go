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
	"testing"

	"den/env/usertest"
)

func TestSweepNothing(t *testing.T) {
	missing := newAt(filepath.Join(t.TempDir(), "missing"))
	for _, home := range []Store{missing, newHome(t)} {
		if home.NeedsSweep() {
			t.Error("NeedsSweep of nothing")
		}
		if err := home.Sweep(context.Background()); err != nil {
			t.Errorf("Sweep: %v", err)
		}
		if names := in(t, home.Dir()); names != nil {
			t.Errorf("sweeping made %q", names)
		}
	}
}

// TestSweep is about all that a killed den, at any point, can have left.
func TestSweep(t *testing.T) {
	home := newHome(t)
	plant(t, home.Path("web"))
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	for name, leave := range map[string]func(){
		"removed environment": func() { plant(t, home.stateDir(trashDir)+"/1") },
		"removed file":        func() { write(t, home.stateDir(trashDir)+"/2", "") },
		"half deleted":        func() { write(t, home.stateDir(trashDir)+"/3/lib/x", "") },
		"stage, empty":        func() { mkdir(t, home.stateDir(stagingDir)+"/1") },
		"stage, unlocked":     func() { write(t, home.stateDir(stagingDir)+"/2/.lock", "") },
		"stage, half made":    func() { write(t, home.stateDir(stagingDir)+"/3/web/pyvenv.cfg", "") },
		"stage, ready":        func() { plant(t, home.stateDir(stagingDir)+"/4/web") },
		"stage, lock and ready": func() {
			write(t, home.stateDir(stagingDir)+"/5/.lock", "")
			plant(t, home.stateDir(stagingDir)+"/5/web")
		},
	} {
		leave()
		if !home.NeedsSweep() {
			t.Errorf("%s: NeedsSweep does not see it", name)
		}
		if err := home.Sweep(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		nothingLeft(t, home)
	}
	write(t, home.stateDir(locksDir)+"/api", "")
	if home.NeedsSweep() {
		t.Error("NeedsSweep cares for a lock that nobody holds")
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
	if names := in(t, home.Dir()); !slices.Equal(names, []string{".den", "web"}) {
		t.Errorf("in the home: %q", names)
	}
}

// TestSweepLetsTheLivingBe: what is locked, and what others put about.
func TestSweepLetsTheLivingBe(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	err := home.Create(ctx, "web", func(_ context.Context, dir, _ string) error {
		write(t, home.stateDir(stagingDir)+"/.DS_Store", "")
		if home.NeedsSweep() {
			t.Error("NeedsSweep counts what is being made")
		}
		if err := home.Sweep(ctx); err != nil {
			t.Error(err)
		}
		if locks := locked(t, home); !slices.Equal(locks, []string{"web"}) {
			t.Errorf("locks: %q", locks)
		}
		return lay(dir)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSweepAtOnce(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		for j := range 200 {
			write(t, fmt.Sprintf("%s/%d/lib/package%d/module%d.py", home.stateDir(trashDir), i, j%20, j), "")
		}
		plant(t, fmt.Sprintf("%s/%d/web", home.stateDir(stagingDir), i))
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := home.Sweep(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	nothingLeft(t, home)
}

func TestSweepStops(t *testing.T) {
	home := newHome(t)
	plant(t, home.stateDir(trashDir)+"/1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := home.Sweep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Sweep: %v", err)
	}
	if !home.NeedsSweep() {
		t.Error("it went on all the same")
	}
	root, err := os.OpenRoot(home.stateDir(trashDir))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := deleteTree(ctx, root, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("deleteTree: %v", err)
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// TestStagesAmongSweepers: one who has a stage keeps it, however many take a
// directory without a lock for abandoned.
func TestStagesAmongSweepers(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	var makers, sweepers sync.WaitGroup
	done := make(chan bool)
	for range 4 {
		sweepers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				home.NeedsSweep()
				if err := home.Sweep(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 4 {
		makers.Go(func() {
			for range 50 {
				stage, err := home.newStage()
				if err != nil {
					t.Error(err)
					return
				}
				for i := range 5 {
					if err := os.WriteFile(fmt.Sprintf("%s/%d", stage.dir, i), nil, 0o666); err != nil {
						t.Errorf("a living stage was swept: %v", err)
					}
				}
				stage.close()
			}
		})
	}
	makers.Wait()
	close(done)
	sweepers.Wait()
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// TestSweepGoesOn: what it cannot delete it names, and deletes the rest.
func TestSweepGoesOn(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home := newHome(t)
	write(t, home.stateDir(trashDir)+"/1", "")
	write(t, home.stateDir(locksDir)+"/web", "")
	mkdir(t, home.stateDir(stagingDir))
	chmod(t, home.stateDir(trashDir), 0o555)
	err := home.Sweep(context.Background())
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), home.stateDir(trashDir)+"/1") {
		t.Errorf("Sweep: %v", err)
	}
	if locks := in(t, home.stateDir(locksDir)); locks != nil {
		t.Errorf("locks: %q", locks)
	}
	chmod(t, home.stateDir(trashDir), 0o700)
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// TestDeleteTreeStaysInside: with a link in place of the directory that it was
// told to delete, the link goes.
func TestDeleteTreeStaysInside(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/outside/file", "")
	symlink(t, "../outside", dir+"/trash/link")
	root, err := os.OpenRoot(dir + "/trash")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, name := range []string{"link", "missing"} {
		if err := deleteTree(context.Background(), root, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if names := in(t, dir+"/trash"); names != nil {
		t.Errorf("left: %q", names)
	}
	if names := in(t, dir+"/outside"); len(names) != 1 {
		t.Errorf("outside: %q", names)
	}
}

func TestDeleteTreeOddNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b", "-rf", "new\nline", "caf\xe9", "*", ".hidden", "..."} {
		path := dir + "/1/" + name
		if err := os.MkdirAll(path, 0o777); err != nil {
			// macOS knows no names that are not UTF-8.
			continue
		}
		write(t, path+"/"+name, "")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := deleteTree(context.Background(), root, "1"); err != nil {
		t.Error(err)
	}
	if names := in(t, dir); names != nil {
		t.Errorf("left: %q", names)
	}
}

// nothingLeft fails the test when there are locks, things half made, or things
// half removed in the home.
func nothingLeft(t testing.TB, home Store) {
	t.Helper()
	for _, dir := range []string{locksDir, stagingDir, trashDir} {
		if names := in(t, home.stateDir(dir)); names != nil {
			t.Errorf("left in %s: %q", dir, names)
		}
	}
	if home.NeedsSweep() {
		t.Error("NeedsSweep says that there is something to delete")
	}
}
