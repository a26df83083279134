package env

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/env/disk"
)

func TestReadConfig(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       [][2]string
	}{
		{"venv", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n",
			[][2]string{{"home", "/usr/bin"}, {"include-system-site-packages", "false"}, {"version", "3.12.1"}}},
		{"empty", "", nil},
		{"no equals sign", "home\n\n# comment\n", nil},
		{"a comment is a key like any other", "# a = b\n", [][2]string{{"# a", "b"}}},
		{"first equals sign", "command = x --prompt=a=b\n", [][2]string{{"command", "x --prompt=a=b"}}},
		{"no space", "a=b", [][2]string{{"a", "b"}}},
		{"much space", "\t a \u00a0=  b c \v\n", [][2]string{{"a", "b c"}}},
		{"case of keys and values", "HOME = /Users/Me\n", [][2]string{{"home", "/Users/Me"}}},
		{"last one counts", "a = 1\nb = 2\nA = 3\n", [][2]string{{"a", "3"}, {"b", "2"}}},
		{"no value", "prompt =\n", [][2]string{{"prompt", ""}}},
		{"no key", "= x\n", [][2]string{{"", "x"}}},
		{"byte order mark", "\ufeffhome = /usr/bin\n", [][2]string{{"home", "/usr/bin"}}},
		{"Windows", "a = 1\r\nb = 2\r\n", [][2]string{{"a", "1"}, {"b", "2"}}},
		{"old Mac", "a = 1\rb = 2\r", [][2]string{{"a", "1"}, {"b", "2"}}},
		{"no last line end", "a = 1\nb = 2", [][2]string{{"a", "1"}, {"b", "2"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "pyvenv.cfg"), test.text)
			config, err := ReadConfig(dir)
			if err != nil {
				t.Fatal(err)
			}
			var got [][2]string
			for _, key := range config.keys {
				got = append(got, [2]string{key, config.Get(key)})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadConfigMissing(t *testing.T) {
	dir := t.TempDir()
	config, err := ReadConfig(dir)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), filepath.Join(dir, "pyvenv.cfg")) != 1 {
		t.Errorf("ReadConfig: %v", err)
	}
	if got := config.Get("home"); got != "" {
		t.Errorf("home of nothing: %q", got)
	}
}

// A note may be longer than most are.
func TestReadNote(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note")
	for _, size := range []int{0, 1, 1023, 1024, 1025, 5000} {
		want := strings.Repeat("x", size)
		write(t, path, want)
		if got, err := disk.ReadSmall(path); err != nil || string(got) != want {
			t.Errorf("of %d bytes, %d are read, %v", size, len(got), err)
		}
	}
	if _, err := disk.ReadSmall(path + "/none"); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("a path through a file: %v", err)
	}
	if _, err := disk.ReadSmall(filepath.Dir(path)); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := disk.ReadSmall(path + "2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
