package python

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckStart: each way in which an environment's Python may be another than
// the one that it was made from is told.
func TestCheckStart(t *testing.T) {
	m := newMachine(t).hidden()
	says := func(path, version, prefix, base, lacks string) string {
		return m.script(path, fmt.Sprintf("printf '\\n%%s\\n' '"+mark+`{"version": [%s, "final", 0], "prefix": "%s", "base_prefix": "%s", "lacks": [%s]}`+"'\n",
			version, prefix, base, lacks))
	}
	const noSSL = `["ssl", "no _ssl"]`
	base, other := filepath.Join(m.root, "opt/x"), filepath.Join(m.root, "opt/y")
	dir := filepath.Join(m.root, "envs/web")
	i := interpreterNamed(t, "3.12.1")
	i.BasePrefix, i.BaseExecutable = base, says("opt/x/bin/python3.12", "3, 12, 1", base, base, noSSL)
	if err := os.MkdirAll(other, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, version, prefix, base, lacks, want string }{
		{"as it should be", "3, 12, 1", dir, base, "", ""},
		{"lacks what its base lacks", "3, 12, 1", dir, base, noSSL, ""},
		{"lacks more", "3, 12, 1", dir, base, noSSL + `, ["struct", "no _struct"]`, "import struct: no _struct"},
		{"elsewhere", "3, 12, 1", base, base, "", "it says that it is in " + base},
		{"another's library", "3, 12, 1", dir, other, "", "it uses the library in " + other + ", not the one in " + base},
		{"another version", "3, 12, 2", dir, base, "", "it is Python 3.12.2, and not 3.12.1"},
	} {
		path := says("envs/web/bin/python", row.version, row.prefix, row.base, row.lacks)
		err := m.find.CheckStart(t.Context(), path, dir, i)
		if got := fmt.Sprint(err); err == nil && row.want != "" || err != nil && got != row.want {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
	path := m.script("envs/web/bin/python", "echo 'no encodings'; exit 1\n")
	if err := m.find.CheckStart(t.Context(), path, dir, i); err == nil || !strings.Contains(err.Error(), "no encodings") {
		t.Errorf("fails: %v", err)
	}
}

// TestNoteStart: a start counts as long as nothing has changed that could keep
// the next from it.
func TestNoteStart(t *testing.T) {
	m := newMachine(t).hidden()
	m.find.CacheDir = filepath.Join(m.root, "cache")
	i := interpreterNamed(t, "3.12.1")
	i.BaseExecutable, i.Stdlib = m.script("opt/x/bin/python3.12", ""), filepath.Join(m.root, "opt/x/lib")
	if m.find.HasStarted(i) {
		t.Error("it has started before it did")
	}
	for _, change := range []func(){
		func() { m.script("opt/x/bin/python3.12", "exit 1\n") },
		func() { m.script("opt/x/lib/struct.py", "") }, // changes the directory
	} {
		m.find.NoteStart(i)
		if !m.find.HasStarted(i) {
			t.Error("it has not started after it did")
		}
		change()
		if m.find.HasStarted(i) {
			t.Error("it is another by now")
		}
	}
}
