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
	if _, err := os.Stat(filepath.Join(home.Spares(), "key", "file")); err != nil || made != 1 {
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
	if err := os.Chtimes(filepath.Join(home.Spares(), "key"), long, long); err != nil {
		t.Fatal(err)
	}
	if err := home.Spare(context.Background(), "other", fill); err != nil {
		t.Fatal(err)
	}
	if got := in(t, home.Spares()); len(got) != 1 || got[0] != "other" {
		t.Errorf("spares: %q", got)
	}
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
	if got := in(t, home.Spares()); got != nil {
		t.Errorf("spares: %q", got)
	}
	nothingLeft(t, home)
}
