package env

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"den/env/store"
	"den/env/usertest"
)

func TestNames(t *testing.T) {
	home := newHome(t)
	outside := t.TempDir()

	plant(t, home.Path("web"))
	plant(t, home.Path("API"))
	plant(t, home.Path("größe"))
	plant(t, home.Path(strings.Repeat("x", 255)))
	// virtualenv 16: no pyvenv.cfg, and an interpreter of its own.
	write(t, home.Path("legacy/bin/activate"), "")
	write(t, home.Path("legacy/bin/python"), "")
	// Its interpreter has gone.
	plant(t, home.Path("dangling"))
	symlink(t, "/nowhere/python3.9", home.Path("dangling/bin/python3.9"))
	plant(t, filepath.Join(outside, "elsewhere"))
	symlink(t, filepath.Join(outside, "elsewhere"), home.Path("linked"))
	symlink(t, "web", home.Path("alias"))

	// What is not an environment.
	plant(t, home.Path(".hidden"))
	plant(t, home.Path("-dash"))
	plant(t, home.Path("a:b"))
	plant(t, home.Path(".den/staging/1/half"))
	plant(t, home.Path(".den/trash/1"))
	mkdir(t, home.Path("empty"))
	write(t, home.Path("notes/pyvenv.cfg"), "")
	symlink(t, "python3", home.Path("nocfg/bin/python"))
	write(t, home.Path("postactivate"), "#!/bin/sh\n")
	write(t, home.Path("file/bin"), "bin is a file here")
	symlink(t, "nowhere", home.Path("lost"))
	symlink(t, "loop", home.Path("loop"))
	symlink(t, "postactivate", home.Path("linkedfile"))
	if err := syscall.Mkfifo(home.Path("fifo"), 0o666); err != nil {
		t.Fatal(err)
	}

	want := []string{"API", "alias", "dangling", "größe", "legacy", "linked", "web", strings.Repeat("x", 255)}
	slices.Sort(want)
	names, err := home.Names()
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("Names: %q, %v\nwant %q", names, err, want)
	}
	likely := append(slices.Clone(want), "notes")
	slices.Sort(likely)
	if names, err := home.LikelyNames(func(string) bool { return true }); err != nil || !slices.Equal(names, likely) {
		t.Errorf("LikelyNames: %q, %v\nwant %q", names, err, likely)
	}
	if names, err := home.LikelyNames(func(name string) bool { return strings.HasPrefix(name, "l") }); err != nil || !slices.Equal(names, []string{"legacy", "linked"}) {
		t.Errorf("LikelyNames that begin with l: %q, %v", names, err)
	}
	list, err := home.List()
	if err != nil || len(list) != len(want) {
		t.Fatalf("List: %v, %v", list, err)
	}
	for i, e := range list {
		if e != (Environment{Name: want[i], Path: home.Path(want[i])}) {
			t.Errorf("List has %v for %s", e, want[i])
		}
		if found, err := home.Find(want[i]); err != nil || found != e {
			t.Errorf("Find(%q): %v, %v", want[i], found, err)
		}
	}
	for _, name := range []string{"empty", "notes", "nocfg", "postactivate", "file", "lost", "loop", "linkedfile", "fifo", "nothing"} {
		if e, err := home.Find(name); e != (Environment{}) || !isNotFound(err) {
			t.Errorf("Find(%q): %v, %v", name, e, err)
		}
	}
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*store.NotFoundError](err)
	return ok
}

func TestNamesWithoutHome(t *testing.T) {
	home, err := NewHome(filepath.Join(t.TempDir(), "missing"))
	if err != nil {
		t.Fatal(err)
	}
	if names, err := home.Names(); err != nil || len(names) != 0 {
		t.Errorf("Names: %q, %v", names, err)
	}
	if list, err := home.List(); err != nil || len(list) != 0 {
		t.Errorf("List: %v, %v", list, err)
	}
	if _, err := home.Find("web"); !isNotFound(err) {
		t.Errorf("Find: %v", err)
	}
	if in(t, filepath.Dir(home.Dir())) != nil {
		t.Error("looking made the home")
	}
}

func TestNamesOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "")
	home, err := NewHome(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.Names(); !errors.Is(err, syscall.ENOTDIR) || !strings.Contains(err.Error(), path) {
		t.Errorf("Names: %v", err)
	}
	if _, err := home.List(); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("List: %v", err)
	}
}

// TestLinkedHome shows the home's path as the person wrote it.
func TestLinkedHome(t *testing.T) {
	real := newHome(t)
	plant(t, real.Path("web"))
	link := filepath.Join(t.TempDir(), "link")
	symlink(t, real.Dir(), link)
	home, err := NewHome(link + "/")
	if err != nil {
		t.Fatal(err)
	}
	if e, err := home.Find("web"); err != nil || e.Path != link+"/web" {
		t.Errorf("Find: %v, %v", e, err)
	}
	if list, err := home.List(); err != nil || len(list) != 1 || list[0].Path != link+"/web" {
		t.Errorf("List: %v, %v", list, err)
	}
}

func TestFindErrors(t *testing.T) {
	home := newHome(t)
	plant(t, home.Path("web"))
	plant(t, home.Path("api"))

	if bad, ok := errors.AsType[*NameError](second(home.Find("../web"))); !ok || bad.Name != "../web" {
		t.Errorf("bad name: %v", second(home.Find("../web")))
	}
	missing, ok := errors.AsType[*store.NotFoundError](second(home.Find("wbe")))
	if !ok || missing.Name != "wbe" || missing.Home != home.Dir() || !slices.Equal(missing.Similar, []string{"web"}) {
		t.Errorf("near miss: %#v", missing)
	}
	if got, want := missing.Error(), `no environment named "wbe"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if missing, ok := errors.AsType[*store.NotFoundError](second(home.Find("database"))); !ok || missing.Similar != nil {
		t.Errorf("wide miss: %#v", missing)
	}
}

func TestClosedHome(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home := newHome(t)
	plant(t, home.Path("web"))
	chmod(t, home.Dir(), 0)
	defer chmod(t, home.Dir(), 0o777)
	if _, err := home.Names(); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), home.Dir()) {
		t.Errorf("Names: %v", err)
	}
	if _, err := home.Find("web"); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), home.Path("web")) {
		t.Errorf("Find: %v", err)
	}
}

func TestClosedEnvironment(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home := newHome(t)
	plant(t, home.Path("open"))
	plant(t, home.Path("closed"))
	chmod(t, home.Path("closed"), 0)
	defer chmod(t, home.Path("closed"), 0o777)
	if names, err := home.Names(); err != nil || !slices.Equal(names, []string{"open"}) {
		t.Errorf("Names: %q, %v", names, err)
	}
	if _, err := home.Find("closed"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Find: %v", err)
	}
	if _, err := Open(home.Path("closed")); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Open: %v", err)
	}
}
