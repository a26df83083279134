package python

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// link makes a symbolic link at a path under the root, and its directory.
func (m *machine) link(path, target string) {
	m.t.Helper()
	path = filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		m.t.Fatal(err)
	}
}

// TestBasePath: environments are built upon a path from which the interpreter
// finds its library.
func TestBasePath(t *testing.T) {
	for _, row := range []struct {
		name    string
		file    string // the program, in its prefix
		links   [][2]string
		asked   string
		want    string
		version string
	}{
		{"in its prefix", "opt/x/bin/python3.11", nil, "opt/x/bin/python3.11", "opt/x/bin/python3.11", "3.11.7"},
		{"a link beside it", "opt/x/bin/python3.11", [][2]string{{"opt/x/bin/python3", "python3.11"}}, "opt/x/bin/python3", "opt/x/bin/python3", "3.11.7"},
		{"a link of the file from elsewhere", "opt/x/bin/python3.11", [][2]string{{"local/bin/python3.11", "/opt/x/bin/python3.11"}}, "local/bin/python3.11", "opt/x/bin/python3.11", "3.11.7"},
		{"two of them, one relative", "opt/x/bin/python3.11",
			[][2]string{{"opt/bin/python", "../x/bin/python3.11"}, {"local/bin/python", "/opt/bin/python"}}, "local/bin/python", "opt/x/bin/python3.11", "3.11.7"},
		{"uv's, by its minor version", "uv/cpython-3.12.4-linux/bin/python3.12",
			[][2]string{{"uv/cpython-3.12-linux", "cpython-3.12.4-linux"}, {"local/bin/python3.12", "/uv/cpython-3.12-linux/bin/python3.12"}},
			"local/bin/python3.12", "uv/cpython-3.12-linux/bin/python3.12", "3.12.4"},
		{"a link of the directory", "opt/Cellar/python/3.12.4/bin/python3.12", [][2]string{{"opt/opt/python@3.12", "../Cellar/python/3.12.4"}},
			"opt/opt/python@3.12/bin/python3.12", "opt/opt/python@3.12/bin/python3.12", "3.12.4"},
		{"a link of bin", "usr/bin/python3.11", [][2]string{{"bin", "usr/bin"}}, "bin/python3.11", "usr/bin/python3.11", "3.11.7"},
		{"the major version alone", "mise/3.12.1/bin/python3.12",
			[][2]string{{"mise/3", "3.12.1"}, {"mise/3.12", "3.12.1"}, {"mise/latest", "3.12.1"}}, "mise/3/bin/python3.12", "mise/3.12/bin/python3.12", "3.12.1"},
		{"no version", "mise/3.12.1/bin/python3.12", [][2]string{{"mise/latest", "3.12.1"}}, "mise/latest/bin/python3.12", "mise/3.12.1/bin/python3.12", "3.12.1"},
		{"a file's link through the major version", "brew/Cellar/3.12.1/bin/python3.12",
			[][2]string{{"brew/opt/python@3", "../Cellar/3.12.1"}, {"brew/opt/python@3.12", "../Cellar/3.12.1"}, {"brew/bin/python3", "../opt/python@3/bin/python3.12"}},
			"brew/bin/python3", "brew/opt/python@3.12/bin/python3.12", "3.12.1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMachine(t).hidden()
			prefix := filepath.Dir(filepath.Dir(row.file))
			m.script(row.file, "")
			for _, link := range row.links {
				target := link[1]
				if filepath.IsAbs(target) {
					target = m.root + target
				}
				m.link(link[0], target)
			}
			version, err := ParseVersion(row.version)
			if err != nil {
				t.Fatal(err)
			}
			got := basePath(filepath.Join(m.root, row.asked), filepath.Join(m.root, prefix), version)
			if got = strings.TrimPrefix(got, m.root+"/"); got != row.want {
				t.Errorf("%s leads to %s, want %s", row.asked, got, row.want)
			}
		})
	}
}

// TestExactNames: of the names of an installation, one that says the version
// that was asked for is taken.
func TestExactNames(t *testing.T) {
	m := newMachine(t).hidden()
	m.python("home/.local/share/mise/installs/python/3.12.1/bin/python3.12", "3.12.1")
	for _, name := range []string{"3", "3.12", "latest"} {
		m.link("home/.local/share/mise/installs/python/"+name, "3.12.1")
	}
	const installs = "home/.local/share/mise/installs/python/"
	m.finds("3.12", installs+"3.12/bin/python3.12", "3.12.1")
	m.finds("3", installs+"3.12/bin/python3.12", "3.12.1")
	m.finds("3.12.1", installs+"3.12.1/bin/python3.12", "3.12.1")

	m = newMachine(t).hidden()
	m.python("opt/homebrew/Cellar/python@3.13/3.13.2/bin/python3.13", "3.13.2")
	for _, name := range []string{"python@3", "python@3.13"} {
		m.link("opt/homebrew/opt/"+name, "../Cellar/python@3.13/3.13.2")
	}
	m.finds("3.13", "opt/homebrew/opt/python@3.13/bin/python3.13", "3.13.2")
}
