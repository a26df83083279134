package env

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSpare(t *testing.T) {
	home := newHome(t)
	made := 0
	fill := func(_ context.Context, dir string) error {
		made++
		return os.WriteFile(filepath.Join(dir, "file"), nil, 0o666)
	}
	for range 2 {
		if err := home.Spare(context.Background(), "key", fill); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(home.own(sparesDir), "key", "file")); err != nil || made != 1 {
		t.Errorf("made %d times: %v", made, err)
	}
	if names, err := home.Names(); err != nil || len(names) > 0 {
		t.Errorf("environments: %q, %v", names, err)
	}
	if home.NeedsSweep() {
		t.Error("a spare is taken for what is to be swept")
	}

	// One that waited too long makes room.
	long := time.Now().Add(-spareLife - time.Hour)
	if err := os.Chtimes(filepath.Join(home.own(sparesDir), "key"), long, long); err != nil {
		t.Fatal(err)
	}
	if err := home.Spare(context.Background(), "other", fill); err != nil {
		t.Fatal(err)
	}
	if got := in(t, home.own(sparesDir)); len(got) != 1 || got[0] != "other" {
		t.Errorf("spares: %q", got)
	}
}

// TestTakeSpare takes what is there, waits for what somebody is making, and does
// not wait where nobody does.
func TestTakeSpare(t *testing.T) {
	home := newHome(t)
	empty := func() string { return t.TempDir() }
	if home.TakeSpare(t.Context(), "key", empty()) {
		t.Error("took a spare that nobody has made")
	}
	begun, finish := make(chan bool), make(chan bool)
	made := make(chan error)
	fill := func(_ context.Context, dir string) error {
		begun <- true
		<-finish
		return os.WriteFile(filepath.Join(dir, "file"), nil, 0o666)
	}
	go func() { made <- home.Spare(t.Context(), "key", fill) }()
	<-begun
	if err := home.Spare(t.Context(), "key", nil); err != nil {
		t.Errorf("a second maker: %v", err)
	}
	dir, taken := empty(), make(chan bool)
	go func() { taken <- home.TakeSpare(t.Context(), "key", dir) }()
	close(finish)
	if err := <-made; err != nil || !<-taken {
		t.Fatalf("not taken when it was made: %v", err)
	}
	if got := in(t, dir); len(got) != 1 || got[0] != "file" {
		t.Errorf("taken: %q", got)
	}

	// One that died while it made one has nobody wait.
	path := filepath.Join(home.own(locksDir), spareLock("key"))
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if home.TakeSpare(t.Context(), "key", empty()) {
		t.Error("took a spare whose maker died")
	}
	nothingLeft(t, home)
}

func TestSpareFails(t *testing.T) {
	home := newHome(t)
	broken := errors.New("broken")
	err := home.Spare(context.Background(), "key", func(_ context.Context, dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "file"), nil, 0o666), broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("Spare: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = home.Spare(ctx, "key", func(context.Context, string) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Spare: %v", err)
	}
	if err := home.Spare(context.Background(), "../key", nil); err == nil {
		t.Error("a spare outside")
	}
	if got := in(t, home.own(sparesDir)); got != nil {
		t.Errorf("spares: %q", got)
	}
	nothingLeft(t, home)
}
