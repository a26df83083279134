package pip

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequirementWords(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("my project", 0o777); err != nil {
		t.Fatal(err)
	}
	absolute, _ := filepath.Abs("my project")
	for _, row := range []struct {
		argument string
		want     []string
	}{
		{"idna", []string{"idna"}},
		{"idna six", []string{"idna", "six"}},
		{"  idna   six>=1 ", []string{"idna", "six>=1"}},
		{"--pre six", []string{"--pre", "six"}},
		{"-e .", []string{"-e", "."}},
		{"--index-url https://example.org/simple six", []string{"--index-url", "https://example.org/simple", "six"}},
		{"six[extra] idna==3.*", []string{"six[extra]", "idna==3.*"}},
		{"six >= 1, < 2", []string{"six >= 1, < 2"}},
		{"six>= 1", []string{"six>= 1"}},
		{"six (>=1)", []string{"six (>=1)"}},
		{"six[a, b]", []string{"six[a, b]"}},
		{`six; python_version < "3.8"`, []string{`six; python_version < "3.8"`}},
		{`six ; python_version<"3.8"`, []string{`six ; python_version<"3.8"`}},
		{"six @ https://example.org/six.zip", []string{"six @ https://example.org/six.zip"}},
		{"./my project", []string{"./my project"}},
		{absolute, []string{absolute}},
	} {
		if diff := cmp.Diff(row.want, Words([]string{row.argument})); diff != "" {
			t.Errorf("%q: %s", row.argument, diff)
		}
	}
}
