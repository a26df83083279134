package pack

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"den/env/disk"
	"den/env/filetest"
	"den/env/layout"
	"den/env/python"
	"den/env/variables"
)

const site = "lib/python3.12/site-packages"

// plant makes an environment with a package, at the path, and returns what packs it.
func plant(t testing.TB, dir string) Source {
	t.Helper()
	program := "#!" + dir + "/bin/python\nimport brick\n"
	files := map[string]string{
		"pyvenv.cfg":       "home = /usr/bin\n",
		"bin/brick":        program,
		"bin/postactivate": "# a hook\n",
		".project":         "/somewhere\n",
		site + "/brick.py": "print('brick')\n",
		site + "/__pycache__/brick.cpython-312.pyc":      "bytecode",
		site + "/native.cpython-312-x86_64-linux-gnu.so": "\x7fELF\x00",
		site + "/brick-1.0.dist-info/METADATA":           "Metadata-Version: 2.1\nName: brick\nVersion: 1.0\n",
		site + "/brick-1.0.dist-info/WHEEL":              "Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_17_x86_64\nTag: cp312-cp312-manylinux2014_x86_64\n",
		"share/large":                                    strings.Repeat("0123456789abcdef", bufferedSize/8),
	}
	record := "brick.py,sha256=" + recordHash(files[site+"/brick.py"]) + ",15\n" +
		"../../../bin/brick,sha256=" + recordHash(program) + fmt.Sprintf(",%d\n", len(program)) +
		"__pycache__/brick.cpython-312.pyc,,\nbrick-1.0.dist-info/RECORD,,\n"
	files[site+"/brick-1.0.dist-info/RECORD"] = record
	for path, text := range files {
		filetest.Write(t, filepath.Join(dir, path), text)
	}
	for path, target := range map[string]string{
		"bin/python": "/usr/bin/python3", "bin/python3": "python", "lib64": "lib",
		"share/link": "../" + site + "/brick.py", "share/whole": dir + "/share/large",
	} {
		if err := os.Symlink(target, filepath.Join(dir, path)); err != nil {
			t.Fatal(err)
		}
	}
	for _, empty := range []string{"include/empty", "share/gone/__pycache__"} {
		if err := os.MkdirAll(filepath.Join(dir, empty), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "bin/brick"), 0o755); err != nil {
		t.Fatal(err)
	}
	return source(t, dir)
}

// source is what packs the environment in dir.
func source(t testing.TB, dir string) Source {
	t.Helper()
	overlay := t.TempDir()
	m := Manifest{Den: "test", Name: "web", Path: "/den-packed/web", Python: Python{
		Version: python.Version{Major: 3, Minor: 12, Micro: 1}, Implementation: "cpython",
		Platform: python.Platform{ABI: "cpython-312-x86_64-linux-gnu", System: "linux", Machine: "x86_64", Libc: "glibc", LibcVersion: "2.36"},
	}}
	if _, err := layout.Move(context.Background(), dir, dir, m.Path, overlay); err != nil {
		t.Fatal(err)
	}
	return Source{Dir: dir, Site: filepath.Join(dir, site), Overlay: overlay, Manifest: m, ProjectFile: ".project"}
}

func recordHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// packTo packs the environment into a file, and returns its bytes.
func packTo(t testing.TB, s Source) []byte {
	t.Helper()
	contents, err := Collect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := contents.Write(t.Context(), &packed, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// extract unpacks the bytes into a new directory.
func extract(t testing.TB, packed []byte) (dir string, err error) {
	t.Helper()
	archive, err := open(t, packed)
	if err != nil {
		return "", err
	}
	dir = t.TempDir()
	return dir, archive.Extract(t.Context(), dir, func(string) bool { return false }, func(int64) {})
}

// open opens an archive with these bytes, until the test ends.
func open(t testing.TB, packed []byte) (*Archive, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "web.tar.zst")
	filetest.Write(t, file, string(packed))
	archive, err := Open(file)
	if err == nil {
		t.Cleanup(archive.Close)
	}
	return archive, err
}

// list returns the files below dir, each with its mode and what is in it.
func list(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		below, _ := filepath.Rel(dir, path)
		switch {
		case info.Mode().Type() == fs.ModeSymlink:
			target, _ := os.Readlink(path)
			all[below] = "-> " + target
		case info.Mode().IsRegular():
			text, _ := os.ReadFile(path)
			all[below] = fmt.Sprintf("%o %s", info.Mode().Perm(), hash(string(text)))
		case info.IsDir():
			if entries, _ := os.ReadDir(path); len(entries) == 0 {
				all[below] = "empty"
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	packed := packTo(t, plant(t, dir))
	out, err := extract(t, packed)
	if err != nil {
		t.Fatal(err)
	}
	want := list(t, dir)
	for _, left := range []string{"pyvenv.cfg", ".project", "bin/python", "bin/python3", "lib64", site + "/__pycache__/brick.cpython-312.pyc", "share/gone/__pycache__"} {
		delete(want, left)
	}
	want["share/gone"] = "empty"
	want["share/whole"] = "-> /den-packed/web/share/large"
	want["bin/brick"] = "755 " + hash("#!/den-packed/web/bin/python\nimport brick\n")
	got := list(t, out)
	delete(want, site+"/brick-1.0.dist-info/RECORD") // its hash of bin/brick has changed
	delete(got, site+"/brick-1.0.dist-info/RECORD")
	for path := range want {
		if got[path] != want[path] {
			t.Errorf("%s: %q, want %q", path, got[path], want[path])
		}
		delete(got, path)
	}
	if len(got) > 0 {
		t.Errorf("more than was packed: %q", got)
	}
}

// The bytes depend on neither the path, nor times, nor what has run since.
func TestReproducible(t *testing.T) {
	one := packTo(t, plant(t, filepath.Join(t.TempDir(), "web")))
	elsewhere := filepath.Join(t.TempDir(), "another place", "web")
	s := plant(t, elsewhere)
	filetest.Write(t, filepath.Join(elsewhere, "bin", "__pycache__", "x.cpython-312.pyc"), "more")
	if other := packTo(t, s); !bytes.Equal(one, other) {
		t.Error("the same environment at another path gives other bytes")
	}
}

func TestManifest(t *testing.T) {
	contents, err := Collect(t.Context(), plant(t, filepath.Join(t.TempDir(), "web")))
	if err != nil {
		t.Fatal(err)
	}
	m := contents.Manifest
	if !m.Compiled || m.Python.LibcVersion != "2.17" {
		t.Errorf("compiled %v, needs glibc %s, want 2.17", m.Compiled, m.Python.LibcVersion)
	}
	if want := []Package{{"brick", "1.0"}}; !slices.Equal(m.Packages, want) {
		t.Errorf("packages %v, want %v", m.Packages, want)
	}
	if len(m.Changed) > 0 {
		t.Errorf("changed: %q", m.Changed)
	}
	if !slices.IsSortedFunc(m.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) }) {
		t.Error("the files are not sorted")
	}
}

// A file that a person has changed is packed, and said to be so.
func TestChangedFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	plant(t, dir)
	filetest.Write(t, filepath.Join(dir, site, "brick.py"), "print('mine')\n")
	s := source(t, dir)
	contents, err := Collect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{site + "/brick.py"}; !slices.Equal(contents.Manifest.Changed, want) {
		t.Errorf("changed: %q, want %q", contents.Manifest.Changed, want)
	}
	if _, err := extract(t, packTo(t, s)); err != nil {
		t.Error(err)
	}
}

// A file that is compressed to nearly nothing is unpacked again.
func TestSparse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	s := plant(t, dir)
	if err := os.Truncate(filepath.Join(dir, "share/large"), 2*smallSize); err != nil {
		t.Fatal(err)
	}
	if _, err := extract(t, packTo(t, s)); err != nil {
		t.Error(err)
	}
}

func TestNamesThatAreNoText(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"file": func(path string) error { return os.WriteFile(path, nil, 0o644) },
		"link": func(path string) error { return os.Symlink("brick\xff", filepath.Join(filepath.Dir(path), "link")) },
	} {
		dir := filepath.Join(t.TempDir(), "web")
		s := plant(t, dir)
		if err := put(filepath.Join(dir, "bin/brick\xff")); err != nil {
			t.Fatal(err)
		}
		if _, err := Collect(t.Context(), s); err == nil || !strings.Contains(err.Error(), "names in UTF-8") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangesWhilePacking(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	contents, err := Collect(t.Context(), plant(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	filetest.Write(t, filepath.Join(dir, "share/large"), "short")
	if err := contents.Write(t.Context(), io.Discard, func(int64) {}); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Errorf("Write: %v", err)
	}
}

// What an earlier run has noted of a file is compared with its content before it gets into
// a packed file. The environment here are the sources of this package: they are old enough.
func TestWrongMemory(t *testing.T) {
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	run := func() error {
		s := Source{Dir: dir, Site: dir, Overlay: t.TempDir(), Manifest: source(t, t.TempDir()).Manifest, Memory: layout.Remember(cache, dir)}
		contents, err := Collect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		s.Memory.Save()
		return contents.Write(t.Context(), io.Discard, func(int64) {})
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	notes, err := filepath.Glob(cache + "/*")
	if err != nil || len(notes) != 1 {
		t.Fatal(notes, err)
	}
	text, err := os.ReadFile(notes[0])
	if err != nil {
		t.Fatal(err)
	}
	text = text[:len(text)-sha256.Size]
	text[len(text)-2] ^= 1 // of the hash of the last file
	sum := sha256.Sum256(text)
	filetest.Write(t, notes[0], string(append(text, sum[:]...)))
	if err := run(); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Errorf("with a wrong hash: %v", err)
	}
	if err := run(); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func TestOutside(t *testing.T) {
	top := t.TempDir()
	dir, sources := filepath.Join(top, "web"), filepath.Join(top, "src", "thing")
	plant(t, dir)
	filetest.Write(t, filepath.Join(sources, "thing", "__init__.py"), "")
	filetest.Write(t, filepath.Join(sources, ".git", "config"), "")
	note := filepath.Join(dir, site, "thing-2.0.dist-info")
	filetest.Write(t, filepath.Join(note, "METADATA"), "Name: thing\nVersion: 2.0\n")
	filetest.Write(t, filepath.Join(note, "direct_url.json"), `{"url": "file://`+sources+`", "dir_info": {"editable": true}}`)
	filetest.Write(t, filepath.Join(note, "RECORD"), "thing-2.0.dist-info/METADATA,,\nthing-2.0.dist-info/direct_url.json,,\n__editable__.thing.pth,,\nthing-2.0.dist-info/RECORD,,\n")
	filetest.Write(t, filepath.Join(dir, site, "__editable__.thing.pth"), sources+"\n")
	filetest.Write(t, filepath.Join(top, "data", "file"), "data")
	for path, target := range map[string]string{"share/data": top + "/data", "share/up": "../../data/file"} {
		if err := os.Symlink(target, filepath.Join(dir, path)); err != nil {
			t.Fatal(err)
		}
	}
	s := source(t, dir)

	_, err := Collect(t.Context(), s)
	outside, ok := errors.AsType[*OutsideError](err)
	if !ok || len(outside.Found) != 3 {
		t.Fatalf("Collect: %v", err)
	}
	for _, want := range []string{"thing, an editable install of " + sources, "share/data -> " + top + "/data", "share/up -> ../../data/file"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}

	s.Outside = Omit
	out, err := extract(t, packTo(t, s))
	if err != nil {
		t.Fatal(err)
	}
	for path := range list(t, out) {
		if strings.Contains(path, "thing") || path == "share/data" || path == "share/up" || strings.HasSuffix(path, "easy-install.pth") {
			t.Errorf("%s is not left out", path)
		}
	}

	s.Outside = Follow
	if out, err = extract(t, packTo(t, s)); err != nil {
		t.Fatal(err)
	}
	got := list(t, out)
	for path, text := range map[string]string{
		"share/data/file": "data", "share/up": "data", "src/thing/thing/__init__.py": "",
		site + "/__editable__.thing.pth":              "/den-packed/web/src/thing\n",
		site + "/thing-2.0.dist-info/direct_url.json": `{"url": "file:///den-packed/web/src/thing", "dir_info": {"editable": true}}`,
	} {
		if want := "644 " + hash(text); got[path] != want {
			t.Errorf("%s: %q, want %q", path, got[path], want)
		}
	}
	if _, ok := got["src/thing/.git/config"]; ok {
		t.Error("the history of the sources is packed")
	}
}

func TestFits(t *testing.T) {
	need := Manifest{Compiled: true, Python: Python{Version: python.Version{Major: 3, Minor: 12}, Implementation: "cpython",
		Platform: python.Platform{ABI: "cpython-312-x86_64-linux-gnu", System: "linux", Machine: "x86_64", Libc: "glibc", LibcVersion: "2.17"}}}
	this := python.Interpreter{Version: python.Version{Major: 3, Minor: 12, Micro: 7}, Implementation: "cpython"}
	platform := need.Python.Platform
	platform.LibcVersion = "2.36"
	for _, row := range []struct {
		name   string
		change func(m *Manifest, i *python.Interpreter, p *python.Platform)
		want   string // in the error; "" for none
	}{
		{"same", func(*Manifest, *python.Interpreter, *python.Platform) {}, ""},
		{"minor version", func(_ *Manifest, i *python.Interpreter, _ *python.Platform) { i.Version.Minor = 11 }, "needs 3.12"},
		{"implementation", func(m *Manifest, _ *python.Interpreter, _ *python.Platform) { m.Python.Implementation = "pypy" }, "needs pypy3.12"},
		{"free-threaded", func(m *Manifest, _ *python.Interpreter, _ *python.Platform) { m.Python.FreeThreaded = true }, "needs 3.12t"},
		{"machine", func(_ *Manifest, _ *python.Interpreter, p *python.Platform) { p.Machine = "aarch64" }, "for linux on x86_64"},
		{"machine, pure", func(m *Manifest, _ *python.Interpreter, p *python.Platform) { m.Compiled, p.Machine = false, "aarch64" }, ""},
		{"libc", func(_ *Manifest, _ *python.Interpreter, p *python.Platform) { p.Libc = "musl" }, "need the C library glibc"},
		{"old libc", func(_ *Manifest, _ *python.Interpreter, p *python.Platform) { p.LibcVersion = "2.9" }, "need glibc 2.17 or newer"},
		{"ABI", func(_ *Manifest, _ *python.Interpreter, p *python.Platform) { p.ABI = "cpython-312d" }, "has cpython-312d"},
	} {
		m, i, p := need, this, platform
		row.change(&m, &i, &p)
		err := m.Fits(i, p)
		if _, ok := errors.AsType[*MisfitError](err); (err == nil) != (row.want == "") || err != nil && (!ok || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// A member is what a hostile archive has in it.
type member struct {
	header tar.Header
	text   string
}

// forge writes an archive with a manifest and members that need not match it.
func forge(t testing.TB, m Manifest, members ...member) []byte {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	members = append([]member{{tar.Header{Name: manifestName, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}, string(text)}}, members...)
	var packed bytes.Buffer
	compressed, err := zstd.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(compressed)
	for _, one := range members {
		if err := archive.WriteHeader(&one.header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(archive, one.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func regular(path, text string) (File, member) {
	f := File{Path: path, Mode: 0o644, Size: int64(len(text)), SHA256: hash(text)}
	return f, member{*f.Header(filesDir), text}
}

// hostiles are archives that are refused, with words of the reason.
func hostiles(t testing.TB) map[string]struct {
	packed []byte
	want   string
} {
	base := Manifest{Format: 1, Name: "web", Path: "/den-packed/web"}
	good, goodMember := regular("good", "good")
	all := make(map[string]struct {
		packed []byte
		want   string
	})
	add := func(name, want string, packed []byte) {
		all[name] = struct {
			packed []byte
			want   string
		}{packed, want}
	}
	files := func(files ...File) Manifest {
		m := base
		m.Files = files
		return m
	}
	for _, path := range []string{"../up", "/etc/passwd", "a/../../b", "a//b", "./a", "", ".", "a\x00b", "pyvenv.cfg",
		"pyvenv.cfg/a", "bin/python", "bin/python3.12", "bin/pypy3/a", "lib64", ".lock", "lib/libpython3.12.so"} {
		f := good
		f.Path = path
		add("path "+path, "it has a file", forge(t, files(f)))
	}
	for _, link := range []string{"/etc", "..", "../../etc", "a/../../b", "/den-packed/webb", "/den-packed/web/../../etc"} {
		add("link "+link, "leads out", forge(t, files(File{Path: "link", Link: link})))
	}
	add("link through a link", "leads through another", forge(t, files(File{Path: "a", Link: "lib/deep"}, File{Path: "b", Link: "a/../x"}, File{Path: "lib/deep/x", Mode: 0o644, SHA256: hash("")})))
	add("file below a link", "no directory", forge(t, files(File{Path: "a", Link: "lib"}, File{Path: "a/x", Mode: 0o644, SHA256: hash("")})))
	add("link above a file", "it has \"a\" twice", forge(t, files(File{Path: "a/x", Mode: 0o644, SHA256: hash("")}, File{Path: "a", Link: "lib"})))
	add("twice", "twice", forge(t, files(good, good)))
	add("case", "take for one", forge(t, files(File{Path: "A", Link: "lib"}, File{Path: "a/x", Mode: 0o644, SHA256: hash("")})))
	add("setuid", "has the mode", forge(t, files(File{Path: "a", Mode: 0o4755, SHA256: hash("")})))
	add("size below zero", "has the size", forge(t, files(File{Path: "a", Mode: 0o644, Size: -1, SHA256: hash("")})))
	add("huge claim", "it claims to have", forge(t, files(File{Path: "a", Mode: 0o644, Size: 1 << 40, SHA256: hash("")})))
	add("overflowing claims", "larger than any disk", forge(t, files(File{Path: "a", Mode: 0o644, Size: 1 << 62, SHA256: hash("")}, File{Path: "b", Mode: 0o644, Size: 1 << 62, SHA256: hash("")}, File{Path: "c", Mode: 0o644, Size: 1 << 62, SHA256: hash("")})))
	add("no hash", "has no hash", forge(t, files(File{Path: "a", Mode: 0o644, Size: 1, SHA256: "00"})))
	m := base
	m.Path = "/"
	add("path of all", "impossible path", forge(t, m))
	m = base
	m.Name = "../web"
	add("name", "environment's name", forge(t, m))
	m = base
	m.Config = []string{"home = /tmp"}
	add("config", "further line", forge(t, m))
	m = base
	m.Format = 2
	add("newer", "the format 2", forge(t, m))
	add("member that is not named", "more in it", forge(t, base, goodMember))
	add("member that is missing", "cut off", forge(t, files(good)))
	other, otherMember := regular("other", "good")
	add("another member", `it has "environment/other"`, forge(t, files(good), otherMember))
	add("order", "where its manifest has", forge(t, files(good, other), otherMember, goodMember))
	wrong := goodMember
	wrong.text = "evil"
	add("another content", "not what its manifest says", forge(t, files(good), wrong))
	device := member{header: tar.Header{Typeflag: tar.TypeChar, Name: "environment/good", Mode: 0o644, Devmajor: 1, Devminor: 3}}
	add("device", "where its manifest has", forge(t, files(good), device))
	hard := member{header: tar.Header{Typeflag: tar.TypeLink, Name: "environment/good", Linkname: "/etc/passwd", Mode: 0o644}}
	add("hard link", "where its manifest has", forge(t, files(good), hard))
	record, recordMember := regular("lib/x-1.dist-info/RECORD", "../good,sha256="+recordHash("evil")+",4\n")
	add("RECORD", "not the file that its package has installed", forge(t, files(good, record), File(good).member("good"), recordMember))
	bomb := strings.Repeat("\x00", smallSize+(4<<20))
	big, bigMember := regular("big", bomb)
	add("ratio", "it claims to have", forge(t, files(big), bigMember))
	add("empty", "not compressed by zstd", nil)
	add("text", "not compressed by zstd", []byte("hello, world"))
	whole := forge(t, files(good), goodMember)
	add("cut off", "", whole[:len(whole)-10])
	add("more after it", "more after its end", append(slices.Clone(whole), whole...))
	return all
}

func (f File) member(text string) member { return member{*f.Header(filesDir), text} }

func TestHostile(t *testing.T) {
	for name, row := range hostiles(t) {
		t.Run(name, func(t *testing.T) {
			dir, err := extract(t, row.packed)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("%v, want %q", err, row.want)
			}
			if strings.HasPrefix(name, "path") || strings.HasPrefix(name, "link") {
				if dir != "" {
					t.Error("it was found out only when something was written")
				}
			}
		})
	}
}

// lay makes what is in a directory before an archive is extracted into it, and
// returns what may be replaced.
func lay(t testing.TB, dir string) (replaces func(path string) bool) {
	t.Helper()
	filetest.Write(t, filepath.Join(dir, "bin/activate"), "")
	filetest.Write(t, filepath.Join(dir, "lib/laid"), "")
	if err := os.Symlink("lib", filepath.Join(dir, "lib64")); err != nil {
		t.Fatal(err)
	}
	return func(path string) bool { return path == "bin/activate" || path == "lib64" }
}

// inTheWayOfOthers are archives with something else where lay has made something.
func inTheWayOfOthers(t testing.TB) map[string][]byte {
	all := make(map[string][]byte)
	for _, f := range []File{
		{Path: "lib", Mode: 0o644, SHA256: hash("")}, {Path: "lib", Link: "x"}, {Path: "bin", Link: "x"}, {Path: "lib/laid", Link: "x"},
		{Path: "lib/laid", Mode: 0o644, SHA256: hash("")}, {Path: "lib/laid", Mode: 0o755},
		{Path: "lib/laid/x", Mode: 0o644, SHA256: hash("")}, {Path: "bin/activate/x", Mode: 0o644, SHA256: hash("")},
	} {
		all[fmt.Sprintf("%+v", f)] = forge(t, Manifest{Format: 1, Name: "web", Path: "/den-packed/web", Files: []File{f}}, f.member(""))
	}
	return all
}

func TestInTheWay(t *testing.T) {
	extract := func(packed []byte) (map[string]string, error) {
		archive, err := open(t, packed)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		err = archive.Extract(t.Context(), dir, lay(t, dir), func(int64) {})
		return list(t, dir), err
	}
	for name, packed := range inTheWayOfOthers(t) {
		if _, err := extract(packed); !as[*CorruptError](err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	activate, activateMember := regular("bin/activate", "other")
	deep, deepMember := regular("lib64/deep", "deep")
	got, err := extract(forge(t, Manifest{Format: 1, Name: "web", Path: "/den-packed/web", Files: []File{activate, deep}}, activateMember, deepMember))
	if err != nil || got["bin/activate"] != "644 "+hash("other") || got["lib64/deep"] != "644 "+hash("deep") {
		t.Errorf("%v, %q", err, got)
	}
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// No bit of an archive can change, and no end be missing, without an error.
func TestDamaged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	packed := packTo(t, plant(t, dir))
	want, err := extract(t, packed)
	if err != nil {
		t.Fatal(err)
	}
	whole := list(t, want)
	step := max(1, len(packed)/150)
	for at := 0; at < len(packed); at += step {
		flipped := slices.Clone(packed)
		flipped[at] ^= 1 << (at % 8)
		if out, err := extract(t, flipped); err == nil {
			got := list(t, out)
			for path := range whole {
				if got[path] != whole[path] {
					t.Errorf("with byte %d changed, %s is %q", at, path, got[path])
				}
			}
		}
		if _, err := extract(t, packed[:at]); err == nil {
			t.Errorf("cut off after %d of %d bytes, and no error", at, len(packed))
		}
	}
}

// Whatever is in a file, nothing is written outside of the directory, and what is
// taken is what its manifest says.
func FuzzExtract(f *testing.F) {
	for _, row := range hostiles(f) {
		if len(row.packed) < 1<<16 {
			f.Add(row.packed)
		}
	}
	good, goodMember := regular("lib/good", "good")
	f.Add(forge(f, Manifest{Format: 1, Name: "web", Path: "/den-packed/web", Files: []File{good, {Path: "link", Link: "lib/good"}}}, goodMember, File{Path: "link", Link: "lib/good"}.member("")))
	for _, packed := range inTheWayOfOthers(f) {
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		top := t.TempDir()
		file := filepath.Join(t.TempDir(), "fuzz.tar.zst")
		filetest.Write(t, file, string(packed))
		archive, err := Open(file)
		if err != nil {
			return
		}
		defer archive.Close()
		dir := filepath.Join(top, "a", "b", "environment")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		err = archive.Extract(t.Context(), dir, lay(t, dir), func(int64) {})
		for path := range list(t, top) {
			if path != "a/b/environment" && !strings.HasPrefix(path, "a/b/environment/") {
				t.Fatalf("%s was written", path)
			}
		}
		if err != nil {
			return
		}
		for _, f := range archive.Manifest.Files {
			if f.SHA256 == "" {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil || hash(string(text)) != f.SHA256 {
				t.Fatalf("%s: %v", f.Path, err)
			}
		}
	})
}

// TestNotesAreLeftOut: what den and virtualenvwrapper note in an environment for this
// machine, a draft, and half a file are not packed.
func TestNotesAreLeftOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web")
	s := plant(t, dir)
	before := packTo(t, s)
	for _, note := range []string{".lock", "README.tmpenv", variables.DraftName, disk.NewPrefix + "1"} {
		filetest.Write(t, filepath.Join(dir, note), "a note\n")
	}
	if !bytes.Equal(packTo(t, s), before) {
		t.Error("they are packed")
	}
}
