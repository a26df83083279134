package obtain

import (
	"slices"
	"testing"
)

func TestTools(t *testing.T) {
	for request, want := range map[string][]string{
		"3.14":         {"uv python install 3.14", "pyenv install 3.14"},
		"python3.14.1": {"uv python install 3.14.1", "pyenv install 3.14.1"},
		"cpython-3.14": {"uv python install 3.14", "pyenv install 3.14"},
		">=3.10,<3.13": {"uv python install '>=3.10,<3.13'"},
		"3.14t":        {"uv python install 3.14t"},
		"pypy3.10":     nil,
		"mypython":     nil,
		"/opt/python":  nil,
		"":             nil,
	} {
		var got []string
		for _, tool := range Tools(request) {
			got = append(got, tool.Command())
		}
		if !slices.Equal(got, want) {
			t.Errorf("Tools(%q) = %q, want %q", request, got, want)
		}
	}
}

func TestPackage(t *testing.T) {
	for _, row := range []struct{ system, version, want string }{
		{"darwin", "3.14", "brew install python@3.14"},
		{"fedora", "3.14.1", "sudo dnf install python3.14"},
		{"freebsd", "3.11", "sudo pkg install python311"},
		{"fedora", "3", ""},
		{"fedora", ">=3.14", ""},
		{"debian", "3.14", ""},
	} {
		if got := Package(row.system, row.version); got != row.want {
			t.Errorf("Package(%q, %q) = %q, want %q", row.system, row.version, got, row.want)
		}
	}
	if got := ID("NAME=\"Fedora Linux\"\nID=fedora\nVERSION_ID=43\n"); got != "fedora" {
		t.Errorf("ID = %q", got)
	}
}
