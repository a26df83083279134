package store

import (
	"os"
	"testing"
	"time"
)

// When an environment was entered goes with it to another name, stays while it may
// come back, and is not another one's.
func TestEntered(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	if when := home.Entered("web"); !when.IsZero() {
		t.Errorf("entered %v", when)
	}
	home.NoteEntered("web")
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(home.enteredNote("web"), long, long); err != nil {
		t.Fatal(err)
	}
	if when := home.Entered("web"); !when.Equal(long) {
		t.Errorf("entered %v, want %v", when, long)
	}
	home.NoteEntered("web")
	if when := home.Entered("web"); time.Since(when) > time.Hour {
		t.Errorf("entered %v", when)
	}
	if err := home.Move(t.Context(), "web", "api", resign); err != nil {
		t.Fatal(err)
	}
	if home.Entered("api").IsZero() || !home.Entered("web").IsZero() {
		t.Error("the note has not gone along")
	}
	if err := home.Keeping("rm").Remove(t.Context(), "api"); err != nil {
		t.Fatal(err)
	}
	if err := home.Expire(t.Context(), always); err != nil || home.Entered("api").IsZero() {
		t.Error("the note of what is kept is gone", err)
	}
	if err := home.Create(t.Context(), "api", fill); err != nil || !home.Entered("api").IsZero() {
		t.Error("a new one was entered before it was made", err)
	}
	home.NoteEntered("api")
	if err := home.Remove(t.Context(), "api"); err != nil {
		t.Fatal(err)
	}
	if err := home.Expire(t.Context(), Retention{}); err != nil || !home.Entered("api").IsZero() {
		t.Error("the note of what is no more is there", err)
	}
}

// The notes are in no directory that somebody has put elsewhere.
func TestEnteredFollowsNoLink(t *testing.T) {
	home := newHome(t)
	elsewhere := t.TempDir()
	symlink(t, elsewhere, home.stateDir(""))
	home.NoteEntered("web")
	if names := in(t, elsewhere); names != nil {
		t.Errorf("made elsewhere: %q", names)
	}
}

// An environment was made when its directory was.
func TestMade(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	symlink(t, "web", home.Path("linked"))
	for _, name := range []string{"web", "linked"} {
		if made := home.Made(name); time.Since(made) > time.Hour || time.Since(made) < -time.Hour {
			t.Errorf("%s was made %v", name, made)
		}
	}
	if made := home.Made("none"); !made.IsZero() {
		t.Errorf("none was made %v", made)
	}
}
