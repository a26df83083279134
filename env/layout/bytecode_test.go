package layout

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCompileLater: what is built without bytecode gets it afterwards, each
// module that is still the one that was seeded, as Python would write it.
func TestCompileLater(t *testing.T) {
	i := withSmallPip(t)
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir()})
	final := nasty(t, "home") + "/web"
	spec := Spec{Interpreter: i, Pip: true, Setuptools: Unwanted, Bytecode: Uncompiled}
	buildAt(t, b, final, spec)
	if found := bytecodeBelow(t, final); len(found) > 0 {
		t.Errorf("built without bytecode, it has %q", found)
	}
	expectRecorded(t, final)
	packages := filepath.Join(final, purelib(i))
	change := func(module, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(packages, module), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	change("pip/part1/__init__.py", "number = 7\n")
	change("pip/part2/__init__.py", "number = 1000\n")
	if err := os.Remove(filepath.Join(packages, "pip/part3/__init__.py")); err != nil {
		t.Fatal(err)
	}

	aside := t.TempDir()
	fits, err := b.(Compiler).Compile(t.Context(), aside, final, spec)
	if err != nil {
		t.Fatal(err)
	}
	change("pip/part4/__init__.py", "number = 40\n")
	var missed []string
	for _, path := range bytecodeBelow(t, aside) {
		if !fits(path) {
			missed = append(missed, sourceOf(path))
			continue
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(final, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(aside, path), filepath.Join(final, path)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{filepath.Join(purelib(i), "pip/part4/__init__.py")}; !slices.Equal(missed, want) {
		t.Errorf("of what was compiled, %q does not fit any more, want %q", missed, want)
	}
	for _, n := range []string{"1", "2", "3", "4"} {
		if found := bytecodeBelow(t, filepath.Join(packages, "pip/part"+n)); len(found) > 0 {
			t.Errorf("part%s, which was changed, has %q", n, found)
		}
	}
	if n := says(t, final+"/bin/python", "-B", "-c", upToDate, filepath.Join(packages, "pip")); n != "8 3" {
		t.Errorf("%q modules are compiled, and not; want 8 and 3", n)
	}
	if left, err := os.ReadDir(aside); err != nil || slices.ContainsFunc(left, func(e fs.DirEntry) bool { return e.Name() == ".seeds" }) {
		t.Errorf("left aside: %v, %v", left, err)
	}
}

// upToDate prints how many modules below a directory have bytecode, and how many
// have none. It fails where Python would not take it.
const upToDate = `
import importlib.util, os, sys
good = none = 0
for base, dirs, names in os.walk(sys.argv[1]):
    for name in names:
        if not name.endswith('.py'):
            continue
        source = os.path.join(base, name)
        try:
            with open(importlib.util.cache_from_source(source), 'rb') as f:
                head = f.read(16)
        except FileNotFoundError:
            none += 1
            continue
        stat = os.stat(source)
        assert head[:4] == importlib.util.MAGIC_NUMBER, source
        assert head[4:] == b''.join(n.to_bytes(4, 'little') for n in (0, int(stat.st_mtime), stat.st_size)), source
        good += 1
print(good, none)
`

// bytecodeBelow lists the files of bytecode below a directory, relative to it.
func bytecodeBelow(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".pyc") {
			inside, relative := filepath.Rel(dir, path)
			paths = append(paths, inside)
			return relative
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestCachedBytecode: bytecode that the cache has is placed where that is wanted,
// and none is made for it.
func TestCachedBytecode(t *testing.T) {
	interpreter, starts := counted(t, withSmallPip(t))
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir(), StartDir: started(t, &interpreter)})
	home := nasty(t, "home")
	spec := Spec{Interpreter: interpreter, Pip: true, Setuptools: Unwanted}
	for _, row := range []struct {
		name     string
		bytecode Bytecode
		starts   bool
		compiled int
	}{
		{"nothing is cached", Cached, false, 0},
		{"nothing is wanted", Uncompiled, false, 0},
		{"compiled", Compiled, true, 12},
		{"cached", Cached, false, 12},
		{"not wanted", Uncompiled, false, 0},
		{"compiled before", Compiled, false, 12},
	} {
		spec.Bytecode = row.bytecode
		final := filepath.Join(home, row.name)
		buildAt(t, b, final, spec)
		if got := starts() > 0; got != row.starts {
			t.Errorf("%s: the interpreter was started: %v", row.name, got)
		}
		if n := len(bytecodeBelow(t, final)); n != row.compiled {
			t.Errorf("%s: %d modules are compiled, want %d", row.name, n, row.compiled)
		}
		expectRecorded(t, final)
	}
}
