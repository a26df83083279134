package python

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	m := newMachine(t).hidden()
	m.set("PYENV_ROOT=" + m.root + "/pyenv")
	for _, path := range []string{
		"first/python3.9",
		"first/python", // tells nothing
		"second/python3.13t",
		"second/pypy3.10",
		"pyenv/versions/3.12.1/bin/python3",
		"pyenv/versions/3.14.0rc2/bin/python3",
		"pyenv/versions/3.10.0/bin/python3",
		"pyenv/versions/web/bin/python3", // tells too little
		"home/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3.12",
	} {
		m.python(path, "3.0.0")
	}
	var got []string
	for _, n := range m.find.Names() {
		got = append(got, n.Name+" "+strings.TrimPrefix(n.Path, m.root+"/")+" "+n.Source)
	}
	want := []string{
		"3.12.4 home/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3.12 uv",
		"3.12.1 pyenv/versions/3.12.1/bin/python3 pyenv",
		"3.10.0 pyenv/versions/3.10.0/bin/python3 pyenv",
		"3.9 first/python3.9 PATH",
		"3.14.0rc2 pyenv/versions/3.14.0rc2/bin/python3 pyenv",
		"3.13t second/python3.13t PATH",
		"pypy3.10 second/pypy3.10 PATH",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Names:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if asked := m.asked(); len(asked) > 0 {
		t.Errorf("started %q", asked)
	}
}

// What an interpreter has answered once is known better than its names tell.
func TestNamesRemembered(t *testing.T) {
	m := newMachine(t).hidden()
	m.find.CacheDir = filepath.Join(m.root, "cache")
	m.set("PYENV_ROOT=" + m.root + "/pyenv")
	m.python("first/python3.9", "3.9.4")
	m.python("second/python3", "3.14.0rc2")
	m.answering("first/python3.13", "3.13.1", m.root+"/first/python3.13", m.python("pyenv/versions/3.13/bin/python3.13", "3.13.1"))
	if _, err := m.find.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.python("second/python3.8", "3.8.1") // never asked
	m.asked()
	var got []string
	for _, n := range m.find.Names() {
		got = append(got, n.Series+" "+n.Name+" "+strings.TrimPrefix(n.Path, m.root+"/")+" "+n.Source)
	}
	want := []string{
		"3.13 3.13.1 pyenv/versions/3.13/bin/python3.13 pyenv",
		"3.9 3.9.4 first/python3.9 PATH",
		"3.8 3.8 second/python3.8 PATH",
		"3.14 3.14.0rc2 second/python3 PATH",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Names:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if asked := m.asked(); len(asked) > 0 {
		t.Errorf("started %q", asked)
	}
}
