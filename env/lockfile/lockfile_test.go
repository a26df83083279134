package lockfile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const digest = "90b77e79eaa3eba6de819a0c442c0b4ceefc341a7a2ab77d7562bf49f425c5c2"

// whole is a list with a package of each kind.
const whole = `lock-version = "1.0"
environments = ["sys_platform == 'linux'", "sys_platform == 'darwin'"]
requires-python = ">=3.9"
default-groups = ["main"]
created-by = "hand"

[[packages]]
name = "idna"
version = "3.4"
marker = "sys_platform == 'linux'"
index = "https://example.org/simple"
sdist = { name = "idna-3.4.tar.gz", url = "https://example.org/idna-3.4.tar.gz", upload-time = 2022-09-14T00:24:27Z, size = 183077, hashes = { sha256 = "` + digest + `" } }
wheels = [
    { name = "idna-3.4-py3-none-any.whl", url = "https://example.org/files/idna-3.4-py3-none-any.whl", size = 61538, hashes = { sha256 = "` + digest + `" } },
    { path = "wheels/idna-3.4-py2-none-any.whl", hashes = { sha512 = "` + digest + digest + `" } },
]

[[packages]]
name = "brick"
archive = { path = "../brick-1.0.tar.gz", hashes = { sha256 = "` + digest + `" }, subdirectory = "src/brick" }

[[packages]]
name = "web"
directory = { path = ".", editable = true }

[[packages]]
name = "tile"
vcs = { type = "git", url = "https://example.org/tile", requested-revision = "main", commit-id = "0123456789abcdef0123456789abcdef01234567" }
`

// A list that den writes is the one that it has read, also at another place.
func TestPylockRoundTrip(t *testing.T) {
	first, err := ParsePylock([]byte(whole), "/src/web")
	if err != nil {
		t.Fatal(err)
	}
	sortByName(first.Packages)
	if got := first.Packages[1].Wheels[1].Path; got != "/src/web/wheels/idna-3.4-py2-none-any.whl" {
		t.Errorf("a relative path leads to %s", got)
	}
	if got := first.Packages[0].Archive.Path; got != "/src/brick-1.0.tar.gz" {
		t.Errorf("a relative path leads to %s", got)
	}
	first.Packages[1].Wheels[1].Name = "idna-3.4-py2-none-any.whl" // den writes the names of all files
	first.DefaultGroups = nil                                      // and no groups: its markers name none
	for _, dir := range []string{"/src/web", "/elsewhere", ""} {
		text, err := first.Pylock(dir)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParsePylock(text, dir)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		slices.Reverse(again.Packages[1].Wheels) // they are in the order of their names
		if difference := cmp.Diff(first, again); difference != "" {
			t.Errorf("in %q: %s", dir, difference)
		}
	}
}

// What is no list, or what pip could take for more than a package, is refused.
func TestPylockRefused(t *testing.T) {
	archive := `{url = "https://example.org/brick-1.0.tar.gz", hashes = {sha256 = "` + digest + `"}}`
	for _, row := range []struct{ text, want string }{
		{"", `its lock-version is ""`},
		{"[", "line 1: "},
		{`lock-version = "2.0"`, `its lock-version is "2.0"`},
		{`name = "brick\n--target=x"` + "\nversion = '1'\nsdist = " + archive, "no name"},
		{`name = "-e"` + "\nversion = '1'\nsdist = " + archive, "no name"},
		{"name = 'brick'\nversion = '1 --target=x'\nsdist = " + archive, "no version"},
		{"name = 'brick'\nsdist = " + archive, "it has no version"},
		{"name = 'brick'\nversion = '1'", "it needs one source"},
		{"name = 'brick'\nversion = '1'\ndirectory = {path = 'x'}\nsdist = " + archive, "it needs one source"},
		{"name = 'brick'\nversion = '1'\nsdist = {url = 'https://example.org/a.zip', hashes = {}}", "has no sha256"},
		{"name = 'brick'\nversion = '1'\nsdist = {url = 'https://example.org/a.zip', hashes = {sha256 = 'x y'}}", "is no hash"},
		{"name = 'brick'\nversion = '1'\nsdist = {url = 'https://example.org/a b', hashes = {sha256 = '" + digest + "'}}", "is no URL"},
		{"name = 'brick'\nversion = '1'\nsdist = {hashes = {sha256 = '" + digest + "'}}", "neither a url nor a path"},
		{"name = 'brick'\ndirectory = {path = \"a\\nb\"}", "no path that can be used"},
		{"name = 'brick'\ndirectory = {path = 'a', subdirectory = '../b'}", "no path that can be used"},
		{"name = 'brick'\nvcs = {type = 'cvs', url = 'https://example.org/', commit-id = 'a'}", `version control system "cvs"`},
		{"name = 'brick'\nvcs = {type = 'git', url = 'https://example.org/', commit-id = 'a#b'}", "cannot be used"},
	} {
		text := row.text
		if strings.HasPrefix(text, "name") {
			text = "lock-version = '1.0'\n[[packages]]\n" + text
		}
		if _, err := ParsePylock([]byte(text), "/"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v, want %q", row.text, err, row.want)
		}
	}
}

// A text cannot end the string that it stands in.
func TestQuote(t *testing.T) {
	for _, name := range []string{`a"b`, `a\`, "a\tb", "é", `"""`} {
		list := File{Packages: []Package{{Name: "web", Directory: &Directory{Path: "/" + name}}}}
		text, err := list.Pylock("")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(name, "\t") { // no path that pip could be given in a line
			continue
		}
		again, err := ParsePylock(text, "/")
		if err != nil || again.Packages[0].Directory.Path != "/"+name {
			t.Errorf("%q: %v in\n%s", name, err, text)
		}
	}
	list := File{Packages: []Package{{Name: "web", Directory: &Directory{Path: "/\xff"}}}}
	if _, err := list.Pylock(""); err == nil {
		t.Error("a path that is not UTF-8 is in a file that has to be")
	}
}

// A password in a URL is nobody else's.
func TestAt(t *testing.T) {
	for address, want := range map[string]Location{
		"https://ana:secret@example.org/a.whl": {URL: "https://example.org/a.whl"},
		"ssh://git@example.org/a":              {URL: "ssh://git@example.org/a"},
		"file:///src/a%20b":                    {Path: "/src/a b"},
	} {
		if got := At(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

func TestRequirements(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("more.txt", "six==1.16.0\n")
	commit := "0123456789abcdef0123456789abcdef01234567"
	path := write("all.txt", `# what is needed
--index-url=https://example.org/simple
-r more.txt
idna == 3.4 \
    --hash=sha256:`+digest+` \
    --hash=sha512:`+digest+digest+`  # two
Flask[async]==3.0.0 ; python_version > "3"
-e ./web
-e file:///src/other#egg=other
tile @ git+https://example.org/tile@`+commit+`#subdirectory=a
brick @ https://example.org/brick-1.0.zip#sha256=`+digest+` ; sys_platform == "linux"
./wheels/stone_wall-1.0-py3-none-any.whl
`)
	got, err := readRequirements(path, "/cwd")
	if err != nil {
		t.Fatal(err)
	}
	want := File{
		Options: []string{"--index-url https://example.org/simple"},
		Packages: []Package{
			{Name: "six", Version: "1.16.0"},
			{Name: "idna", Version: "3.4", Hashes: []string{"sha256:" + digest, "sha512:" + digest + digest}},
			{Name: "flask", Version: "3.0.0", Marker: `python_version > "3"`},
			{Directory: &Directory{Path: "/cwd/web", Editable: true}},
			{Directory: &Directory{Path: "/src/other", Editable: true}},
			{Name: "tile", VCS: &VCS{Type: "git", Location: Location{URL: "https://example.org/tile"}, Commit: commit, Subdirectory: "a"}},
			{Name: "brick", Marker: `sys_platform == "linux"`, Archive: &Archive{Location: Location{URL: "https://example.org/brick-1.0.zip"}, Hashes: map[string]string{"sha256": digest}}},
			{Name: "stone-wall", Archive: &Archive{Location: Location{Path: "/cwd/wheels/stone_wall-1.0-py3-none-any.whl"}}},
		},
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Error(difference)
	}
}

// A requirements file that leaves something open, or tells pip something else than
// where packages come from, is refused, with the line.
func TestRequirementsRefused(t *testing.T) {
	for _, row := range []struct {
		line, want string
		open       bool
	}{
		{"flask", "does not name one exact version", true},
		{"flask>=3", "does not name one exact version", true},
		{"flask==3.*", "does not name one exact version", true},
		{"flask==3,<4", "does not name one exact version", true},
		{"tile @ git+https://example.org/tile", "does not name one exact version", true},
		{"tile @ git+https://example.org/tile@main", "does not name one exact version", true},
		{"git+https://example.org/tile@0123456789abcdef0123456789abcdef01234567", "does not say the name", false},
		{"-e git+https://example.org/tile@main#egg=tile", "an editable clone", false},
		{"--target=/tmp", "does not know what to do with", false},
		{"-c constraints.txt", "does not know what to do with", false},
		{"flask==3.0 --global-option=x", "does not know what to do with", false},
		{"flask==3.0 --hash=md5:abc", "does not know what to do with", false},
		{"--index-url", "does not know what to do with", false},
		{"-r gone.txt", "no such file", false},
		{"-r self.txt", "more than", false},
	} {
		path := filepath.Join(t.TempDir(), "self.txt")
		if err := os.WriteFile(path, []byte("\n"+row.line+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := readRequirements(path, "/")
		if err == nil || !strings.Contains(err.Error(), row.want) || errors.Is(err, ErrNotExact) != row.open {
			t.Errorf("%q: %v, want %q", row.line, err, row.want)
		}
		if err != nil && row.want != "more than" && !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v does not say the line", row.line, err)
		}
	}
}

// Versions that PEP 440 takes for the same are no difference.
func TestCanonical(t *testing.T) {
	for _, row := range [][]string{
		{"1.0", "1", "v1.0.0", "01.0"},
		{"1.0rc1", "1.0-RC.1", "1.0c1", "1.0preview1"},
		{"1.0.post2", "1.0-2", "1.0.rev2"},
		{"1.0.dev0", "1.0dev"},
		{"1.0a0", "1.0alpha"},
		{"1!2.0+cpu.1", "1!2+cpu_1"},
	} {
		for _, version := range row {
			if got, want := canonical(version), canonical(row[0]); got != want {
				t.Errorf("%s is %s, and %s is %s", version, got, row[0], want)
			}
		}
	}
	for _, row := range [][2]string{{"1.0", "1.0.1"}, {"1.0", "1.0rc1"}, {"1.0", "1.0+cpu"}, {"1.0", "1!1.0"}, {"2004d", "2004e"}} {
		if canonical(row[0]) == canonical(row[1]) {
			t.Errorf("%s and %s are the same", row[0], row[1])
		}
	}
}

// FuzzRead: whatever a list has in it, its packages are lines of one requirement each,
// that do not begin with an option but -e.
func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("six==1.16.0 --hash=sha256:" + digest + "\n-e ./web\ntile @ git+https://example.org/tile@" + digest))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := ParsePylock(text, "/src")
		if err != nil {
			path := filepath.Join(t.TempDir(), "list.txt")
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			if list, err = readRequirements(path, "/src"); err != nil {
				return
			}
		}
		for _, p := range list.Packages {
			line := p.Line()
			if !isLine(line) || strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "-e file:") || strings.HasPrefix(line, "#") {
				t.Errorf("%q is a line for pip", line)
			}
			for _, word := range strings.Fields(line)[1:] {
				if strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--hash=sha") {
					t.Errorf("%q has an option for pip", line)
				}
			}
		}
		if again, err := list.Pylock("/src"); err == nil {
			for _, p := range list.Packages {
				if p.Name == "" || len(p.Hashes) > 0 || p.IsFromIndex() && !p.IsHashed() {
					return // what only a requirements file can say
				}
			}
			if _, err := ParsePylock(again, "/src"); err != nil && !strings.Contains(err.Error(), "has no sha256") {
				t.Errorf("den does not read what it has written: %v\n%s", err, again)
			}
		}
	})
}
