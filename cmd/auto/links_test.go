package auto

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/env"
)

// home makes a home with environments, each with a project directory.
func home(t *testing.T, projects map[string]string) env.Home {
	t.Helper()
	dir := t.TempDir()
	for name, project := range projects {
		bin := filepath.Join(dir, name, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string]string{"bin/python": "", "pyvenv.cfg": "", ".project": project + "\n"} {
			if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	h, err := env.NewHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestNearest(t *testing.T) {
	h := home(t, map[string]string{
		"web": "/src/web/", "deep": "/src/web/a/b", "b": "/src/two", "a": "/src/two", "two": "/src/two", "root": "/", "relative": "src",
		"tab": "/src/a\tb",
	})
	list, err := Refresh(h, ".project", Trust{})
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		"/src/web": "web", "/src/web/a": "web", "/src/web/a/b": "deep", "/src/web/a/b/c/d": "deep", "/src/webb": "", "/": "", "/src": "",
		"/src/two/x": "two", "/src/a\tb/c": "tab",
	} {
		if link, _ := list.Nearest(dir); link.Name != want {
			t.Errorf("%s is in %q, want %q", dir, link.Name, want)
		}
	}
	if diff := cmp.Diff(list, Read(h)); diff != "" {
		t.Errorf("written and read again: %s", diff)
	}
}

// A directory is known by the path that is noted, and by its real one.
func TestLinkedDirectory(t *testing.T) {
	real := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	list, err := scan(home(t, map[string]string{"web": link}), ".project")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{link, real} {
		if found, ok := list.Nearest(dir); !ok || !found.IsIn(home(t, map[string]string{"web": link}), ".project") {
			t.Errorf("%s is not in web: %v", dir, list)
		}
	}
}

// The list is as old as the home, for shells to see when that is newer; it is another
// one for other links.
func TestRefresh(t *testing.T) {
	h := home(t, map[string]string{"web": "/src/web"})
	first := func() string {
		t.Helper()
		if _, err := Refresh(h, ".project", Trust{}); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(h.NotePath(ListName))
		if err != nil {
			t.Fatal(err)
		}
		mark, _, _ := strings.Cut(string(content), "\n")
		markers, err := filepath.Glob(h.NotePath(ListName) + "-*")
		if err != nil || len(markers) != 1 || markers[0] != h.NotePath(ListName)+"-"+mark {
			t.Fatalf("the marks are %q (%v), of the list %q", markers, err, mark)
		}
		list, err := os.Stat(markers[0])
		if err != nil {
			t.Fatal(err)
		}
		if dir, err := os.Stat(h.Dir()); err != nil || !dir.ModTime().Equal(list.ModTime()) {
			t.Errorf("the home is as of %v, the list of %v (%v)", dir.ModTime(), list.ModTime(), err)
		}
		return mark
	}
	mark := first()
	if again := first(); mark == "" || again != mark {
		t.Errorf("the first line was %q and is %q", mark, again)
	}
	if err := os.WriteFile(filepath.Join(h.Path("web"), ".project"), []byte("/src/other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if changed := first(); changed == mark {
		t.Errorf("the first line is still %q", changed)
	}
	if !IsCurrent(h) {
		t.Error("the list is out of date although nothing has changed")
	}
	if err := os.Mkdir(h.Path("api"), 0o755); err != nil {
		t.Fatal(err)
	}
	if IsCurrent(h) {
		t.Error("the list is current although an environment has come")
	}
}
