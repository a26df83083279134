package layout

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/programtest"
	"den/env/python"
)

// otherLibrary makes a directory bin with a link to an interpreter in it, below
// one that has another library of the same version: as /usr/local/bin has a link
// into a private prefix, where /usr/lib has the system's Python.
func otherLibrary(t *testing.T, i python.Interpreter) (link string) {
	t.Helper()
	dir := t.TempDir()
	library := filepath.Join(dir, "lib", "python"+i.Version.Series())
	link = filepath.Join(dir, "bin", filepath.Base(i.BaseExecutable))
	for _, err := range []error{
		os.MkdirAll(library, 0o777),
		os.WriteFile(filepath.Join(library, "os.py"), []byte("raise SystemExit('the library of another')\n"), 0o666),
		os.MkdirAll(filepath.Dir(link), 0o777),
		os.Symlink(i.BaseExecutable, link),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return link
}

// TestLinkOutsideItsPrefix: a Python that is named by a link takes its own
// library in the environment too.
func TestLinkOutsideItsPrefix(t *testing.T) {
	for _, i := range modern(t) {
		t.Run(i.Name()+" "+i.Path, func(t *testing.T) {
			t.Parallel()
			link := otherLibrary(t, i)
			found, err := python.Finder{Environ: environ(t)}.Find(t.Context(), link)
			if err != nil {
				t.Fatal(err)
			}
			final := nasty(t, "here") + "/web"
			buildAt(t, newBuilder(t, "native", Options{Environ: environ(t)}), final, Spec{Interpreter: found})
			if got := says(t, final+"/bin/python", "-c", "import struct, sys; print(sys.base_prefix)"); got != i.BasePrefix {
				t.Errorf("its library is that in %s, want %s", got, i.BasePrefix)
			}
		})
	}
}

// TestDoesNotStart: what cannot start is not made.
func TestDoesNotStart(t *testing.T) {
	t.Parallel()
	i := modern(t)[0]
	i.BaseExecutable = otherLibrary(t, i)
	starts := t.TempDir()
	dir := t.TempDir() + "/web"
	b := newBuilder(t, "native", Options{Environ: environ(t), StartDir: starts})
	for range 2 { // what has not started is not noted either
		err := b.Build(t.Context(), dir, dir, Spec{Interpreter: i})
		if _, ok := errors.AsType[*StartError](err); !ok {
			t.Errorf("Build: %v, want a *StartError", err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStartedOnce: an environment of a Python that has started one is not
// started, unless it is a copy.
func TestStartedOnce(t *testing.T) {
	t.Parallel()
	i, starts := counted(t, modern(t)[0])
	finder := python.Finder{Environ: environ(t), CacheDir: started(t, &i)}
	if other := (python.Finder{CacheDir: t.TempDir()}); other.HasStarted(i) {
		t.Error("it has started before it did")
	}
	b := newBuilder(t, "native", Options{Environ: environ(t), StartDir: finder.CacheDir})
	dir := t.TempDir()
	if err := b.Build(t.Context(), dir+"/web", dir+"/web", Spec{Interpreter: i}); err != nil || starts() > 0 {
		t.Errorf("Build: %v, and %d starts", err, starts())
	}
	if err := b.Build(t.Context(), dir+"/copy", dir+"/copy", Spec{Interpreter: i, Copies: true}); err == nil || starts() == 0 {
		t.Errorf("Build of a copy: %v, and %d starts", err, starts())
	}
	if err := programtest.Write(i.BaseExecutable, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if finder.HasStarted(i) {
		t.Error("it is another by now, and has not started")
	}
}

// TestCopiesWithLibraryBeside copies interpreters that look for their library
// beside themselves, as those of uv and conda do.
func TestCopiesWithLibraryBeside(t *testing.T) {
	tried := 0
	for _, i := range modern(t) {
		program, err := os.ReadFile(realPath(i.BaseExecutable))
		if err != nil {
			t.Fatal(err)
		}
		lib := []byte(i.BasePrefix + "/lib\x00")
		const beside = "$ORIGIN/../lib\x00"
		if !bytes.Contains(program, lib) || len(lib) < len(beside) || !bytes.Contains(program, []byte("libpython")) {
			continue // it has its library in itself
		}
		tried++
		moved := t.TempDir()
		program = bytes.Replace(program, lib, append([]byte(beside), lib[len(beside):]...), 1)
		path := filepath.Join(moved, "bin", "python"+i.Version.Series())
		for _, err := range []error{
			os.Mkdir(filepath.Join(moved, "bin"), 0o777),
			programtest.Write(path, program, 0o755),
			os.Symlink(filepath.Join(i.BasePrefix, "lib"), filepath.Join(moved, "lib")),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		found, err := python.Finder{Environ: environ(t)}.Find(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		final := nasty(t, "here") + "/web"
		buildAt(t, newBuilder(t, "native", Options{Environ: environ(t)}), final, Spec{Interpreter: found, Copies: true})
		if got := says(t, final+"/bin/python", "-c", "import ctypes, sys; print(sys.prefix)"); got != final {
			t.Errorf("%s says that it is in %s", final, got)
		}
		libraries, _ := filepath.Glob(strings.ReplaceAll(final, "[", "[[]") + "/lib/libpython*")
		if len(libraries) == 0 {
			t.Error("no library has been copied")
		}
	}
	if tried == 0 {
		t.Log("no Python here has a shared library")
	}
}

// TestMisleadingSettings: settings of the tools' own that name another Python
// change nothing.
func TestMisleadingSettings(t *testing.T) {
	all := interpreters(t)
	asked := modern(t)[0]
	other := all[slices.IndexFunc(all, func(i python.Interpreter) bool { return !python.IsSame(i, asked) })]
	config := t.TempDir() + "/virtualenv.ini"
	if err := os.WriteFile(config, []byte("[virtualenv]\npython = "+other.BaseExecutable+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	settings := []string{
		"VIRTUALENV_PYTHON=" + other.BaseExecutable, "VIRTUALENV_TRY_FIRST_WITH=" + other.BaseExecutable, "VIRTUALENV_CONFIG_FILE=" + config,
		"UV_PYTHON=" + other.BaseExecutable, "UV_PYTHON_PREFERENCE=only-managed", "UV_WORKING_DIR=/nowhere", "UV_PROJECT=/nowhere", "UV_VENV_RELOCATABLE=1",
		"PYTHONPLATLIBDIR=nowhere",
	}
	for _, backend := range Backends() {
		b, err := New(backend, Options{Environ: append(environ(t), settings...)})
		if err != nil {
			t.Logf("%s: %v", backend, err)
			continue
		}
		final := nasty(t, "here") + "/web"
		buildAt(t, b, final, Spec{Interpreter: asked})
		if got := says(t, final+"/bin/python", "-c", "import sys; print(sys.base_prefix)"); got != asked.BasePrefix {
			t.Errorf("%s has built upon %s, want %s", backend, got, asked.BasePrefix)
		}
	}
}
