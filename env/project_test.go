package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"den/env/usertest"
)

func TestProject(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"virtualenvwrapper", "/home/me/web\n", "/home/me/web"},
		{"no line end", "/home/me/web", "/home/me/web"},
		{"Windows", "/home/me/web\r\n", "/home/me/web"},
		{"spaces", " /home/me/my web \n", " /home/me/my web "},
		{"more lines", "/home/me/web\n/home/me/api\n", "/home/me/web"},
		{"empty", "", ""},
		{"empty line", "\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := plant(t, filepath.Join(t.TempDir(), "web"))
			write(t, e.Path+"/.project", test.text)
			if got, err := e.Project(".project"); err != nil || got != test.want {
				t.Errorf("%q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestProjectWithoutNote(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	if got, err := e.Project(".project"); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestProjectUnreadable(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	mkdir(t, e.Path+"/.project")
	if got, err := e.Project(".project"); err == nil || !strings.Contains(err.Error(), e.Path+"/.project") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestSetProject(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	for _, dir := range []string{"/home/me/web", "/", "/home/me/it's $HOME; rm -rf", "/home/me/ trailing "} {
		if err := e.SetProject(".project", dir); err != nil {
			t.Fatal(err)
		}
		if got, err := e.Project(".project"); err != nil || got != dir {
			t.Errorf("%q, %v, want %q", got, err, dir)
		}
	}
	// Others read it too: it has the mode any new file would.
	write(t, e.Path+"/new", "")
	want, err := os.Stat(e.Path + "/new")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.Stat(e.Path + "/.project"); err != nil || got.Mode() != want.Mode() {
		t.Errorf("mode %v, %v, want %v", got.Mode(), err, want.Mode())
	}
	if names := in(t, e.Path); !slices.Equal(names, []string{".project", "bin", "new", "pyvenv.cfg"}) {
		t.Errorf("left in the environment: %q", names)
	}
}

func TestSetProjectRefuses(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	for _, test := range []struct{ file, dir, says string }{
		{".project", "", "is relative"},
		{".project", "web", "is relative"},
		{".project", "/home/a\nb", "does not fit on a line"},
		{"", "/home", "is not the name of a file"},
		{".", "/home", "is not the name of a file"},
		{"../.project", "/home", "is not the name of a file"},
		{"/etc/project", "/home", "is not the name of a file"},
	} {
		if err := e.SetProject(test.file, test.dir); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("SetProject(%q, %q): %v, want %q", test.file, test.dir, err, test.says)
		}
	}
	if _, err := e.Project("../.project"); err == nil {
		t.Error("Project looked outside the environment")
	}
}

// TestSetProjectAtOnce: whoever reads finds one of the notes, whole.
func TestSetProjectAtOnce(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	var valid []string
	for i := range 10 {
		valid = append(valid, "/"+strings.Repeat(fmt.Sprint(i), 1000*(i+1)))
	}
	if err := e.SetProject(".project", valid[0]); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, dir := range valid {
		all.Go(func() {
			if err := e.SetProject(".project", dir); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if got, err := e.Project(".project"); err != nil || !slices.Contains(valid, got) {
				t.Errorf("read %d bytes of a note, %v", len(got), err)
			}
		})
	}
	all.Wait()
	if names := in(t, e.Path); !slices.Equal(names, []string{".project", "bin", "pyvenv.cfg"}) {
		t.Errorf("left in the environment: %q", names)
	}
}

func TestSetProjectReadOnly(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	e := plant(t, filepath.Join(t.TempDir(), "web"))
	if err := e.SetProject(".project", "/old"); err != nil {
		t.Fatal(err)
	}
	chmod(t, e.Path, 0o555)
	defer chmod(t, e.Path, 0o777)
	if err := e.SetProject(".project", "/new"); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), e.Path+"/.project") {
		t.Errorf("SetProject: %v", err)
	}
	if got, err := e.Project(".project"); err != nil || got != "/old" {
		t.Errorf("%q, %v, want the old one", got, err)
	}
}
