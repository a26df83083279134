package packages

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	site := filepath.Join(dir, "it's [a] *site*")
	metadata := func(name, version string) string {
		return "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\nSummary: x\n\nName: not this\n"
	}
	lay(t, dir, map[string]string{"src/linked/linked_one.egg-info/PKG-INFO": metadata("linked-one", "0.1")})
	lay(t, site, map[string]string{
		"requests-2.31.0.dist-info/METADATA":   metadata("requests", "2.31.0"),
		"torch-2.1.dist-info/METADATA":         metadata("torch", "2.1+cu118"),
		"Flask-3.0.dist-info/METADATA":         metadata("Flask", "3.0"),
		"edited-1.dist-info/METADATA":          metadata("edited", "1"),
		"edited-1.dist-info/direct_url.json":   `{"dir_info": {"editable": true}, "url": "file:///home/me/my%20src"}`,
		"local-1.dist-info/METADATA":           metadata("local", "1"),
		"local-1.dist-info/direct_url.json":    `{"dir_info": {}, "url": "file:///srv/local"}`,
		"fetched-1.dist-info/METADATA":         metadata("fetched", "1"),
		"fetched-1.dist-info/direct_url.json":  `{"url": "https://git.example/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc123", "requested_revision": "main"}, "subdirectory": "py"}`,
		"archived-1.dist-info/METADATA":        metadata("archived", "1"),
		"archived-1.dist-info/direct_url.json": `{"url": "https://example.org/a-1.zip", "archive_info": {"hash": "sha256=00ff", "hashes": {"sha256": "00ff"}}}`,
		"linked-one.egg-link":                  dir + "/src/linked\n.",
		"lost.egg-link":                        dir + "/src/lost\n.",
		"old.egg-info":                         metadata("old", "0.9"),
		"older-1.egg-info/PKG-INFO":            metadata("older", "1"),
		"oldest-1-py2.7.egg/EGG-INFO/PKG-INFO": metadata("oldest", "1"),
		"zipped-1-py2.7.egg":                   archive(t, "EGG-INFO/PKG-INFO", metadata("zipped", "1")),
		"no-archive-1-py2.7.egg":               metadata("no-archive", "1"),
		"leftover-1.dist-info/INSTALLER":       "pip\n",
		"~roken-1.dist-info/nothing":           "",
		"~alved-1.dist-info/METADATA":          metadata("halved", "1"),
		"requests/__init__.py":                 "",
		"_distutils_hack/__init__.py":          "",
		"distutils-precedence.pth":             "",
		"requests-2.31.0.dist-info/RECORD":     "requests/__init__.py,sha256=x,0\n../../../bin/tool,,\n\"with,comma\",,\n",
		"archived-1.dist-info/RECORD":          "/absolute/file,,\n",
	})
	all, err := Read(site)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range all {
		got = append(got, d.Requirement())
	}
	want := []string{
		"archived @ https://example.org/a-1.zip#sha256=00ff",
		"-e file:///home/me/my%20src",
		"fetched @ git+https://git.example/x.git@abc123#subdirectory=py",
		"Flask==3.0",
		"-e file://" + dir + "/src/linked",
		"local @ file:///srv/local",
		"-e file://" + dir + "/src/lost",
		"old==0.9",
		"older==1",
		"oldest==1",
		"requests==2.31.0",
		"torch==2.1+cu118",
		"zipped==1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	files, err := Files(site)
	if err != nil {
		t.Fatal(err)
	}
	wantFiles := []string{
		"/absolute/file",
		filepath.Clean(site + "/../../../bin/tool"),
		site + "/requests/__init__.py",
		site + "/with,comma",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, slices.Sorted(slices.Values(wantFiles))) {
		t.Errorf("files %q, want %q", got, wantFiles)
	}
}

// archive returns a zip archive with one file.
func archive(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.Create(name)
	if err == nil {
		_, err = file.Write([]byte(text))
	}
	if err := cmp.Or(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadErrors(t *testing.T) {
	site := t.TempDir()
	if _, err := Read(site + "/missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	lay(t, site, map[string]string{
		"x-1.dist-info/METADATA":        "Name: x\nVersion: 1\n",
		"x-1.dist-info/direct_url.json": "{",
	})
	if all, err := Read(site); err == nil {
		t.Errorf("a direct_url.json that is cut off: %v", all)
	}
}

func TestNormalize(t *testing.T) {
	for name, want := range map[string]string{"Flask": "flask", "zope.interface": "zope-interface", "a__b.-c": "a-b-c"} {
		if got := Normalize(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A repository on this machine has no host, which older pips ask for in "NAME @ URL".
func TestAt(t *testing.T) {
	for want, got := range map[string]string{
		"web @ https://example.org/web.zip#sha256=00ff":     At("web", "https://example.org/web.zip", "sha256=00ff"),
		"web @ file:///srv/web":                             At("web", "file:///srv/web"),
		"web @ git+ssh://git@example.org/web@12#egg=x":      At("web", "git+ssh://git@example.org/web@12", "egg=x"),
		"git+file:///srv/web@12#egg=web&subdirectory=inner": At("web", "git+file:///srv/web@12", "subdirectory=inner"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRequires(t *testing.T) {
	site := t.TempDir()
	lay(t, site, map[string]string{"x-1.dist-info/METADATA": "Name: x\nVersion: 1\n" +
		"Requires-Dist: Zope.Interface (>=5)\nRequires-Dist: setuptools>=61 ; python_version >= '3'\n" +
		"Requires-Dist: six\nRequires-Dist: wheel ; extra == 'dev'\n\nRequires-Dist: text\n"})
	all, err := Read(site)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := all[0].Requires(), []string{"zope-interface", "setuptools", "six"}; !slices.Equal(got, want) {
		t.Errorf("it needs %q, want %q", got, want)
	}
}
