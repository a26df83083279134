package python

import (
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
