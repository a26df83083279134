package python

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"den/env/programtest"
)

// asks checks that a request runs exactly these programs.
func (m *machine) asks(request string, want ...string) {
	m.t.Helper()
	m.asked()
	if _, err := m.find.Find(m.t.Context(), request); err != nil {
		m.t.Fatalf("Find(%q): %v", request, err)
	}
	if got := m.asked(); !slices.Equal(got, want) {
		m.t.Errorf("Find(%q) ran %q, want %q", request, got, want)
	}
}

func newCachingMachine(t *testing.T) *machine {
	m := newMachine(t).hidden()
	m.find.CacheDir = filepath.Join(m.root, "cache", "pythons")
	return m
}

func TestAnswersAreRemembered(t *testing.T) {
	m := newCachingMachine(t)
	m.python("first/python3", "3.11.2")
	m.asks("", "first/python3")
	m.asks("")
	m.asks("3.11")
	got := m.finds("", "first/python3", "3.11.2")
	m.find.CacheDir = ""
	if fresh := m.finds("", "first/python3", "3.11.2"); fresh.Prefix != got.Prefix || fresh.Executable != got.Executable || fresh.Source != got.Source {
		t.Errorf("remembered %+v, fresh %+v", got, fresh)
	}
}

func TestRememberedUntilSomethingChanges(t *testing.T) {
	rewrite := func(t *testing.T, m *machine, path string) {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(m.root, path))
		if err != nil {
			t.Fatal(err)
		}
		m.write(path+".new", content, 0o755)
		if err := os.Rename(filepath.Join(m.root, path+".new"), filepath.Join(m.root, path)); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(t *testing.T, m *machine){
		"the program is replaced": func(t *testing.T, m *machine) { rewrite(t, m, "first/real") },
		"the link is replaced": func(t *testing.T, m *machine) {
			link := filepath.Join(m.root, "first/python3")
			// Made before the old one is gone, so that it is another inode.
			if err := os.Symlink("real", link+".new"); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(link+".new", link); err != nil {
				t.Fatal(err)
			}
		},
		"a module is installed": func(t *testing.T, m *machine) { m.write("lib/ensurepip/__init__.py", nil, 0o644) },
		"it becomes an environment's": func(t *testing.T, m *machine) {
			m.write("pyvenv.cfg", []byte("home = /usr/bin\n"), 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newCachingMachine(t)
			m.answering("first/real", "3.11.2", m.root+"/first/python3", "")
			if err := os.Symlink("real", m.root+"/first/python3"); err != nil {
				t.Fatal(err)
			}
			m.write("lib/os.py", nil, 0o644)
			m.asks("python3", "first/real")
			m.asks("python3")
			change(t, m)
			m.asks("python3", "first/real")
			m.asks("python3")
		})
	}
}

func (m *machine) write(path string, content []byte, mode os.FileMode) {
	m.t.Helper()
	path = filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := programtest.Write(path, content, mode); err != nil {
		m.t.Fatal(err)
	}
}

func TestShimIsAskedEachTime(t *testing.T) {
	m := newCachingMachine(t)
	real := m.python("versions/3.11.7/bin/python3", "3.11.7")
	m.answering("first/python3", "3.11.7", real, "")
	m.asks("", "first/python3")
	m.asks("", "first/python3")
	m.asks(real) // which the shim's answer told
}

func TestAnswerOfWhatChangedMeanwhileIsNotKept(t *testing.T) {
	m := newCachingMachine(t)
	python := m.python("first/python3", "3.11.2")
	script, err := os.ReadFile(python)
	if err != nil {
		t.Fatal(err)
	}
	upgrade := "[ -e " + quote(m.root+"/pyvenv.cfg") + " ] || : >" + quote(m.root+"/pyvenv.cfg") + "\n"
	m.write("first/python3", append(script, upgrade...), 0o755)
	m.asks("", "first/python3")
	m.asks("", "first/python3")
	m.asks("")
}

func TestCorruptCacheIsRewritten(t *testing.T) {
	m := newCachingMachine(t)
	m.python("first/python3", "3.11.2")
	m.asks("", "first/python3")
	files, err := filepath.Glob(m.find.CacheDir + "/*")
	if err != nil || len(files) != 1 {
		t.Fatalf("the cache holds %q, %v", files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty":          {},
		"cut":            whole[:len(whole)/2],
		"not JSON":       []byte("\x00\xff"),
		"another script": bytes.Replace(whole, []byte(hashOf(probeScript)), []byte("0123456789abcdef"), 1),
		"no answer":      bytes.Replace(whole, []byte(`"executable"`), []byte(`"exe"`), 1),
		"another type":   []byte(`[1, 2]`),
	} {
		if err := os.WriteFile(files[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
		t.Log(name)
		m.asks("", "first/python3")
		m.asks("")
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	m := newCachingMachine(t)
	m.python("first/python3", "3.11.2")
	m.write("cache", []byte("a file where the directory should be"), 0o644)
	m.asks("", "first/python3")
	m.asks("", "first/python3")

	// Nor does a file that cannot be replaced leave anything behind.
	m.find.CacheDir = m.root + "/cache2"
	if err := os.MkdirAll(m.find.memoryFile(m.root+"/first/python3")+"/in the way", 0o755); err != nil {
		t.Fatal(err)
	}
	m.asks("", "first/python3")
	if left, err := filepath.Glob(m.find.CacheDir + "/.new-*"); err != nil || len(left) != 0 {
		t.Errorf("left %q, %v", left, err)
	}
}
