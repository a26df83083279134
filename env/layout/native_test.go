package layout

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"den/env/programtest"
	"den/env/python"
)

// self prints what a Python says of the environment that it is in.
const self = `
import json, os, site, sys, sysconfig
print(json.dumps({
    'prefixes': [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix],
    'executables': [sys.executable, getattr(sys, '_base_executable', None)],
    'path': sys.path,
    'paths': sysconfig.get_paths(),
    'config': [sysconfig.get_config_var(v) for v in ('LIBDIR', 'INCLUDEPY', 'SOABI', 'EXT_SUFFIX')],
    'site': [site.ENABLE_USER_SITE, site.getsitepackages(), site.PREFIXES],
    'env': os.environ.get('__PYVENV_LAUNCHER__'),
}, indent=1, sort_keys=True))
`

// modern are the interpreters that native builds upon by itself.
func modern(t *testing.T) []python.Interpreter {
	t.Helper()
	all := slices.DeleteFunc(interpreters(t), func(i python.Interpreter) bool { return i.Version.Less(oldestNative) })
	if len(all) == 0 {
		t.Fatal("there is no Python from 3.8 on")
	}
	return all
}

// buildAt builds an environment aside and moves it to final.
func buildAt(t *testing.T, b Builder, final string, spec Spec) {
	t.Helper()
	dir := filepath.Join(filepath.Dir(final), ".aside", filepath.Base(final))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := b.Build(t.Context(), dir, final, spec); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, final); err != nil {
		t.Fatal(err)
	}
}

// TestNativeIsAsVenv makes an environment with the venv module of each
// interpreter here, and one natively in its place, and compares them.
func TestNativeIsAsVenv(t *testing.T) {
	cache, sample := t.TempDir(), sampleWheel(t)
	for _, i := range modern(t) {
		for _, row := range []struct {
			name string
			spec Spec
			args []string
		}{
			{"with pip", Spec{Pip: true}, nil},
			{"bare", Spec{SystemSitePackages: true, Prompt: `it's "my" \é`}, []string{"--without-pip", "--system-site-packages", `--prompt=it's "my" \é`}},
			{"copies", Spec{Copies: true}, []string{"--without-pip", "--copies"}},
		} {
			t.Run(i.Name()+" "+i.Path+" "+row.name, func(t *testing.T) {
				t.Parallel()
				if !i.HasVenv || row.spec.Pip && !i.HasEnsurepip {
					t.Logf("%s lacks venv or ensurepip: nothing to compare with", i.Path)
					return
				}
				row.spec.Interpreter = i
				final := nasty(t, "here") + "/web"
				says(t, i.BaseExecutable, append(append([]string{"-I", "-m", "venv"}, row.args...), final)...)
				theirs := look(t, final, row.spec, sample)
				if err := os.Rename(final, final+".venv"); err != nil {
					t.Fatal(err)
				}
				buildAt(t, newBuilder(t, "native", Options{Environ: environ(t), CacheDir: cache}), final, row.spec)
				ours := look(t, final, row.spec, sample)
				if diff := cmp.Diff(theirs, ours); diff != "" {
					t.Errorf("venv's (-) and den's (+) differ:\n%s", diff)
				}
			})
		}
	}
}

// askPip is what pip says of the packages, in one start: that takes longer than the rest.
const askPip = `
import sys
from pip._internal.cli.main import main
for args in (['list', '--format=freeze'], ['show', '-f', 'sample'], ['check']):
    if main(args) != 0:
        sys.exit('pip %s has failed' % args)
`

// A view is what can be seen of an environment.
type view struct {
	Says, Config, Installed, Record string
	Files                           map[string]string
}

// look looks at an environment, and has pip install a package there.
func look(t *testing.T, dir string, spec Spec, sample string) view {
	t.Helper()
	v := view{Files: files(t, dir)}
	program := dir + "/bin/python"
	v.Says = says(t, program, "-c", self)
	config, err := os.ReadFile(dir + "/pyvenv.cfg")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(config)) {
		// Up to 3.10, venv does not write the last two.
		key, _, _ := strings.Cut(line, " = ")
		if slices.Contains([]string{"home", "include-system-site-packages", "version", "prompt"}, key) {
			v.Config += line
		}
	}
	if spec.Pip {
		says(t, program, "-m", "pip", "install", sample)
		v.Installed = says(t, program, "-c", askPip)
		v.Record = records(t, dir)
		if got := says(t, dir+"/bin/sample"); got != dir {
			t.Errorf("the script of sample says %q", got)
		}
	}
	return v
}

// additions are what den has in an environment and venv has not, or not in all
// versions, and the scripts that are written elsewhere.
var additions = []string{".gitignore", "CACHEDIR.TAG", "bin/activate_this.py", "bin/activate", "bin/activate.csh", "bin/activate.fish"}

// files maps the path of each file to its kind, and, where it is to be the
// same in every environment of an interpreter, its content.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, dir+"/")
		info, err := entry.Info()
		if err != nil || path == dir || slices.Contains(additions, name) {
			return err
		}
		found[name] = info.Mode().String()
		switch {
		case entry.Type() == fs.ModeSymlink:
			target, err := os.Readlink(path)
			found[name] += " " + target
			return err
		case entry.IsDir() || name == "pyvenv.cfg" || entry.Name() == "RECORD" || strings.HasSuffix(name, ".pyc") || strings.HasPrefix(name, "bin/pip"):
			return nil
		}
		content, err := os.ReadFile(path)
		found[name] += " " + recordHash(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// records are the RECORDs of an environment, without the hashes of scripts.
func records(t *testing.T, dir string) string {
	t.Helper()
	paths, err := filepath.Glob(escapeGlob(dir) + "/lib/*/site-packages/*.dist-info/RECORD")
	if err != nil || len(paths) == 0 {
		t.Fatalf("RECORDs: %q, %v", paths, err)
	}
	var all strings.Builder
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			if strings.HasPrefix(line, "../../../bin/pip") {
				line, _, _ = strings.Cut(line, ",")
				line += "\n"
			}
			all.WriteString(line)
		}
	}
	return all.String()
}

// sampleWheel makes a wheel with a module and a script.
func sampleWheel(t *testing.T) string {
	t.Helper()
	return writeWheel(t, t.TempDir(), "sample", "1.0", map[string]string{
		"sample.py":                             "import sys\ndef main():\n    print(sys.prefix)\n",
		"sample-1.0.dist-info/METADATA":         "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n",
		"sample-1.0.dist-info/WHEEL":            "Wheel-Version: 1.0\nGenerator: den\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		"sample-1.0.dist-info/entry_points.txt": "[console_scripts]\nsample = sample:main\n",
	})
}

// writeWheel writes a wheel, with its RECORD unless that is among the files.
func writeWheel(t *testing.T, dir, project, version string, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	add := func(name, content string) {
		file, err := w.Create(name)
		if err == nil {
			_, err = file.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	record := project + "-" + version + ".dist-info/RECORD"
	var rows string
	for name, content := range files {
		add(name, content)
		rows += recordRow(name, content) + "\n"
	}
	if _, given := files[record]; !given {
		add(record, rows+record+",,\n")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%s-py3-none-any.whl", project, version))
	if err := os.WriteFile(path, archive.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// withPip is an interpreter that brings its own pip.
func withPip(t *testing.T) python.Interpreter {
	t.Helper()
	for _, i := range modern(t) {
		for _, dir := range i.WheelDirs {
			if len(wheelsIn(dir, "pip")) > 0 {
				return i
			}
		}
	}
	t.Fatal("no Python here brings pip along")
	return python.Interpreter{}
}

// withSmallPip is an interpreter that brings a pip which does nothing, in a few
// files: enough to see how it is put in place, and quickly.
func withSmallPip(t *testing.T) python.Interpreter {
	t.Helper()
	i := withPip(t)
	files := map[string]string{
		"pip/__init__.py":                    "def main():\n    return 0\n",
		"pip/__main__.py":                    "import sys\nfrom pip import main\nsys.exit(main())\n",
		"pip/data.txt":                       strings.Repeat("large enough to be cloned, or to fill a disk\n", 10000),
		"pip-9.9.dist-info/METADATA":         "Metadata-Version: 2.1\nName: pip\nVersion: 9.9\n",
		"pip-9.9.dist-info/WHEEL":            "Wheel-Version: 1.0\nGenerator: den\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		"pip-9.9.dist-info/entry_points.txt": "[console_scripts]\npip = pip:main\n",
	}
	for n := range 10 {
		files[fmt.Sprintf("pip/part%d/__init__.py", n)] = fmt.Sprintf("number = %d\n", n)
	}
	dir := t.TempDir()
	writeWheel(t, dir, "pip", "9.9", files)
	i.WheelDirs = []string{dir}
	return i
}

// counted puts a script in the place of an interpreter, which notes each start
// before it passes on to it.
func counted(t *testing.T, i python.Interpreter) (wrapped python.Interpreter, starts func() int) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := fmt.Sprintf("#!/bin/sh\necho start >>'%s'\nexec '%s' \"$@\"\n", log, i.BaseExecutable)
	program := filepath.Join(dir, filepath.Base(i.BaseExecutable))
	if err := programtest.Write(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	i.BaseExecutable = program
	return i, func() int {
		text, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		_ = os.Remove(log)
		return strings.Count(string(text), "start")
	}
}

// started returns a StartDir in which it is noted that an interpreter that is
// counted has started in an environment: there it would be another, for the
// script passes on to it.
func started(t *testing.T, i *python.Interpreter) string {
	t.Helper()
	dir := t.TempDir()
	i.BasePrefix = filepath.Dir(filepath.Dir(i.BaseExecutable))
	python.Finder{CacheDir: dir}.NoteStart(*i)
	return dir
}

// TestWarmCache: what the cache has is made once; what is wrong with it is
// seen, and it is made anew.
func TestWarmCache(t *testing.T) {
	interpreter, starts := counted(t, withSmallPip(t))
	cache := filepath.Join(t.TempDir(), "cache")
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: cache, StartDir: started(t, &interpreter)})
	home := nasty(t, "home")
	spec := Spec{Interpreter: interpreter, Pip: true, Setuptools: Unwanted}
	buildAt(t, b, home+"/first", spec)
	if starts() == 0 {
		t.Error("the first was made without the interpreter")
	}
	want := files(t, home+"/first")
	pack := func() string {
		packs, err := filepath.Glob(cache + "/pip-*.pack")
		if err != nil || len(packs) != 1 {
			t.Fatalf("the cache has %q, %v", packs, err)
		}
		return packs[0]
	}
	for _, row := range []struct {
		name  string
		spoil func(content []byte) []byte
		anew  bool
	}{
		{"warm", func(c []byte) []byte { return c }, false},
		{"empty", func([]byte) []byte { return nil }, true},
		{"cut in the index", func(c []byte) []byte { return c[:100] }, true},
		{"cut in the contents", func(c []byte) []byte { return c[:len(c)/2] }, true},
		{"another mark", func(c []byte) []byte { c[0] = 'x'; return c }, true},
		{"a bit in the index", func(c []byte) []byte { c[packHead+50] ^= 1; return c }, true},
		{"a bit in the size of the index", func(c []byte) []byte { c[len(packMark)+3] ^= 0x80; return c }, true},
		{"zeros at the end", func(c []byte) []byte { clear(c[len(c)-len(c)/3:]); return c }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			content, err := os.ReadFile(pack())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(pack(), row.spoil(content), 0o600); err != nil {
				t.Fatal(err)
			}
			final := home + "/" + strings.ReplaceAll(row.name, " ", "-")
			buildAt(t, b, final, spec)
			if got := starts() > 0; got != row.anew {
				t.Errorf("the interpreter was started: %v, want %v", got, row.anew)
			}
			if diff := cmp.Diff(want, files(t, final)); diff != "" {
				t.Errorf("it differs:\n%s", diff)
			}
			buildAt(t, b, final+".next", spec)
			if n := starts(); n > 0 {
				t.Errorf("the next one started the interpreter %d times", n)
			}
		})
	}
}

// TestCompiledIsUpToDate: Python takes every compiled module as it is.
func TestCompiledIsUpToDate(t *testing.T) {
	i := withPip(t)
	final := nasty(t, "home") + "/web"
	buildAt(t, newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir()}), final, Spec{Interpreter: i, Pip: true})
	script := `
import importlib.util, os, sys
good = 0
for base, dirs, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith('.py'):
            source = os.path.join(base, name)
            with open(importlib.util.cache_from_source(source), 'rb') as f:
                head = f.read(16)
            stat = os.stat(source)
            assert head[:4] == importlib.util.MAGIC_NUMBER, source
            assert head[4:] == b''.join(n.to_bytes(4, 'little') for n in (0, int(stat.st_mtime), stat.st_size)), source
            good += 1
print(good)
`
	if n := says(t, final+"/bin/python", "-c", script, filepath.Join(final, purelib(i))); len(n) < 3 {
		t.Errorf("%s modules are compiled", n)
	}
}

// TestCacheCannotBeWritten: then each environment is made without it.
func TestCacheCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, cache := range []string{"", file + "/cache"} {
		final := nasty(t, "home") + "/web"
		buildAt(t, newBuilder(t, "native", Options{Environ: environ(t), CacheDir: cache}), final, Spec{Interpreter: withSmallPip(t), Pip: true, Setuptools: Unwanted})
		expectRecorded(t, final)
		says(t, final+"/bin/pip", "check")
		if left, err := os.ReadDir(final); err != nil || slices.ContainsFunc(left, func(e fs.DirEntry) bool { return e.Name() == ".seeds" }) {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// TestManyAtOnce: with an empty cache, one makes what all need.
func TestManyAtOnce(t *testing.T) {
	interpreter, starts := counted(t, withSmallPip(t))
	starting := started(t, &interpreter)
	one := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir(), StartDir: starting})
	home := nasty(t, "home")
	spec := Spec{Interpreter: interpreter, Pip: true, Setuptools: Unwanted}
	if err := one.Build(t.Context(), home+"/one", home+"/one", spec); err != nil {
		t.Fatal(err)
	}
	want := starts()

	all := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir(), StartDir: starting})
	var makers sync.WaitGroup
	for n := range 4 {
		makers.Go(func() {
			dir := fmt.Sprintf("%s/%d", home, n)
			if err := all.Build(t.Context(), dir, dir, spec); err != nil {
				t.Error(err)
			}
		})
	}
	makers.Wait()
	if got := starts(); got != want {
		t.Errorf("four started the interpreter %d times, one %d times", got, want)
	}
	for n := range 4 {
		if diff := cmp.Diff(files(t, home+"/one"), files(t, fmt.Sprintf("%s/%d", home, n))); diff != "" {
			t.Errorf("%d differs:\n%s", n, diff)
		}
	}
}

// TestNeeds: what a seeded package cannot do without is seeded as well.
func TestNeeds(t *testing.T) {
	i := withSmallPip(t)
	for project, metadata := range map[string]string{
		"wheel":       "Requires-Dist: Pack_a.ging>=24.0\nRequires-Dist: pytest>=6; extra == 'test'\n\nRequires-Dist: described\n",
		"pack_a_ging": "",
	} {
		writeWheel(t, i.WheelDirs[0], project, "1.0", map[string]string{
			project + ".py":                     "",
			project + "-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: " + project + "\nVersion: 1.0\n" + metadata,
			project + "-1.0.dist-info/WHEEL":    "Wheel-Version: 1.0\nGenerator: den\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		})
	}
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir()})
	spec := Spec{Interpreter: i, Pip: true, Setuptools: Unwanted, Wheel: Wanted, NeverDownload: true}
	for _, state := range []string{"cold", "warm"} {
		final := nasty(t, state) + "/web"
		buildAt(t, b, final, spec)
		says(t, final+"/bin/python", "-c", "import pip, wheel, pack_a_ging")
	}
}

// TestNothingReachesOthers: what is done to pip in one environment, with pip or
// by hand, changes neither another nor the cache.
func TestNothingReachesOthers(t *testing.T) {
	i := withPip(t)
	cache := t.TempDir()
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: cache})
	home := nasty(t, "home")
	for _, name := range []string{"changed", "other"} {
		buildAt(t, b, home+"/"+name, Spec{Interpreter: i, Pip: true, Setuptools: Wanted, NeverDownload: i.Version.Less(python.Version{Major: 3, Minor: 12})})
	}
	before := [2]map[string]string{snapshot(t, home+"/other"), snapshot(t, cache)}
	expectUnchanged := func(what string) {
		t.Helper()
		for n, dir := range []string{home + "/other", cache} {
			if diff := cmp.Diff(before[n], snapshot(t, dir)); diff != "" {
				t.Errorf("%s changed %s:\n%s", what, dir, diff)
			}
		}
	}
	changed := home + "/changed"
	packages := filepath.Join(changed, purelib(i))
	err := filepath.WalkDir(packages, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == "RECORD" {
			return err
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = file.WriteString("\n# edited\n")
		now := time.Now()
		return errors.Join(err, file.Close(), os.Chmod(path, 0o600), os.Chtimes(path, now, now))
	})
	if err != nil {
		t.Fatal(err)
	}
	expectUnchanged("editing every file in place")

	program := changed + "/bin/python"
	var bundled string
	for _, dir := range i.WheelDirs {
		if wheels := wheelsIn(dir, "pip"); len(wheels) > 0 {
			bundled = newest(wheels).file
			break
		}
	}
	says(t, program, "-m", "pip", "install", "--upgrade", "--force-reinstall", bundled)
	expectUnchanged("an upgrade of pip")
	says(t, program, "-m", "pip", "uninstall", "--yes", "setuptools")
	says(t, program, "-m", "pip", "uninstall", "--yes", "pip")
	expectUnchanged("removing them")
	left, err := os.ReadDir(packages)
	if err != nil || len(left) > 0 {
		t.Errorf("pip left %v, %v", left, err)
	}
	if pips, _ := filepath.Glob(escapeGlob(changed) + "/bin/pip*"); len(pips) > 0 {
		t.Errorf("pip left %q", pips)
	}
	says(t, home+"/other/bin/pip", "check")
}

// snapshot is all that there is to know of the files in a directory.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = fmt.Sprint(info.Mode(), info.ModTime(), recordHash(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNativeInNastyPlaces: scripts run wherever the environment is.
func TestNativeInNastyPlaces(t *testing.T) {
	b := newBuilder(t, "native", Options{Environ: environ(t), CacheDir: t.TempDir()})
	i := withPip(t)
	for _, name := range []string{"with space", `it's "my" $HOME` + " `id` \\x", strings.Repeat("long", 40), "line\nfeed", "café ❄"} {
		final := nasty(t, name) + "/web"
		buildAt(t, b, final, Spec{Interpreter: i, Pip: true, Setuptools: Unwanted})
		expectSaysFinal(t, final, filepath.Join(filepath.Dir(final), ".aside"))
		expectRecorded(t, final)
		if got := says(t, final+"/bin/python", "-c", "import sys; print(sys.prefix)"); got != final {
			t.Errorf("sys.prefix is %q, want %q", got, final)
		}
		for _, pip := range []string{"pip", "pip3", "pip" + i.Version.Series()} {
			if got := says(t, final+"/bin/"+pip, "--version"); !strings.Contains(got, " from "+final+"/") {
				t.Errorf("%s --version: %s", pip, got)
			}
		}
	}
}

// TestActivateThis: a running Python takes the environment's packages.
func TestActivateThis(t *testing.T) {
	i := withPip(t)
	final := nasty(t, "it's") + "/web"
	buildAt(t, newBuilder(t, "native", Options{Environ: environ(t)}), final, Spec{Interpreter: i, Prompt: `it's "mine"`})
	packages := filepath.Join(final, purelib(i))
	for name, content := range map[string]string{"inside.py": "", "extra.pth": "sub\n", "json.py": "raise SystemExit('not this one')\n"} {
		if err := os.WriteFile(filepath.Join(packages, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(packages, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	got := says(t, i.BaseExecutable, "-c", `
import sys
this = sys.argv[1] + '/bin/activate_this.py'
exec(open(this).read(), {'__file__': this})
import inside, os
print(inside.__file__, sys.prefix, sys.exec_prefix, os.environ['VIRTUAL_ENV'], os.environ['VIRTUAL_ENV_PROMPT'], os.environ.get('PYTHONHOME'), os.environ['PATH'].split(':')[0], sys.path[:2], sep='\n')
`, final)
	want := fmt.Sprintf("%s/inside.py\n%s\n%s\n%s\nit's \"mine\"\nNone\n%s/bin\n", packages, final, final, final, final)
	if !strings.HasPrefix(got, want) || !strings.Contains(got, packages+"/sub") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestOldPythonIsLeftToVirtualenv also where that is missing.
func TestOldPythonIsLeftToVirtualenv(t *testing.T) {
	b := newBench(t)
	old := python.Interpreter{Path: "/opt/old/bin/python", BaseExecutable: "/opt/old/bin/python", Version: python.Version{Major: 2, Minor: 7, Micro: 18}}
	err := newBuilder(t, "native", b.options).Build(t.Context(), b.root+"/x", b.root+"/x", Spec{Interpreter: old})
	if err == nil || !strings.HasPrefix(err.Error(), "/opt/old/bin/python is Python 2.7.18, and only virtualenv makes environments for a Python older than 3.8: ") {
		t.Errorf("Build: %v", err)
	}
	b.tool("bin/virtualenv", strings.Replace(works, "[3, 8, 0,", "[2, 7, 18,", 1))
	old.BasePrefix = "/usr"
	got := b.built("native", Spec{Interpreter: old, Pip: true, Wheel: Wanted, Setuptools: Unwanted, NeverDownload: true, Copies: true})
	want := []string{"virtualenv", "--python=/opt/old/bin/python", "--no-setuptools", "--wheel=bundle", "--copies", "--no-download", "ROOT/staging/web"}
	if !slices.Equal(got, want) {
		t.Errorf("virtualenv was called as %q, want %q", got, want)
	}
}
