package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"den/env/disk"
)

func TestSupplement(t *testing.T) {
	home := newHome(t)
	outside := t.TempDir()
	plant(t, home.Path("web"))
	write(t, home.Path("web/lib/there"), "theirs")
	mkdir(t, home.Path("web/lib/package"))
	symlink(t, outside, home.Path("web/lib/link"))
	mkdir(t, home.Path("web/lib/below"))
	symlink(t, outside, home.Path("web/lib/below/cache"))

	fill := func(_ context.Context, dir, final string) (func(string) bool, error) {
		if final != home.Path("web") || filepath.Base(dir) != "web" {
			t.Errorf("fill is called with %s, %s", dir, final)
		}
		for _, path := range []string{"lib/new", "lib/there", "lib/unwanted", "lib/package/cache/one", "lib/package/cache/deep/two", "lib/gone/cache/three", "lib/link/four", "lib/link/cache/five", "lib/below/cache/six"} {
			write(t, filepath.Join(dir, path), "ours")
		}
		return func(path string) bool { return path != "lib/unwanted" }, nil
	}
	if err := home.Supplement(t.Context(), "web", fill); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string][]string{
		home.Path("web/lib"):               {"below", "link", "new", "package", "there"},
		home.Path("web/lib/package"):       {"cache"},
		home.Path("web/lib/package/cache"): {"one"},
		outside:                            nil,
		home.stateDir(stagingDir):          nil,
		home.stateDir(locksDir):            nil,
	} {
		if got := in(t, dir); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", dir, got, want)
		}
	}
	for path, want := range map[string]string{"web/lib/there": "theirs", "web/lib/new": "ours"} {
		if text, err := os.ReadFile(home.Path(path)); err != nil || string(text) != want {
			t.Errorf("%s is %q, %v; want %q", path, text, err, want)
		}
	}
}

// TestSupplementFails: nothing is added, and nothing is left.
func TestSupplementFails(t *testing.T) {
	home := newHome(t)
	plant(t, home.Path("web"))
	failure := errors.New("no")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, row := range []struct {
		name string
		fill func() error
		want error
	}{
		{"web", func() error { return failure }, failure},
		{"web", func() error { cancel(); return nil }, context.Canceled},
	} {
		err := home.Supplement(ctx, row.name, func(_ context.Context, dir, _ string) (func(string) bool, error) {
			write(t, filepath.Join(dir, "new"), "ours")
			return func(string) bool { return true }, row.fill()
		})
		if !errors.Is(err, row.want) {
			t.Errorf("%v, want %v", err, row.want)
		}
		if found, err := disk.Exists(home.Path("web/new")); found || err != nil {
			t.Errorf("it was added: %v, %v", found, err)
		}
		if left := in(t, home.stateDir(stagingDir)); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
	}
	if err := home.Supplement(t.Context(), "none", nil); !isType[*NotFoundError](err) {
		t.Errorf("without an environment: %v", err)
	}
}
