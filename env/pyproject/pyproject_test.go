package pyproject

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGroup: dependency groups as PEP 735 has them. A fault is a part of the error.
func TestGroup(t *testing.T) {
	const file = `
[project]
name = "brick"
requires-python = ">=3.9"
[dependency-groups]
test = ["six >= 1, < 2", "idna; python_version > '3'"]
dev = [{include-group = "Test"}, "flask[async]>=3", "six >= 1, < 2"]
Type_Check = ["mypy"]
empty = []
round = [{include-group = "about"}]
about = [{include-group = "round"}]
gone = [{include-group = "tset"}]
number = [3]
more = [{include-group = "test", if = "x"}]
option = ["--index-url=https://example.org"]
path = ["./brick"]
sub = ["sub/brick"]
lines = ["six\n--pre"]
blank = [""]
url = ["brick @ https://example.org/brick.zip"]
two = ["six idna"]
`
	rows := []struct {
		group, fault string
		want         []string
	}{
		{"test", "", []string{"six >= 1, < 2", "idna; python_version > '3'"}},
		{"dev", "", []string{"six >= 1, < 2", "idna; python_version > '3'", "flask[async]>=3"}},
		{"type-check", "", []string{"mypy"}},
		{"empty", "", nil},
		{"round", `the dependency group "round" includes itself`, nil},
		{"gone", `has no dependency group "tset"`, nil},
		{"dve", `has no dependency group "dve"`, nil},
		{"number", `the dependency group "number" has an entry that is neither`, nil},
		{"more", `"more" has an entry that is neither`, nil},
		{"option", `"--index-url=https://example.org" is not a requirement`, nil},
		{"path", `"./brick" is not a requirement`, nil},
		{"sub", `"sub/brick" is not a requirement`, nil},
		{"lines", `is not a requirement`, nil},
		{"blank", `"" is not a requirement`, nil},
		{"url", "", []string{"brick @ https://example.org/brick.zip"}},
		{"two", `"six idna" is not a requirement`, nil},
	}
	f, err := Read(write(t, FileName, file))
	if err != nil || f.Name != "brick" || f.Python != ">=3.9" {
		t.Fatalf("Read = %+v, %v", f, err)
	}
	if !slices.Contains(f.Groups(), "Type_Check") {
		t.Errorf("Groups = %q", f.Groups())
	}
	for _, row := range rows {
		got, err := f.Group(row.group)
		checkFault(t, row.group, err, row.fault)
		if row.fault == "" && !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.group, got, row.want)
		}
	}
}

// TestReadFaults: files that den does not take.
func TestReadFaults(t *testing.T) {
	for text, fault := range map[string]string{
		"[project\n": "line 1",
		"[dependency-groups]\na-b = []\nA_B = []\n": `"A_B" and "a-b" have the same name`,
		"[dependency-groups]\ndev = 'six'\n":        "line 2",
	} {
		_, err := Read(write(t, FileName, text))
		checkFault(t, text, err, fault)
	}
	if _, err := Read(t.TempDir()); !os.IsNotExist(err) {
		t.Errorf("without a file: %v", err)
	}
}

// TestScript: inline metadata as PEP 723 has it.
func TestScript(t *testing.T) {
	for _, row := range []struct {
		name, text, fault, python string
		requirements              []string
	}{
		{"both", "#!/usr/bin/env python\n\n# /// script\n# requires-python = '>=3.11'\n# dependencies = [\n#   'six',\n#\n#   'idna<4',\n# ]\n# ///\nimport six\n", "", ">=3.11", []string{"six", "idna<4"}},
		{"line ends of Windows", "# /// script\r\n# dependencies = ['six']\r\n# ///\r\n", "", "", []string{"six"}},
		{"nothing asked for", "# /// script\n# [tool.x]\n# ///\n", "", "", nil},
		{"the last end counts", "# /// script\n# dependencies = ['six']\n# note = '''\n# ///\n# '''\n# ///\n", "", "", []string{"six"}},
		{"beside others", "# /// other\n# x\n# ///\n# /// script\n# dependencies = ['six']\n# ///\n", "has no block", "", nil},
		{"apart from others", "# /// other\n# x\n# ///\n\n# /// script\n# dependencies = ['six']\n# ///\n", "", "", []string{"six"}},
		{"none", "import six\n", "has no block", "", nil},
		{"no end", "# /// script\n# dependencies = ['six']\n", "has no block", "", nil},
		{"cut short", "# /// script\n# dependencies = ['six']\n#no\n# ///\n", "has no block", "", nil},
		{"two", "# /// script\n#\n# ///\n\n# /// script\n#\n# ///\n", "more than one block", "", nil},
		{"not TOML", "\n# /// script\n# dependencies = [\n# ///\n", "the block that begins with line 3: line 1", "", nil},
		{"an option", "# /// script\n# dependencies = ['-r x']\n# ///\n", `"-r x" is not a requirement`, "", nil},
	} {
		wants, err := Script(filepath.Join(write(t, "x.py", row.text), "x.py"))
		checkFault(t, row.name, err, row.fault)
		if row.fault == "" && (wants.Python != row.python || !slices.Equal(wants.Requirements, row.requirements)) {
			t.Errorf("%s: %+v", row.name, wants)
		}
	}
}

// write writes a file, and returns its directory.
func write(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func checkFault(t *testing.T, name string, err error, fault string) {
	t.Helper()
	if (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
		t.Errorf("%s: error %v, want %q", name, err, fault)
	}
}
