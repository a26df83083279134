package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"den/env/disk"
)

// always keeps whatever there is.
var always = Retention{For: time.Hour, Size: 1 << 40}

// kept returns what is kept in the home, which there must be n of.
func kept(t testing.TB, home Store, n int) []Kept {
	t.Helper()
	all, err := home.Kept()
	if err != nil || len(all) != n {
		t.Fatalf("kept: %v, %v; want %d", all, err, n)
	}
	return all
}

// emptied fails the test unless nothing is left in the directory of what is kept.
func emptied(t testing.TB, home Store) {
	t.Helper()
	if names := in(t, home.stateDir(keptDir)); names != nil {
		t.Errorf("left: %q", names)
	}
}

// An environment that was removed comes back as it was, at the same path, and is
// the same directory for those who are in it.
func TestRestore(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	before := identify(web.Path)
	if err := home.Keeping("rm").Remove(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if !disk.IsGone(web.Path) {
		t.Fatal("it is there still")
	}
	if err := errors.Join(home.Sweep(t.Context()), home.Expire(t.Context(), always)); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, home)
	k := kept(t, home, 1)[0]
	if k.Name != "web" || k.Command != "rm" || k.Replaced || time.Since(k.When) > time.Hour {
		t.Errorf("kept: %+v", k)
	}
	name, err := home.Restore(t.Context(), k, resign)
	if err != nil || name != "web" {
		t.Fatal(name, err)
	}
	if got := says(t, web); !slices.Equal(got, []string{web.Path}) || !before.isAt(web.Path) {
		t.Errorf("its files say %q", got)
	}
	emptied(t, home)
	if _, err := home.Restore(t.Context(), k, resign); !isType[*GoneError](err) {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// What cannot be written to, and what is a link, comes back as it was too.
func TestRestoreOdd(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	chmod(t, web.Path, 0o555)
	symlink(t, "web", home.Path("linked"))
	for _, name := range []string{"linked", "web"} {
		if err := home.Keeping("rm").Remove(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range kept(t, home, 2) {
		if name, err := home.Restore(t.Context(), k, resign); err != nil || name != k.Name {
			t.Error(name, err)
		}
	}
	info, err := os.Stat(web.Path)
	if err != nil || info.Mode().Perm() != 0o555 {
		t.Errorf("its mode is %v, %v", info, err)
	}
	if target, err := os.Readlink(home.Path("linked")); err != nil || target != "web" {
		t.Errorf("the link leads to %q, %v", target, err)
	}
	chmod(t, web.Path, 0o755)
}

// If the name is taken by then, it comes back with another name, which its files say.
func TestRestoreTaken(t *testing.T) {
	home := newHome(t)
	for range 2 {
		plantSigned(t, home, "web")
		if err := home.Keeping("rm").Remove(t.Context(), "web"); err != nil {
			t.Fatal(err)
		}
	}
	write(t, home.Path("web/notes"), "no environment")
	for i, want := range []string{"web-restored", "web-restored-2"} {
		name, err := home.Restore(t.Context(), kept(t, home, 2-i)[0], resign)
		if err != nil || name != want {
			t.Errorf("it is %q, %v; want %q", name, err, want)
		}
		if got := says(t, at(home, name)); !slices.Equal(got, []string{home.Path(want)}) {
			t.Errorf("its files say %q", got)
		}
	}
	emptied(t, home)
	nothingLeft(t, home)
}

// What was replaced and what took its place change places, again and again.
func TestRestoreReplaced(t *testing.T) {
	for name, exchange := range map[string]func(one, other string) error{"at once": exchange, "in steps": cannotExchange} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			web := plantSigned(t, home, "web")
			if err := home.Keeping("upgrade").Replace(t.Context(), "web", renew); err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{web.Path, "new", web.Path} {
				k := kept(t, home, 1)[0]
				if wanted := []string{"upgrade", "undo", "undo"}[i]; !k.Replaced || k.Command != wanted {
					t.Errorf("kept: %+v", k)
				}
				name, err := home.Keeping("undo").restore(t.Context(), k, resign, exchange)
				if err != nil || name != "web" {
					t.Fatal(name, err)
				}
				if got := says(t, web); !slices.Equal(got, []string{want}) {
					t.Errorf("its files say %q, want %q", got, want)
				}
				nothingLeft(t, home)
			}
		})
	}
}

// What has been made since has not taken its place, and stays where it is.
func TestRestoreBesideALaterOne(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	if birthTime(web.Path) == 0 {
		return // the file system does not keep that
	}
	if err := home.Keeping("upgrade").Replace(t.Context(), "web", renew); err != nil {
		t.Fatal(err)
	}
	k := kept(t, home, 1)[0]
	if err := home.Remove(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	plantSigned(t, home, "web")
	if name, err := home.Restore(t.Context(), k, resign); err != nil || name != "web-restored" {
		t.Error(name, err)
	}
}

// Of any number of processes that bring one environment back, one does.
func TestRestoreAtOnce(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	if err := home.Keeping("rm").Remove(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	k := kept(t, home, 1)[0]
	var restored atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch name, err := home.Restore(t.Context(), k, resign); {
			case err == nil && name == "web":
				restored.Add(1)
			case !isType[*GoneError](err):
				t.Error(name, err)
			}
		})
	}
	all.Wait()
	if restored.Load() != 1 {
		t.Errorf("%d have brought it back", restored.Load())
	}
	emptied(t, home)
	nothingLeft(t, home)
}

// A process that keeps what it replaces, or brings something back, may be killed at
// any step: each environment is there afterwards, once, and whole.
func TestRestoreKilled(t *testing.T) {
	for role, wanted := range map[string][]string{
		"upgrade":       {"filling", "filled", "exchanged", "kept"},
		"undo":          {"back"},
		"undo-as":       {"prepared", "noted", "moved", "changing bin/tool", "changed"},
		"undo-exchange": {"exchanged", "kept"},
		"undo-in-steps": {"noted", "taken away", "put in place", "dropped"},
	} {
		t.Run(role, func(t *testing.T) {
			var steps []string
			for at := 1; ; at++ {
				home := newHome(t)
				web := plantSigned(t, home, "web")
				want := prepareUndo(t, home, role)
				began := time.Now()
				reached := killed(t, role, home, at)
				if err := errors.Join(home.Recover(t.Context()), home.Sweep(t.Context()), home.Expire(t.Context(), always)); err != nil {
					t.Errorf("killed at %q: %v", reached, err)
				}
				if got := len(everySaying(t, home, web.Path)) + len(everySaying(t, home, home.Path("web-restored"))) + len(everySaying(t, home, "new")); got != want && !(role == "upgrade" && reached != "" && got == 1) {
					t.Errorf("killed at %q: there are %d environments, not %d", reached, got, want)
				}
				if kept, err := home.Kept(); role == "undo-exchange" && reached != "noted" && (err != nil || len(kept) != 1 || kept[0].When.Before(began)) {
					t.Errorf("killed at %q: kept is %v (%v), since before %v", reached, kept, err, began)
				}
				nothingLeft(t, home)
				if reached == "" {
					break
				}
				steps = append(steps, reached)
			}
			for _, want := range wanted {
				if !slices.Contains(steps, want) {
					t.Errorf("no process was killed at %q, only at %q", want, steps)
				}
			}
		})
	}
}

// prepareUndo does what the role is to undo, and returns how many environments there
// are then, kept ones too.
func prepareUndo(t *testing.T, home Store, role string) (n int) {
	t.Helper()
	var err error
	switch role {
	case "upgrade":
		return 2
	case "undo":
		n, err = 1, home.Keeping("rm").Remove(t.Context(), "web")
	case "undo-as":
		n, err = 2, home.Keeping("rm").Remove(t.Context(), "web")
		plantSigned(t, home, "web")
	default:
		n, err = 2, home.Keeping("upgrade").Replace(t.Context(), "web", renew)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// everySaying returns the environments, in the home and kept, that are whole and say
// that they are at that path.
func everySaying(t *testing.T, home Store, path string) (found []string) {
	t.Helper()
	names, err := home.Names()
	all, keptErr := home.Kept()
	if err := errors.Join(err, keptErr); err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for _, name := range names {
		dirs = append(dirs, home.Path(name))
	}
	for _, k := range all {
		dirs = append(dirs, home.KeptPath(k))
	}
	for _, dir := range dirs {
		if got := says(t, environment{Path: dir}); slices.Equal(got, []string{path}) {
			found = append(found, dir)
		}
	}
	return found
}

// What is kept goes when its time is over, the oldest first when it is too much.
func TestExpire(t *testing.T) {
	home := newHome(t)
	for _, name := range []string{"first", "second", "third"} {
		plantSigned(t, home, name)
		if err := home.Keeping("rm").Remove(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if !home.NeedsExpiry(always) {
		t.Error("what is not measured yet is to be")
	}
	if err := home.Expire(t.Context(), always); err != nil {
		t.Fatal(err)
	}
	if home.NeedsExpiry(always) {
		t.Error("there is nothing to do")
	}
	all := kept(t, home, 3)
	two := home.KeptSize(t.Context(), all[0]) + home.KeptSize(t.Context(), all[1])
	if err := home.Expire(t.Context(), Retention{For: time.Hour, Size: two}); err != nil {
		t.Fatal(err)
	}
	if all = kept(t, home, 2); all[0].Name != "third" || all[1].Name != "second" {
		t.Errorf("kept: %v", all)
	}
	if dropped, err := home.DropOldest(t.Context()); dropped == nil || dropped.Name != "second" || err != nil {
		t.Error(dropped, err)
	}
	if all = kept(t, home, 1); all[0].Name != "third" {
		t.Errorf("kept: %v", all)
	}
	if err := home.Expire(t.Context(), Retention{Size: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	emptied(t, home)
	nothingLeft(t, home)
	if dropped, err := home.DropOldest(t.Context()); dropped != nil || err != nil {
		t.Error(dropped, err)
	}
}

// A copy that is kept changes places with what was changed.
func TestKeepCopy(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	err := home.Keeping("wipe").KeepCopy(t.Context(), "web", func(_ context.Context, dir string) error { return sign(dir, "copy") })
	if err != nil {
		t.Fatal(err)
	}
	if name, err := home.Restore(t.Context(), kept(t, home, 1)[0], resign); name != "web" || err != nil {
		t.Error(name, err)
	}
	if got := says(t, web); !slices.Equal(got, []string{"copy"}) {
		t.Errorf("its files say %q", got)
	}
	failure := errors.New("no room")
	err = home.Keeping("wipe").KeepCopy(t.Context(), "web", func(context.Context, string) error { return failure })
	if !errors.Is(err, failure) {
		t.Error(err)
	}
	kept(t, home, 1)
	nothingLeft(t, home)
}

// A temporary environment is not kept.
func TestTemporaryIsNotKept(t *testing.T) {
	home := newHome(t)
	e := temporary(t, home, os.Getpid())
	if err := home.Keeping("rm").Remove(t.Context(), filepath.Base(e.Path)); err != nil {
		t.Fatal(err)
	}
	kept(t, home, 0)
}

// TestKeptOfAnother: root brings back what any person has removed.
func TestKeptOfAnother(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	if err := home.Keeping("rm").Remove(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		entry := filepath.Join(home.stateDir(keptDir), in(t, home.stateDir(keptDir))[0])
		if err := os.Chown(entry, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	kept(t, home, 1)
}

// TestKeepFails: what cannot be kept leaves no trace where the rest is.
func TestKeepFails(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := home.keep(home.Path("gone"), "gone", keptRemoved); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
	emptied(t, home)
}
