package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"den/env/mounttest"
)

// precious is a directory with files that nothing here may touch.
type precious struct {
	dir   string
	names []string
}

func newPrecious(t *testing.T) precious {
	p := precious{dir: filepath.Join(t.TempDir(), "precious")}
	for i := range 10 {
		p.names = append(p.names, fmt.Sprintf("file%d", i))
		write(t, filepath.Join(p.dir, p.names[i]), "years of work")
	}
	for _, dir := range []string{locksDir, ownersDir, stagingDir, trashDir} {
		write(t, filepath.Join(p.dir, dir, "web"), "years of work")
		p.names = append(p.names, dir)
	}
	return p
}

// isWhole fails the test unless all is there.
func (p precious) isWhole(t *testing.T) {
	t.Helper()
	for dir, want := range map[string][]string{"": p.names, locksDir: {"web"}, ownersDir: {"web"}, stagingDir: {"web"}, trashDir: {"web"}} {
		if got := in(t, filepath.Join(p.dir, dir)); !slices.Equal(got, want) {
			t.Errorf("in %s: %q, want %q", filepath.Join(p.dir, dir), got, want)
		}
	}
}

// TestOwnDirectoriesAreNoLinks: whoever can write in a home, and puts symbolic
// links in the place of den's own directories, has den neither delete nor make
// anything elsewhere, whatever it is called for.
func TestOwnDirectoriesAreNoLinks(t *testing.T) {
	ctx := context.Background()
	for _, linked := range []string{"", locksDir, ownersDir, stagingDir, trashDir} {
		for name, do := range map[string]func(Store) error{
			"create":  func(s Store) error { return s.Create(ctx, "api", fill) },
			"remove":  func(s Store) error { return s.Remove(ctx, "web") },
			"replace": func(s Store) error { return s.Replace(ctx, "web", fill) },
			"move":    func(s Store) error { return s.Move(ctx, "web", "api", resign) },
			"sweep":   func(s Store) error { return s.Sweep(ctx) },
			"recover": func(s Store) error { return s.Recover(ctx) },
			"claim":   func(s Store) error { return s.Claim("web", os.Getpid()) },
			"look":    func(s Store) error { s.NeedsSweep(); s.Interrupted(); s.Orphans(); return nil },
		} {
			t.Run(name+" with a link for "+filepath.Join(stateName, linked), func(t *testing.T) {
				home, outside := newHome(t), newPrecious(t)
				e := plant(t, home.Path("web"))
				write(t, e.Path+"/bin/activate", "old")
				target := filepath.Join(outside.dir, linked)
				symlink(t, target, strings.TrimSuffix(home.stateDir(linked), "/"))
				err := do(home)
				outside.isWhole(t)
				if missing := home.Find("web"); missing != nil && err != nil {
					t.Errorf("%v, and the environment is gone", err)
				}
			})
		}
	}
}

// TestRemoveAmongSwappedLinks: somebody exchanges directories in what is being
// deleted with links that lead out of it, all the time. What they lead to stays.
func TestRemoveAmongSwappedLinks(t *testing.T) {
	home, outside := newHome(t), newPrecious(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	rounds := 30
	if os.Getenv("DEN_STRESS") != "" {
		rounds = 1000
	}
	for round := range rounds {
		top := home.stateDir(trashDir) + "/" + strconv.Itoa(round)
		for i := range 20 {
			write(t, fmt.Sprintf("%s/lib/package%d/module.py", top, i), "")
		}
		link := top + ".link"
		symlink(t, outside.dir, link)
		done := make(chan bool)
		var swapper sync.WaitGroup
		swapper.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default: // often there is nothing to exchange any more
					_ = renameExchange(link, fmt.Sprintf("%s/lib/package%d", top, i%20))
				}
			}
		})
		// It may give up, for its work is undone again and again.
		_ = home.Sweep(context.Background())
		close(done)
		swapper.Wait()
		outside.isWhole(t)
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	outside.isWhole(t)
	nothingLeft(t, home)
}

// TestHomeIsAnyDirectory: in a home that is full of other things, such as a
// person's home directory, nothing but environments can be named.
func TestHomeIsAnyDirectory(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	write(t, home.Path("Documents/thesis.tex"), "years of work")
	write(t, home.Path("bin/python"), "a script")
	write(t, home.Path("src/bin/python"), "a script") // but no environment
	write(t, home.Path("notes"), "")
	plant(t, home.Path(".local"))
	plant(t, home.Path("src/.venv"))
	before := in(t, home.Dir())
	for _, name := range []string{"Documents", "bin", "src", "notes", ".local", "src/.venv", ".", "..", "../" + filepath.Base(home.Dir()), ""} {
		for what, err := range map[string]error{
			"Remove":  home.Remove(ctx, name),
			"Replace": home.Replace(ctx, name, fill),
			"Move":    home.Move(ctx, name, "moved", resign),
			"Create":  home.Create(ctx, name, fill),
		} {
			if err == nil {
				t.Errorf("%s(%q) was done", what, name)
			}
		}
	}
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	if after := slices.DeleteFunc(in(t, home.Dir()), func(name string) bool { return name == stateName }); !slices.Equal(after, before) {
		t.Errorf("there is %q, was %q", after, before)
	}
}

// TestMounted: an environment that is a mount point, or has one in it, stays, and
// what is mounted there is not touched, also where it was mounted only after
// the environment had been removed.
func TestMounted(t *testing.T) {
	if !mounttest.InNamespace(t) {
		return
	}
	home, outside, ctx := newHome(t), newPrecious(t), context.Background()
	for _, name := range []string{"web", "api"} {
		plant(t, home.Path(name))
	}
	data := home.Path("api") + "/da ta"
	mkdir(t, data)
	plant(t, outside.dir+"/env")
	outside.names = slices.Insert(outside.names, 0, "env")
	mount(t, outside.dir+"/env", home.Path("web"))
	mount(t, outside.dir, data)
	for _, name := range []string{"web", "api"} {
		for what, err := range map[string]error{
			"Remove":  home.Remove(ctx, name),
			"Replace": home.Replace(ctx, name, fill),
		} {
			if err == nil || !strings.Contains(err.Error(), "mount") {
				t.Errorf("%s(%s): %v", what, name, err)
			}
		}
		if err := home.Find(name); err != nil {
			t.Error(err)
		}
	}
	if err := home.Remove(ctx, "api"); err == nil || !strings.Contains(err.Error(), data+": unmount it first") {
		t.Errorf("Remove: %v", err)
	}
	mkdir(t, home.stateDir(trashDir)+"/1/lib/mnt")
	mount(t, outside.dir, home.stateDir(trashDir)+"/1/lib/mnt")
	if err := home.Sweep(ctx); !errors.Is(err, errMounted) {
		t.Errorf("Sweep: %v", err)
	}
	slices.Sort(outside.names)
	outside.isWhole(t)
}

// TestRootInAPersonsHome: what root makes in a person's home for den's own use is
// the person's, and what the person's den was at is left to that.
func TestRootInAPersonsHome(t *testing.T) {
	if os.Geteuid() != 0 {
		// There is nobody else to be: but a home of one's own stays so.
		home := newHome(t)
		if err := home.prepare(); err != nil {
			t.Fatal(err)
		}
		return
	}
	const person = 65534
	home := newHome(t)
	if err := os.Chown(home.Dir(), person, person); err != nil {
		t.Fatal(err)
	}
	if err := home.Create(context.Background(), "web", fill); err != nil {
		t.Fatal(err)
	}
	if err := home.Claim("tmp-1", os.Getpid()); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", locksDir, stagingDir, trashDir, ownersDir} {
		if uid := ownerOf(t, home.stateDir(dir)); uid != person {
			t.Errorf("%s is of the user %d", home.stateDir(dir), uid)
		}
	}
	theirs := home.stateDir(stagingDir) + "/theirs"
	write(t, theirs+"/"+stageJournal, `{"kind":"move","name":"web","to":"web"}`)
	if err := os.Chown(theirs, person, person); err != nil {
		t.Fatal(err)
	}
	if home.Interrupted() || home.NeedsSweep() {
		t.Error("root takes care of what the person has left")
	}
	if err := home.Sweep(context.Background()); err != nil {
		t.Error(err)
	}
	if names := in(t, theirs); !slices.Equal(names, []string{stageJournal}) {
		t.Errorf("left of the person's stage: %q", names)
	}
}

// mount makes what is at path appear at the other, too.
func mount(t *testing.T, path, at string) {
	t.Helper()
	if out, err := exec.Command("mount", "--bind", path, at).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}

func ownerOf(t *testing.T, path string) int {
	t.Helper()
	var stat unix.Stat_t
	if err := unix.Lstat(path, &stat); err != nil {
		t.Fatal(err)
	}
	return int(stat.Uid)
}
