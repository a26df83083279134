package store

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// FuzzJournal: whatever stands in a journal, nothing outside of the home is
// touched, nor an environment that it does not mean.
func FuzzJournal(f *testing.F) {
	for _, kind := range []string{journalMove, journalReplace, "later", ""} {
		for _, name := range []string{"web", "../out", ".den", "", "/", "a/../../out"} {
			f.Add(kind, name, name, true)
			f.Add(kind, "web", name, false)
		}
	}
	f.Fuzz(func(t *testing.T, kind, name, to string, known bool) {
		home := newHome(t)
		web := plant(t, home.Path("web"))
		out := plant(t, filepath.Join(filepath.Dir(home.Dir()), "out"))
		if err := home.prepare(); err != nil {
			t.Fatal(err)
		}
		dir := home.stateDir(stagingDir) + "/1"
		write(t, dir+"/"+stageOverlay+"/bin/activate", "overlay")
		plant(t, dir+"/"+stageOld)
		j := journal{Kind: kind, Name: name, To: to}
		if known {
			j.Directory = identify(out.Path)
			j.New = identify(out.Path)
		}
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir+"/"+stageJournal, string(text))
		_ = home.Recover(context.Background()) // which may well complain
		_ = home.Sweep(context.Background())
		for _, e := range []environment{web, out} {
			if err := home.check(e.Path); err != nil {
				t.Errorf("%v", err)
			}
			var stat unix.Stat_t
			if unix.Lstat(e.Path+"/bin/activate", &stat) == nil {
				t.Errorf("%s was written into", e.Path)
			}
		}
		for place, want := range map[string][]string{filepath.Dir(home.Dir()): {"home", "out"}} {
			if got := in(t, place); !slices.Equal(got, want) {
				t.Errorf("in %s: %q", place, got)
			}
		}
		if _, err := os.Lstat(home.Dir()); err != nil {
			t.Error(err)
		}
	})
}
