package layout

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forMove are files of an environment in which a person has worked. OLD is where
// they say they are.
var forMove = []file{
	{"pyvenv.cfg", "home = /usr/bin\ncommand = /usr/bin/python3 -m venv OLD\n", 0o644},
	{"bin/pip", "#!OLD/bin/python3\nfrom pip import main\n", 0o755},
	{"bin/tool", "#!/bin/sh\nexec OLD/bin/python -m tool\n", 0o750},
	{sitePackages + "easy-install.pth", "OLD/src/inside\n/srv/outside\nOLD-other/src\n", 0o644},
	{sitePackages + "inside.egg-link", "OLD/src/inside\n.", 0o644},
	{sitePackages + "__editable___inside_finder.py", "MAPPING = {'inside': 'OLD/src/inside', \"b\": \"OLD/src/b\"}\n", 0o644},
	{sitePackages + "outside-1.dist-info/direct_url.json", `{"dir_info": {"editable": true}, "url": "file:///srv/outside"}`, 0o644},
	{sitePackages + "plain/__config__.py", "prefix = 'OLD'\n", 0o644},
	{"share/jupyter/kernels/python3/kernel.json", `{"argv": ["OLD/bin/python", "-m", "ipykernel"]}`, 0o644},
	{"lib/pkgconfig/x.pc", "prefix=OLD\nlibdir=${prefix}/lib\n", 0o644},
	{"src/inside/notes", "kept in OLD.old, /mntOLD and OLDer\n", 0o644},
}

// unmoved are files which stay as they are.
var unmoved = []file{
	{sitePackages + "x/__pycache__/y.cpython-312.pyc", "\x00\x00OLD/lib/x/y.py\x00", 0o644},
	{sitePackages + "x/elsewhere.so", "\x7fELF\x00OLD-other/lib\x00/srvOLD\x00", 0o755},
}

func placed(text, place string) string { return strings.ReplaceAll(text, "OLD", place) }

func TestMove(t *testing.T) {
	for name, aside := range map[string]bool{"in place": false, "aside": true} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			const from, final = "/home/me/envs/web", "/home/me/envs/api"
			stuck := []file{{sitePackages + "x/native.so", "\x7fELF\x00" + strings.Repeat("\x00", 3<<20) + "OLD/lib\x00", 0o755}}
			recorded := []string{sitePackages + "__editable___inside_finder.py", sitePackages + "x/native.so", "bin/tool"}
			recordFor := func(place string) file {
				var rows []string
				for _, f := range append(slices.Clone(forMove), stuck...) {
					if slices.Contains(recorded, f.path) {
						relative, _ := filepath.Rel(sitePackages, f.path)
						content := placed(f.content, place)
						if f.path == "bin/tool" {
							content = "#!/bin/sh\nexec " + place + "/bin/python -m tool\n"
						}
						if strings.HasSuffix(f.path, ".so") {
							content = placed(f.content, from)
						}
						rows = append(rows, recordRow(relative, content))
					}
				}
				return file{sitePackages + "inside-1.dist-info/RECORD", strings.Join(append(rows, "inside-1.dist-info/RECORD,,", ""), "\n"), 0o644}
			}
			for _, files := range [][]file{forMove, unmoved, stuck, {recordFor(from)}} {
				for _, f := range files {
					lay(t, dir, from, []file{{f.path, placed(f.content, "DIR"), f.mode}})
				}
			}
			if err := os.Symlink(from+"/src/inside", filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			into := dir
			if aside {
				into = t.TempDir()
			}
			got, err := Move(t.Context(), dir, from, final, into)
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{sitePackages + "x/native.so"}; !slices.Equal(got, want) {
				t.Errorf("stuck are %q, want %q", got, want)
			}
			moved := append(slices.Clone(forMove), recordFor(final))
			for i := range moved {
				f := &moved[i]
				// What is not the whole name stays.
				content := strings.NewReplacer("OLD-other", from+"-other", "/mntOLD", "/mnt"+from, "OLDer", from+"er", "OLD.old", from+".old").Replace(f.content)
				f.content = placed(content, final)
			}
			same := append(slices.Clone(unmoved), stuck...)
			for i := range same {
				same[i].content = placed(same[i].content, from)
			}
			// What holds nothing to change is not put aside.
			untouched := []string{sitePackages + "outside-1.dist-info/direct_url.json", "src/inside/notes"}
			if aside {
				for _, path := range untouched {
					if _, err := os.Lstat(filepath.Join(into, path)); !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("%s is aside: %v", path, err)
					}
				}
				before := append(slices.Clone(forMove), recordFor(from))
				for i := range before {
					before[i].content = placed(before[i].content, from)
				}
				expect(t, dir, "", before)
				moved = slices.DeleteFunc(moved, func(f file) bool { return slices.Contains(untouched, f.path) })
			}
			expect(t, into, "", moved)
			expect(t, dir, "", same)
			if target, err := os.Readlink(filepath.Join(into, "link")); target != final+"/src/inside" {
				t.Errorf("the link leads to %q, %v", target, err)
			}
		})
	}
}

// A path is written down in many ways, and its place taken in the same.
// TestMoveLeavesNeighbours: a file that is called as a link is, and .new, stays.
func TestMoveLeavesNeighbours(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/link.new", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/home/me/envs/web/lib", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	if stuck, err := Move(t.Context(), dir, "/home/me/envs/web", "/home/me/envs/api", dir); err != nil || stuck != nil {
		t.Fatal(stuck, err)
	}
	target, err := os.Readlink(dir + "/link")
	mine, readErr := os.ReadFile(dir + "/link.new")
	if target != "/home/me/envs/api/lib" || string(mine) != "mine" || err != nil || readErr != nil {
		t.Errorf("%q, %q, %v, %v", target, mine, err, readErr)
	}
}

func TestMoveForms(t *testing.T) {
	for _, row := range []struct{ name, from, to, file, before, after string }{
		{"url gets quoted", "/e/web", "/e/my env", "x.json", `{"url": "file:///e/web/src"}`, `{"url": "file:///e/my%20env/src"}`},
		{"url was quoted", "/e/my env", "/e/ü", "direct_url.json", `{"url": "file:///e/my%20env/src"}`, `{"url": "file:///e/%C3%BC/src"}`},
		{"json", "/e/web", `/e/a"b`, "kernel.json", `["/e/web/bin/python"]`, `["/e/a\"b/bin/python"]`},
		{"json of before", "/e/ü😀", "/e/web", "kernel.json", `["/e/\u00fc\ud83d\ude00/bin/python"]`, `["/e/web/bin/python"]`},
		{"python", "/e/web", "/e/it's", "f.py", `x = '/e/web/src'; y = "/e/web"`, `x = '/e/it\'s/src'; y = "/e/it's"`},
		{"python of before", "/e/it's", "/e/web", "f.py", `x = "/e/it's/src"; y = '/e/it\'s'`, `x = "/e/web/src"; y = '/e/web'`},
		{"sh of before", "/e/it's", "/e/web", "f.sh", "A='/e/it'\\''s/bin'\n", "A='/e/web/bin'\n"},
		{"header of before", "/e/it's", "/e/web", "pip", string(Shebang("/e/it's/bin/python")) + "x\n", "#!/e/web/bin/python\nx\n"},
		{"header", "/e/web", "/e/it's", "pip", "#!/e/web/bin/python\nx\n", string(Shebang("/e/it's/bin/python")) + "x\n"},
		{"text", "/e/web", "/e/it's", "f.pth", "/e/web/src\n", "/e/it's/src\n"},
		{"at both ends", "/e/web", "/e/api", "f.txt", "/e/web", "/e/api"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			lay(t, dir, "", []file{{row.file, row.before, 0o644}})
			stuck, err := Move(t.Context(), dir, row.from, row.to, dir)
			if err != nil || len(stuck) > 0 {
				t.Errorf("stuck %q, %v", stuck, err)
			}
			expect(t, dir, "", []file{{row.file, row.after, 0o644}})
		})
	}
}

// The path is found wherever in a file it is, and only where it is whole.
func TestHoldsAny(t *testing.T) {
	needle := []byte("/home/me/envs/web")
	path := filepath.Join(t.TempDir(), "file")
	buffer := make([]byte, window)
	for _, size := range []int{0, 1, window - 20, window - 10, window, window - 1 - len(needle) - 2, window + 5, window + 30, window + 40, 2*window + 20} {
		for suffix, want := range map[string]bool{"": true, "/bin": true, "2": false, "-old": false} {
			content := append(bytes.Repeat([]byte{0}, size), append(needle, suffix...)...)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := holdsAny(path, []spelling{{from: needle}}, buffer); got != want || err != nil {
				t.Errorf("after %d bytes, before %q: %v, %v", size, suffix, got, err)
			}
		}
		content := append(bytes.Repeat([]byte{'a'}, size+1), string(needle)+"/bin/python"...)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := holdsAny(path, []spelling{{from: needle}}, buffer); got || err != nil {
			t.Errorf("after %d letters: %v, %v", size+1, got, err)
		}
	}
}
