package layout

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/env/programtest"
)

// A file of a small environment; where it says DIR it means its place.
type file struct {
	path, content string
	mode          fs.FileMode
}

const sitePackages = "lib/python3.12/site-packages/"

// lay writes files into dir, with place for DIR.
func lay(t *testing.T, dir, place string, files []file) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(dir, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := programtest.Write(path, []byte(strings.ReplaceAll(f.content, "DIR", place)), f.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, f.mode); err != nil {
			t.Fatal(err)
		}
	}
}

func expect(t *testing.T, dir, place string, files []file) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(dir, f.path)
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if want := strings.ReplaceAll(f.content, "DIR", place); string(got) != want {
			t.Errorf("%s:\n got %q\nwant %q", f.path, got, want)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != f.mode {
			t.Errorf("%s: mode %v, want %v (%v)", f.path, info.Mode(), f.mode, err)
		}
	}
}

// recordRow is a row of a RECORD for content.
func recordRow(path, content string) string {
	sum := sha256.Sum256([]byte(content))
	return fmt.Sprintf("%s,sha256=%s,%d", path, base64.RawURLEncoding.EncodeToString(sum[:]), len(content))
}

func TestRelocate(t *testing.T) {
	root := nasty(t, "root")
	dir, final := root+"/.den/x/web", root+"/web"
	const script = "# -*- coding: utf-8 -*-\nfrom web import main\n"
	binary := "\x7fELF\x00\x00DIR/bin/python\xff"
	zip := "PK\x03\x04\x00" + dir + "/x\xff\xfe"
	files := []file{
		{"pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\ncommand = /usr/bin/python3 -m venv DIR\n", 0o644},
		{"bin/pip", "#!DIR/bin/python3\n" + script, 0o755},
		{"bin/strict", "#!DIR/bin/python3 -sE\n" + script, 0o700},
		{"bin/latin", "#!DIR/bin/python3\n# coding: latin-1\nname = 'caf\xe9'\n", 0o755},
		{"bin/zipped", "#!DIR/bin/python3\n" + zip, 0o755},
		{"bin/activate", "VIRTUAL_ENV=\"DIR\"\nPATH=DIR/bin:$PATH\n\xff\n", 0o644},
		{"bin/other", "#!/usr/bin/perl\nuse lib 'DIR/lib';\n", 0o755},
		{"bin/theirs", "#!/usr/bin/python3\nprint('DIR2 DIR-old /srvDIR /srv/DIR')\nprint('DIR/bin','file://DIR')\n", 0o755 | fs.ModeSetuid},
		{"bin/empty", "", 0o644},
		{sitePackages + "local.pth", "DIR/src\nimport sys; sys.x = 'DIR'\n/elsewhere\n", 0o600},
	}
	same := []file{
		{"bin/program", binary, 0o755},
		{"bin/sub/deep", "DIR", 0o644},
		{sitePackages + "web.py", "place = 'DIR'\n", 0o644},
		{sitePackages + "web.egg/notes.pth", "DIR\n", 0o644},
		{"share/notes", "DIR\n", 0o644},
	}
	// What follows in a name, and what goes before, make another name.
	after := append([]file(nil), files...)
	after[7].content = strings.ReplaceAll(after[7].content, "DIR2 DIR-old /srvDIR", dir+"2 "+dir+"-old /srv"+dir)

	lay(t, dir, dir, files)
	lay(t, dir, dir, same)
	links := []struct{ path, before, after string }{
		{"bin/python", "/usr/bin/python3", "/usr/bin/python3"},
		{"bin/python3", dir + "/bin/python", final + "/bin/python"},
		{"lib64", "lib", "lib"},
		{"itself", dir, final},
		{"neighbour", dir + "2/x", dir + "2/x"},
	}
	for _, link := range links {
		if err := os.Symlink(link.before, filepath.Join(dir, link.path)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Relocate(dir, final); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, final, after)
	expect(t, dir, dir, same)
	for _, link := range links {
		if got, err := os.Readlink(filepath.Join(dir, link.path)); err != nil || got != link.after {
			t.Errorf("%s links to %q, %v; want %q", link.path, got, err, link.after)
		}
	}
	expectNothingAside(t, dir)
}

// expectNothingAside checks that no temporary file was left.
func expectNothingAside(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if strings.HasPrefix(entry.Name(), ".new") || strings.HasSuffix(entry.Name(), ".new") {
			t.Errorf("%s was left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRelocateKeepsTheQuotes has the path written as the activate scripts of
// venv, virtualenv and uv write it, for each shell.
func TestRelocateKeepsTheQuotes(t *testing.T) {
	home := nasty(t, `it's "my" $HOME \x!`)
	written := func(place string) string {
		sh := strings.ReplaceAll(place, `'`, `'"'"'`)
		double := strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`).Replace(place)
		fish := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(place)
		return strings.Join([]string{
			`VIRTUAL_ENV='` + sh + `'`,
			`VIRTUAL_ENV="` + place + `"`,
			`VIRTUAL_ENV="` + double + `"`,
			`VIRTUAL_ENV='` + strings.ReplaceAll(place, `'`, `'\''`) + `'`,
			`setenv PATH '` + sh + `'"/"'bin'`,
			`set -gx VIRTUAL_ENV '` + fish + `'`,
			`set -gx VIRTUAL_ENV '` + strings.NewReplacer(`\`, `'\\'`, `'`, `'\''`).Replace(place) + `'`,
			`setenv VIRTUAL_ENV '` + strings.NewReplacer(`\`, `'\\'`, `!`, `'\!'`, `'`, `'"'"'`).Replace(place) + `'`,
			`let virtual_env = r#'` + place + `'#`,
		}, "\n")
	}
	dir, final := home+"/.den/x/it's web", home+"/it's web"
	lay(t, dir, "", []file{{"bin/activate", written(dir), 0o644}})
	if err := Relocate(dir, final); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, "", []file{{"bin/activate", written(final), 0o644}})
}

// TestRelocateChangesTheForm moves scripts between places that need different
// headers, there and back.
func TestRelocateChangesTheForm(t *testing.T) {
	root := nasty(t, "root")
	for _, from := range []string{"plain", "with space", "it's $HOME", strings.Repeat("long", 40), `q"uo'''te\x`} {
		for _, to := range []string{"plain too", "plain2", `a\x '''b"`, strings.Repeat("longer", 30), "café"} {
			dir := nasty(t, "x")
			from, to := root+"/"+from, root+"/"+to
			body := "# coding: utf-8\nprint()\n"
			at := func(place string) []file {
				h := header{body: []byte(body)}
				return []file{{"bin/x", string(h.render(place + "/bin/python3")), 0o755}}
			}
			lay(t, dir, "", at(from))
			m := relocation{at: dir, from: []string{from}, to: to}
			if err := m.in(dir, func() error { return m.rewrite(dir+"/bin/x", m.program) }); err != nil {
				t.Fatal(err)
			}
			expect(t, dir, "", at(to))
		}
	}
}

func TestRelocateUpdatesRecords(t *testing.T) {
	root := nasty(t, "root")
	dir, final := root+"/staged", root+"/final place"
	script := func(place string) string {
		h := header{body: []byte("main()\n")}
		return string(h.render(place + "/bin/python"))
	}
	record := func(place string) string {
		return strings.Join([]string{
			recordRow("../../../bin/pip", script(place)),
			recordRow(`"../../../bin/a, ""b"""`, script(place)),
			recordRow(place+"/bin/absolute", script(place)),
			recordRow(place+"/share/untouched", ""),
			"../../../bin/unhashed,,",
			recordRow("web/__init__.py", ""),
			recordRow("web.pth", place+"\n"),
			`"odd, unchanged",sha256=abc,3`,
			"too,many,fields,here",
			"pip-24.0.dist-info/RECORD,,",
			"last line without end,,",
		}, "\r\n")
	}
	at := func(place string) []file {
		return []file{
			{"bin/pip", script(place), 0o755},
			{"bin/a, \"b\"", script(place), 0o755},
			{"bin/absolute", script(place), 0o755},
			{"bin/unhashed", script(place), 0o755},
			{sitePackages + "web/__init__.py", "", 0o644},
			{sitePackages + "web.pth", place + "\n", 0o644},
			{sitePackages + "pip-24.0.dist-info/RECORD", record(place), 0o644},
			{sitePackages + "other.dist-info/RECORD", "other.py,,\n", 0o644},
		}
	}
	lay(t, dir, "", at(dir))
	// As uv installs: the file in the environment is the one in its cache.
	cached := root + "/cached"
	if err := os.Link(dir+"/"+sitePackages+"pip-24.0.dist-info/RECORD", cached); err != nil {
		t.Fatal(err)
	}
	if err := Relocate(dir, final); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, "", at(final))
	if got, err := os.ReadFile(cached); err != nil || string(got) != record(dir) {
		t.Errorf("the cache was written to: %q, %v", got, err)
	}
	if strings.Contains(record(final), `"/`) {
		t.Fatal("the path should need no quotes")
	}
}

func TestRelocateThroughSymlink(t *testing.T) {
	root := nasty(t, "root")
	if err := os.MkdirAll(root+"/real/staged", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", root+"/alias"); err != nil {
		t.Fatal(err)
	}
	files := []file{
		{"bin/alias", "#!" + root + "/alias/staged/bin/python\n", 0o755},
		{"bin/real", "#!" + root + "/real/staged/bin/python\n", 0o755},
	}
	lay(t, root+"/real/staged", "", files)
	if err := Relocate(root+"/alias/staged", root+"/alias/final"); err != nil {
		t.Fatal(err)
	}
	expect(t, root+"/real/staged", "", []file{
		{"bin/alias", "#!" + root + "/alias/final/bin/python\n", 0o755},
		{"bin/real", "#!" + root + "/alias/final/bin/python\n", 0o755},
	})
}

func TestRelocateFails(t *testing.T) {
	if err := Relocate(nasty(t, "x")+"/missing", "/final"); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("Relocate of nothing: %v", err)
	}
	dir := nasty(t, "x")
	lay(t, dir, dir, []file{{"bin/link", "", 0o644}})
	if err := os.Symlink(dir+"/bin", dir+"/itself"); err != nil {
		t.Fatal(err)
	}
	tooLong := "/final" + strings.Repeat("/directory", 500)
	if err := Relocate(dir, tooLong); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("Relocate where a link cannot be made: %v", err)
	}
}

// TestRepairScripts takes what pip writes in each nasty place to what runs
// there.
func TestRepairScripts(t *testing.T) {
	python := interpreters(t)[0].BaseExecutable
	// Scripts of pip's are ASCII; it would put what tells another encoding
	// where Python does not look for it.
	report := strings.ReplaceAll(report, "\xe9", "e")
	for _, name := range nastyNames {
		if strings.Contains(name, "\n") {
			continue // pyvenv.cfg cannot hold such a path, nor does venv take it
		}
		dir := nasty(t, name+"/web")
		wrong := distlibHeader(dir+"/bin/python3") + report
		right := header{python: dir + "/bin/python3", body: []byte(report)}
		other := "#!/bin/sh\n'''exec' \"/other $HOME/bin/python3\" \"$0\" \"$@\"\n' '''\n"
		lay(t, dir, "", []file{
			{"bin/x", wrong, 0o755},
			{"bin/other", other, 0o755},
			{sitePackages + "x-1.dist-info/RECORD", recordRow("../../../bin/x", wrong) + "\n", 0o644},
		})
		if err := os.Symlink(python, dir+"/bin/python3"); err != nil {
			t.Fatal(err)
		}
		if err := RepairScripts(dir); err != nil {
			t.Fatal(err)
		}
		want := string(right.render(right.python))
		if pipQuotesRight(dir) {
			want = wrong // and left alone
		}
		expect(t, dir, "", []file{
			{"bin/x", want, 0o755},
			{"bin/other", other, 0o755},
			{sitePackages + "x-1.dist-info/RECORD", recordRow("../../../bin/x", want) + "\n", 0o644},
		})
		expectRuns(t, dir+"/bin/x", dir+"/bin/python3")
		expectNothingAside(t, dir)
	}
}

// distlibHeader is what pip writes for an interpreter.
func distlibHeader(python string) string {
	if !strings.Contains(python, " ") && len(python)+3 <= longestShebang() {
		return "#!" + python + "\n"
	}
	if strings.Contains(python, " ") {
		python = `"` + python + `"`
	}
	return "#!/bin/sh\n'''exec' " + python + " \"$0\" \"$@\"\n' '''\n"
}

func TestRepairScriptsOfNothing(t *testing.T) {
	if err := RepairScripts("/nonexistent/plain"); err != nil {
		t.Errorf("where there is nothing to look for: %v", err)
	}
	if err := RepairScripts("/nonexistent/it's $HOME"); err == nil {
		t.Error("no error")
	}
}

// expectRecorded checks every file that an environment's RECORDs give a hash
// for.
func expectRecorded(t *testing.T, dir string) {
	t.Helper()
	records, err := filepath.Glob(escapeGlob(dir) + "/lib/*/site-packages/*.dist-info/RECORD")
	if err != nil || len(records) == 0 {
		t.Fatalf("RECORDs of %s: %q, %v", dir, records, err)
	}
	for _, record := range records {
		file, err := os.Open(record)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		_ = file.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row[1] == "" {
				continue
			}
			content, err := os.ReadFile(inside(filepath.Dir(filepath.Dir(record)), row[0]))
			if err != nil {
				t.Error(err)
				continue
			}
			if want := strings.Split(recordRow("", string(content)), ","); row[1] != want[1] || row[2] != want[2] {
				t.Errorf("%s: recorded as %s, %s; is %s, %s", row[0], row[1], row[2], want[1], want[2])
			}
		}
	}
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
