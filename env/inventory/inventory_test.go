package inventory

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/disk"
	"den/env/layout"
	"den/env/python"
)

// interpreters are the default one of the machine, the newest and the oldest.
func interpreters(t *testing.T) []python.Interpreter {
	t.Helper()
	finder := python.Finder{Environ: os.Environ()}
	first, err := finder.Find(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	all, err := finder.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return []python.Interpreter{first, all[0], all[len(all)-1]}
}

// made makes an environment, or says why there is none of the kind here.
func made(t *testing.T, backend string, spec layout.Spec) (dir string, ok bool) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "web")
	home := append(os.Environ(), "HOME="+t.TempDir(), "XDG_CACHE_HOME=", "XDG_DATA_HOME=") // uv and virtualenv keep caches
	b, err := layout.New(backend, layout.Options{Environ: home})
	if err == nil {
		err = b.Build(t.Context(), dir, dir, spec)
	}
	if err != nil {
		t.Logf("%s makes none with %s here: %v", backend, spec.Interpreter.Path, err)
	}
	return dir, err == nil
}

// TestNothingOfAPersons: in an environment that has just been made, nothing is
// the person's.
func TestNothingOfAPersons(t *testing.T) {
	t.Parallel()
	all := interpreters(t)
	for _, backend := range layout.Backends() {
		for n, i := range all {
			specs := []layout.Spec{{Interpreter: i, NeverDownload: true}}
			if n == 0 && backend != "uv" { // which would ask the network
				specs = append(specs, layout.Spec{Interpreter: i, NeverDownload: true, Pip: true})
			}
			if backend == "native" {
				specs = append(specs, layout.Spec{Interpreter: i, NeverDownload: true, Copies: true})
			}
			for _, spec := range specs {
				dir, ok := made(t, backend, spec)
				if !ok {
					continue
				}
				got, err := Of(dir)
				if err != nil || len(got.Paths)+len(got.Uncopied) > 0 {
					t.Errorf("%s with %s: %v, %v", backend, i.Path, got, err)
				}
			}
		}
	}
}

// put writes files below a directory; what ends in / is a directory.
func put(t *testing.T, dir string, paths ...string) {
	t.Helper()
	for _, path := range paths {
		whole := filepath.Join(dir, path)
		err := os.MkdirAll(filepath.Dir(whole), 0o777)
		if strings.HasSuffix(path, "/") {
			err = os.MkdirAll(whole, 0o777)
		} else if err == nil {
			err = disk.Replace(whole, []byte("#!/bin/sh\n"), 0o777)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPersons: whatever a person puts into an environment is theirs, however it
// is called.
func TestPersons(t *testing.T) {
	t.Parallel()
	i := interpreters(t)[0]
	dir, ok := made(t, "native", layout.Spec{Interpreter: i, NeverDownload: true, Pip: true})
	if !ok {
		t.Fatal("no environment")
	}
	series := "python" + i.Version.Series()
	theirs := []string{
		".project", "bin/activate-vpn", "bin/pipeline", "bin/pythonize-data.sh", "bin/wheel-upload.sh", "bin/python-notes", "bin/postactivate", "bin/wheel",
		"data/empty", "include/pythonista/x.h", "lib/python-notes/a.txt", "lib/pythonwipe-all/x", "lib/" + series + "/own.txt",
		"lib/" + series + "/site-packages/mymod/__init__.py", "lib/" + series + "/site-packages/mymod/data.json", "lib/" + series + "/site-packages/proj/.git/HEAD",
		"lib/" + series + "/site-packages/notes.txt", "lib/" + series + "/site-packages/brick/own.txt", "include/" + series + "/own.h",
		"pipeline.toml", "src/x/setup.py",
	}
	put(t, dir, theirs...)
	if err := os.Remove(filepath.Join(dir, "data/empty")); err != nil {
		t.Fatal(err)
	}
	theirs[slices.Index(theirs, "data/empty")] = "data"
	// What belongs to packages is not, whoever has installed them.
	site := "lib/" + series + "/site-packages/"
	put(t, dir, site+"brick/__init__.py", site+"brick/__pycache__/__init__.pyc", site+"brick-1.0.dist-info/METADATA", site+"listed.py", site+"old/part/x.py", site+"older.py", "bin/developed", "bin/brick")
	for path, text := range map[string]string{
		site + "brick-1.0.dist-info/RECORD":                  "../../../bin/brick,,\nbrick/__init__.py,,\nbrick-1.0.dist-info/METADATA,,\nbrick-1.0.dist-info/RECORD,,\n",
		site + "listed-1.0-py3.egg-info/installed-files.txt": "../listed.py\nPKG-INFO\n",
		site + "old-1.0-py3.egg-info/top_level.txt":          "old\n",
		site + "older-1.0.egg-info":                          "Metadata-Version: 1.0\nName: older\nVersion: 1.0\n",
		"bin/developed":                                      "#!/usr/bin/python\n# EASY-INSTALL-ENTRY-SCRIPT: 'x','console_scripts','developed'\n",
	} {
		put(t, dir, path)
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Of(dir)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(theirs)
	slices.Sort(got.Paths)
	if !slices.Equal(got.Paths, theirs) {
		t.Errorf("theirs are\n%q, want\n%q", got.Paths, theirs)
	}
}
