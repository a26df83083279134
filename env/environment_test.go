package env

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"den/env/disk"
	"den/env/store"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	plant(t, filepath.Join(dir, "project", ".venv"))
	symlink(t, "project/.venv", filepath.Join(dir, "link"))
	t.Chdir(filepath.Join(dir, "project"))
	// The working directory may be reached through a link, as on macOS.
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		want Environment
	}{
		{dir + "/project/.venv", Environment{".venv", dir + "/project/.venv"}},
		{dir + "/project/.venv/", Environment{".venv", dir + "/project/.venv"}},
		{dir + "/project/.venv//./", Environment{".venv", dir + "/project/.venv"}},
		{dir + "/project/../project/.venv", Environment{".venv", dir + "/project/.venv"}},
		{dir + "/link", Environment{"link", dir + "/link"}},
		{dir + "/link/", Environment{"link", dir + "/link"}},
		{".venv", Environment{".venv", here + "/.venv"}},
		{"./.venv/", Environment{".venv", here + "/.venv"}},
	} {
		if got, err := Open(test.path); err != nil || got != test.want {
			t.Errorf("Open(%q): %v, %v, want %v", test.path, got, err, test.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, dir+"/empty")
	write(t, dir+"/file", "")
	write(t, dir+"/nocfg/bin/python", "")
	for path, reason := range map[string]string{
		"empty": "has no bin/python",
		"nocfg": "has no pyvenv.cfg",
		"file":  "is not a directory",
	} {
		bad, ok := errors.AsType[*store.NotEnvironmentError](second(Open(dir + "/" + path)))
		if !ok || bad.Path != dir+"/"+path || bad.Reason != reason {
			t.Errorf("Open(%s): %v, want that it %s", path, second(Open(dir+"/"+path)), reason)
		}
	}
	if _, err := Open(dir + "/missing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir+"/missing") {
		t.Errorf("Open of what is not there: %v", err)
	}
}

func TestPaths(t *testing.T) {
	e := Environment{Name: "it's", Path: "/srv/venvs/it's"}
	if e.Bin() != "/srv/venvs/it's/bin" || e.Python() != "/srv/venvs/it's/bin/python" {
		t.Errorf("%s, %s", e.Bin(), e.Python())
	}
}

func TestPrompt(t *testing.T) {
	for _, test := range []struct{ name, config, want string }{
		{"none", "home = /usr/bin\n", "web"},
		{"empty", "prompt =\n", "web"},
		{"venv, empty", "prompt = ''\n", "web"},
		{"venv", "prompt = 'my web'\n", "my web"},
		{"venv, apostrophe", `prompt = "it's"`, "it's"},
		{"venv, both quotes", `prompt = 'it\'s "x"'`, `it's "x"`},
		{"venv, backslash", `prompt = 'a\\nb'`, `a\nb`},
		{"venv, escapes", `prompt = 'a\xad\u200b\U000e0001é'`, "a\u00ad\u200b\U000e0001é"},
		{"venv, control characters", `prompt = 'a\x1b]0;b\n'`, "web"},
		{"control characters", "prompt = a\x1b]0;b\n", "web"},
		{"not UTF-8", "prompt = caf\xe9\n", "web"},
		{"of a size that no line shows", "prompt = " + strings.Repeat("x", 256) + "\n", "web"},
		{"venv, spaces", `prompt = ' x '`, " x "},
		{"uv", "prompt = web\n", "web"},
		{"uv, spaces", "prompt = my web\n", "my web"},
		{"uv, apostrophe", "prompt = it's\n", "it's"},
		{"virtualenv, quotes within", "prompt = say \"hi\"\n", `say "hi"`},
		{"one quote", "prompt = '\n", "'"},
		{"quote at the start", "prompt = 'til dawn\n", "'til dawn"},
		{"quotes that do not match", "prompt = 'x\"\n", "'x\""},
		{"no literal of Python's", `prompt = 'a'b'`, `'a'b'`},
		{"unknown escape", `prompt = 'a\qb'`, `'a\qb'`},
		{"equals sign", "prompt = 'a=b'\n", "a=b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := plant(t, filepath.Join(t.TempDir(), "web"))
			write(t, e.Path+"/pyvenv.cfg", test.config)
			if got := e.Prompt(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if got := (Environment{Name: "legacy", Path: t.TempDir()}).Prompt(); got != "legacy" {
		t.Errorf("without pyvenv.cfg: %q", got)
	}
}

func TestSitePackages(t *testing.T) {
	for _, test := range []struct {
		name, config string
		dirs         []string // in lib
		want         string   // "" for none
	}{
		{"venv", "version = 3.12.1", []string{"python3.12/site-packages"}, "python3.12"},
		{"virtualenv", "version_info = 3.11.2.final.0", []string{"python3.11/site-packages"}, "python3.11"},
		{"uv", "version_info = 3.13", []string{"python3.13/site-packages"}, "python3.13"},
		{"pypy", "version = 3.10.14", []string{"pypy3.10/site-packages"}, "pypy3.10"},
		{"free-threaded", "version = 3.13.0", []string{"python3.13t/site-packages"}, "python3.13t"},
		{"upgraded", "version = 3.12.1", []string{"python3.11/site-packages", "python3.12/site-packages", "python3.1/site-packages"}, "python3.12"},
		{"no version", "", []string{"python3.9/site-packages", "lib-dynload", "pythonic/site-packages"}, "python3.9"},
		{"another version", "version = 3.13.0", []string{"python3.9/site-packages"}, "python3.9"},
		{"no number", "version = new", []string{"python3.9/site-packages"}, "python3.9"},
		{"one is empty", "", []string{"python3.9/site-packages", "python3.10"}, "python3.9"},
		{"none", "version = 3.12.1", []string{"python3.12"}, ""},
		{"no lib", "version = 3.12.1", nil, ""},
		{"no telling", "", []string{"python3.9/site-packages", "python3.10/site-packages"}, ""},
		{"no telling, same version", "version = 3.13.0", []string{"python3.13/site-packages", "python3.13t/site-packages"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := plant(t, filepath.Join(t.TempDir(), "[a-z]* web"))
			write(t, e.Path+"/pyvenv.cfg", test.config)
			for _, dir := range test.dirs {
				mkdir(t, filepath.Join(e.Path, "lib", dir))
			}
			got, err := e.SitePackages()
			if test.want == "" {
				if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), e.Path+"/lib") {
					t.Errorf("%q, %v, want none", got, err)
				}
				return
			}
			if want := e.Path + "/lib/" + test.want + "/site-packages"; err != nil || got != want {
				t.Errorf("%q, %v, want %q", got, err, want)
			}
		})
	}
}

// TestNotesThatNeverEnd: pipes that nobody writes into and devices, in the place
// of an environment's notes, hold nobody up.
func TestNotesThatNeverEnd(t *testing.T) {
	home := newHome(t)
	pipe, device := plant(t, home.Path("pipe")), plant(t, home.Path("device"))
	for _, note := range []string{"pyvenv.cfg", ".project"} {
		os.Remove(pipe.Path + "/" + note)
		if err := unix.Mkfifo(pipe.Path+"/"+note, 0o666); err != nil {
			t.Fatal(err)
		}
		os.Remove(device.Path + "/" + note)
		symlink(t, "/dev/zero", device.Path+"/"+note)
	}
	if names, err := home.Names(); err != nil || !slices.Equal(names, []string{"device", "pipe"}) {
		t.Errorf("Names: %q, %v", names, err)
	}
	for _, e := range []Environment{pipe, device} {
		if got := e.Prompt(); got != e.Name {
			t.Errorf("the prompt of %s is %q", e.Name, got)
		}
		project, err := e.Project(".project")
		if project != "" || !errors.Is(err, disk.ErrNotRegular) {
			t.Errorf("the project of %s is %q, %v", e.Name, project, err)
		}
		_ = e.Check()
		_ = e.PythonVersion()
	}
}
