package env

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"den/env/store"
)

func TestNewHome(t *testing.T) {
	for _, test := range []struct {
		dir, want, refused string
	}{
		{dir: "/srv/venvs", want: "/srv/venvs"},
		{dir: "/srv/venvs/", want: "/srv/venvs"},
		{dir: "/srv//venvs/./x/../", want: "/srv/venvs"},
		{dir: "/home/me/it's $HOME; `x` \"é\"", want: "/home/me/it's $HOME; `x` \"é\""},
		{dir: "/home/me/ ", want: "/home/me/ "},
		{dir: "", refused: "is empty"},
		{dir: ".", refused: "is relative"},
		{dir: "venvs", refused: "is relative"},
		{dir: "~/.virtualenvs", refused: "is relative"},
		{dir: "/", refused: "root directory"},
		{dir: "//", refused: "root directory"},
		{dir: "/srv/..", refused: "root directory"},
		{dir: "/srv/a:b", refused: "colon"},
		{dir: "/srv/a\nb", refused: "newline"},
		{dir: "/srv/a\x00b", refused: "NUL"},
	} {
		home, err := NewHome(test.dir)
		switch {
		case test.refused == "" && err != nil:
			t.Errorf("NewHome(%q): %v", test.dir, err)
		case test.refused == "" && home.Dir() != test.want:
			t.Errorf("NewHome(%q) is at %q, want %q", test.dir, home.Dir(), test.want)
		case test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)):
			t.Errorf("NewHome(%q): %v, want an error that says %q", test.dir, err, test.refused)
		}
	}
}

func TestHomePath(t *testing.T) {
	home, err := NewHome("/srv/venvs/")
	if err != nil {
		t.Fatal(err)
	}
	if got := home.Path(" it's web "); got != "/srv/venvs/ it's web " {
		t.Errorf("path %q", got)
	}
}

func TestEnsure(t *testing.T) {
	home, err := NewHome(filepath.Join(t.TempDir(), "a", "b", "home"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if created, err := home.Ensure(); err != nil || created != want {
			t.Fatalf("Ensure: %t, %v, want %t", created, err, want)
		}
	}
	if names := in(t, home.Dir()); names != nil {
		t.Errorf("a new home holds %q", names)
	}
}

func TestEnsureTakesALink(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, filepath.Join(dir, "real"))
	symlink(t, "real", filepath.Join(dir, "home"))
	home, err := NewHome(filepath.Join(dir, "home"))
	if err != nil {
		t.Fatal(err)
	}
	if created, err := home.Ensure(); created || err != nil {
		t.Errorf("Ensure: %t, %v", created, err)
	}
}

func TestEnsureInTheWay(t *testing.T) {
	for _, test := range []struct {
		says string
		put  func(path string) error
	}{
		{"a file stands there", func(path string) error { return os.WriteFile(path, nil, 0o666) }},
		{"a symbolic link to a file stands there", func(path string) error { return os.Symlink("/etc/passwd", path) }},
		{"a symbolic link that leads nowhere stands there", func(path string) error { return os.Symlink("nowhere", path) }},
	} {
		home, err := NewHome(filepath.Join(t.TempDir(), "home"))
		if err != nil {
			t.Fatal(err)
		}
		if err := test.put(home.Dir()); err != nil {
			t.Fatal(err)
		}
		_, err = home.Ensure()
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), home.Dir()) || !errors.Is(err, fs.ErrExist) {
			t.Errorf("Ensure: %v, want %q", err, test.says)
		}
	}
}

func TestEnsureOnceAmongMany(t *testing.T) {
	home, err := NewHome(filepath.Join(t.TempDir(), "a", "home"))
	if err != nil {
		t.Fatal(err)
	}
	var created atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			did, err := home.Ensure()
			if err != nil {
				t.Error(err)
			}
			if did {
				created.Add(1)
			}
		})
	}
	all.Wait()
	if created.Load() != 1 {
		t.Errorf("%d made the one home", created.Load())
	}
}

// TestRootIsNoHome: nor is a path that leads there.
func TestRootIsNoHome(t *testing.T) {
	for _, dir := range []string{"/", "//", "/.", "/..", "/usr/..", "/usr/../../"} {
		if home, err := NewHome(dir); err == nil {
			t.Errorf("%s is taken for the home %s", dir, home.Dir())
		}
	}
}

// TestHomeReturnsEnvironments: what a home has made, moved and found is returned
// as an environment, and no environment comes with an error.
func TestHomeReturnsEnvironments(t *testing.T) {
	home, ctx := newHome(t), t.Context()
	inPlace := func(context.Context) error { return lay(home.Path("web")) }
	nothing := func(context.Context, string, string, string) error { return nil }
	for what, do := range map[string]func(name string) (Environment, error){
		"Create":        func(name string) (Environment, error) { return home.Create(ctx, name, fill) },
		"CreateInPlace": func(name string) (Environment, error) { return home.CreateInPlace(ctx, name, inPlace) },
		"Replace":       func(name string) (Environment, error) { return home.Replace(ctx, name, fill) },
		"Move":          func(name string) (Environment, error) { return home.Move(ctx, "old", name, nothing) },
		"Find":          home.Find,
	} {
		for _, name := range []string{"web", "old"} {
			if err := os.RemoveAll(home.Path(name)); err != nil {
				t.Fatal(err)
			}
		}
		plant(t, home.Path("old"))
		if what == "Replace" || what == "Find" {
			plant(t, home.Path("web"))
		}
		if e, err := do("web"); err != nil || e != (Environment{Name: "web", Path: home.Path("web")}) {
			t.Errorf("%s: %+v, %v", what, e, err)
		}
		if e, err := do("a/b"); err == nil || e != (Environment{}) {
			t.Errorf("%s of a bad name: %+v, %v", what, e, err)
		}
	}
}

// TestSuggestions: whatever is asked of an environment that is not there, the
// error has the names that may have been meant.
func TestSuggestions(t *testing.T) {
	home, ctx := newHome(t), t.Context()
	plant(t, home.Path("web"))
	nothing := func(context.Context, string, string, string) error { return nil }
	for what, err := range map[string]error{
		"Find":    second(home.Find("wbe")),
		"Replace": second(home.Replace(ctx, "wbe", fill)),
		"Move":    second(home.Move(ctx, "wbe", "api", nothing)),
		"Remove":  home.Remove(ctx, "wbe"),
	} {
		missing, ok := errors.AsType[*store.NotFoundError](err)
		if !ok || !slices.Equal(missing.Similar, []string{"web"}) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
