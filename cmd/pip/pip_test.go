package pip

import (
	"slices"
	"testing"
)

// TestNamedIn: what is told of requirements from their text alone.
func TestNamedIn(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{"six", "six"},
		{"  flask>=3,<4", "flask"},
		{"ruamel.yaml == 0.18", "ruamel.yaml"},
		{"black[d]~=24.1", "black"},
		{"zope.interface # for the rest", "zope.interface"},
		{`requests==2.31.0 \`, "requests"},
		{"tomli; python_version < '3.11'", ""},
		{"brick @ https://example.org/brick.zip", ""},
		{"./brick", ""},
		{"brick-1.0.tar.gz", ""},
		{"-r more.txt", ""},
		{"    --hash=sha256:00", ""},
		{"https://example.org/brick.zip", ""},
		{"git+https://example.org/brick", ""},
		{"# six", ""},
		{"", ""},
	} {
		var want []Wanted
		if row.want != "" {
			want = []Wanted{{Name: row.want}}
		}
		if got := NamedIn([]string{row.line}); !slices.Equal(got, want) {
			t.Errorf("NamedIn(%q) = %v, want %v", row.line, got, want)
		}
	}
}
