package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/disk"
)

// renew is what fills the place of a signed environment.
func renew(ctx context.Context, dir, _ string) error {
	reached(ctx, "filling")
	return sign(dir, "new")
}

func TestReplace(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	write(t, web.Path+"/old", "")
	if err := home.Replace(t.Context(), "web", renew); err != nil {
		t.Fatal(err)
	}
	if got := says(t, web); len(got) != 1 || got[0] != "new" {
		t.Errorf("its files say %q", got)
	}
	if found, err := disk.Exists(web.Path + "/old"); found || err != nil {
		t.Errorf("the old one is in it: %v", err)
	}
	if err := home.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if got := in(t, home.Dir()); !slices.Equal(got, []string{".den", "web"}) {
		t.Errorf("there are %q", got)
	}
	nothingLeft(t, home)
}

func TestReplaceFails(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	failure := errors.New("no room")
	for name, fill := range map[string]func(ctx context.Context, dir, final string) error{
		"failing": func(ctx context.Context, dir, final string) error {
			return errors.Join(renew(ctx, dir, final), failure)
		},
		"no environment": func(context.Context, string, string) error { return nil },
	} {
		if err := home.Replace(t.Context(), "web", fill); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := says(t, web); len(got) != 1 || got[0] != web.Path {
			t.Errorf("%s: its files say %q", name, got)
		}
		nothingLeft(t, home)
	}
	if err := home.Replace(t.Context(), "nope", renew); !isType[*NotFoundError](err) {
		t.Error(err)
	}
}

// Of a link, the link alone is replaced.
func TestReplaceLink(t *testing.T) {
	home := newHome(t)
	elsewhere := t.TempDir() + "/elsewhere"
	if err := sign(elsewhere, elsewhere); err != nil {
		t.Fatal(err)
	}
	symlink(t, elsewhere, home.Path("web"))
	if err := home.Replace(t.Context(), "web", renew); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(home.Path("web")); err != nil || !info.IsDir() {
		t.Errorf("there is %v, %v", info.Mode(), err)
	}
	if err := home.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if got := says(t, environment{Path: elsewhere}); len(got) != 1 || got[0] != elsewhere {
		t.Errorf("the files of the other say %q", got)
	}
}

// cannotExchange stands for a system that cannot exchange two directories.
func cannotExchange(string, string) error { return errors.ErrUnsupported }

// A replacement that is killed, at whatever step and on whatever system, leaves
// the old environment or the new one, whole.
func TestReplaceKilled(t *testing.T) {
	for role, wanted := range map[string][]string{
		"replace":           {"filling", "filled", "exchanged"},
		"replace-in-stages": {"filling", "filled", "noted", "taken away", "put in place", "dropped"},
	} {
		t.Run(role, func(t *testing.T) {
			var steps []string
			for at := 1; ; at++ {
				home := newHome(t)
				web := plantSigned(t, home, "web")
				reached := killed(t, role, home, at)
				if found, err := disk.Exists(web.Path); !found && reached != "taken away" {
					t.Errorf("killed at %q: there is none: %v", reached, err)
				}
				if home.Interrupted() {
					if err := home.Recover(t.Context()); err != nil {
						t.Errorf("killed at %q: %v", reached, err)
					}
				}
				want := web.Path
				if reached == "" || reached == "exchanged" || reached == "put in place" || reached == "dropped" {
					want = "new"
				}
				if got := says(t, web); len(got) != 1 || got[0] != want {
					t.Errorf("killed at %q: its files say %q, want %q", reached, got, want)
				}
				if err := home.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
				nothingLeft(t, home)
				if reached == "" {
					break
				}
				steps = append(steps, reached)
			}
			if !slices.Equal(steps, wanted) {
				t.Errorf("processes were killed at %q, want %q", steps, wanted)
			}
		})
	}
}

// copied is another copy of the home, as a restored backup is, in which every
// directory is another one than it was.
func copied(t *testing.T, home Store) Store {
	t.Helper()
	again := newAt(filepath.Join(t.TempDir(), "again"))
	if out, err := exec.Command("cp", "-a", home.Dir(), again.Dir()).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return again
}

// A replacement that is killed between its steps, and of which the home is then
// copied, loses neither environment: the old one is back, or is kept until the
// person says that it may go.
func TestReplaceKilledAndCopied(t *testing.T) {
	for at, reached := 1, "begun"; reached != ""; at++ {
		home := newHome(t)
		web := plantSigned(t, home, "web")
		reached = killed(t, "replace-in-stages", home, at)
		again := copied(t, home)
		err := again.Recover(t.Context())
		sweepErr := again.Sweep(t.Context())
		olds, _ := filepath.Glob(again.stateDir(stagingDir) + "/*/" + stageOld)
		if got := len(olds) > 0; got != (reached == "put in place") || got != (err != nil) || got != (sweepErr != nil) {
			t.Errorf("killed at %q: the old one is kept in %q: %v, %v", reached, olds, err, sweepErr)
		}
		want := web.Path
		if reached == "" || reached == "put in place" || reached == "dropped" {
			want = "new"
		}
		if got := says(t, environment{Path: again.Path("web")}); len(got) != 1 || got[0] != want {
			t.Errorf("killed at %q: its files say %q, want %q", reached, got, want)
		}
		for _, old := range olds {
			if got := says(t, environment{Path: old}); len(got) != 1 || got[0] != web.Path {
				t.Errorf("killed at %q: the files of the old one say %q", reached, got)
			}
			if err := os.RemoveAll(old); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(again.Recover(t.Context()), again.Sweep(t.Context())); err != nil {
			t.Errorf("killed at %q: %v", reached, err)
		}
		nothingLeft(t, again)
	}
}

// A stage without a journal, as a backup may have it, is deleted, but not what
// may be the only copy of an environment.
func TestSweepKeepsAnOld(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	old := plant(t, home.stateDir(stagingDir)+"/stage/"+stageOld)
	if err := home.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), old.Path) {
		t.Errorf("it is not told of: %v", err)
	}
	if err := home.Create(t.Context(), "web", func(_ context.Context, dir, _ string) error { return lay(dir) }); err != nil {
		t.Error(err)
	}
	if err := home.check(old.Path); err != nil {
		t.Error(err)
	}
}

// Whatever a journal says, Recover deletes no environment that was being replaced.
func TestRecoverKeepsAnOld(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	dir := home.stateDir(stagingDir) + "/stage"
	old := plant(t, dir+"/"+stageOld)
	write(t, dir+"/"+stageJournal, `{"kind":"move","name":"web","to":"api"}`)
	if err := home.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if err := home.check(old.Path); err != nil {
		t.Error(err)
	}
}

// The old environment is kept while it cannot be put back, because others have
// taken its place, and is put back once it can be.
func TestRecoverKeepsTheOld(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	killAt(t, "replace-in-stages", home, "taken away")
	mkdir(t, web.Path+"/others")
	for range 2 {
		if err := home.Recover(t.Context()); err == nil {
			t.Error("what has taken its place is not complained about")
		}
		if err := home.Sweep(t.Context()); err == nil {
			t.Error("what has taken its place is not complained about")
		}
	}
	if err := os.RemoveAll(web.Path); err != nil {
		t.Fatal(err)
	}
	if err := home.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if got := says(t, web); len(got) != 1 || got[0] != web.Path {
		t.Errorf("its files say %q", got)
	}
	if err := home.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// TestRenameChecked: where the kernel cannot look and rename in one, nothing is put in
// the place of what is there.
func TestRenameChecked(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, dir+"/from/inside")
	mkdir(t, dir+"/taken")
	symlink(t, "nowhere", dir+"/link")
	for _, to := range []string{"/taken", "/link"} {
		if err := renameChecked(dir+"/from", dir+to); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v, want fs.ErrExist", to, err)
		}
	}
	if err := renameChecked(dir+"/from", dir+"/free"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir + "/free/inside"); err != nil {
		t.Error(err)
	}
}
