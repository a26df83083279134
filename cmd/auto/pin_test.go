package auto

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/env"
	"den/env/disk"
	"den/env/variables"
)

// pinned makes a directory with a file .venv that says something.
func pinned(t *testing.T, says string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, PinName), []byte(says), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPinLeadsTo(t *testing.T) {
	h := home(t, map[string]string{"web": "/src/web", "dir": "/src"})
	other := home(t, map[string]string{"venv": "/src"})
	beside := pinned(t, "dir")
	if err := os.Mkdir(filepath.Join(beside, "dir"), 0o755); err != nil { // it is no environment
		t.Fatal(err)
	}
	for _, row := range []struct {
		dir, want string
		isOwn     bool
	}{
		{pinned(t, "web"), h.Path("web"), true},
		{pinned(t, " web \r\nand more\n"), h.Path("web"), true},
		{pinned(t, h.Path("web")+"\n"), h.Path("web"), true},
		{pinned(t, other.Path("venv")), other.Path("venv"), false},
		{beside, h.Path("dir"), true},
		{pinned(t, ""), "", false},
		{pinned(t, "nosuch"), "", false},
		{pinned(t, "$(touch pwned)"), "", false},
		{pinned(t, "../.."), "", false},
		{pinned(t, strings.Repeat("a", 100_000)), "", false},
	} {
		pin, err := ReadPin(row.dir, h)
		if row.want == "" {
			if err == nil {
				t.Errorf("%q leads to %v", pin.Says, pin.Environment)
			}
			continue
		}
		if err != nil || pin.Environment.Path != row.want || pin.IsOwn != row.isOwn {
			t.Errorf("%q leads to %v (%v), want %s", pin.Says, pin.Environment, err, row.want)
		}
	}
}

// A link leads to its target of now, and that is what the shell enters: the link may get
// another one while the environment is active.
func TestPinThroughALink(t *testing.T) {
	h := home(t, map[string]string{"web": "/src/web"})
	other := home(t, map[string]string{"venv": "/src"}).Path("venv")
	for _, target := range []string{h.Path("web"), other} {
		linked, named := t.TempDir(), pinned(t, "link\n")
		for _, link := range []string{filepath.Join(linked, PinName), filepath.Join(named, "link")} {
			if err := os.Symlink(target, link); err != nil {
				t.Fatal(err)
			}
		}
		for _, dir := range []string{linked, named} {
			pin, err := ReadPin(dir, h)
			if err != nil || pin.Environment.Path != target || pin.IsOwn != (target == h.Path("web")) {
				t.Errorf("it leads to %v (%v), want %s", pin.Environment, err, target)
			}
		}
	}
}

// A .venv that leads to a device has an error of its own: no hint tells the person to
// change the mode of the device.
func TestPinOfADevice(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/dev/null", filepath.Join(dir, PinName)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPin(dir, home(t, nil)); !errors.Is(err, disk.ErrNotRegular) {
		t.Errorf("the error is %v", err)
	}
}

// What others can write to is not read at all.
func TestPinOfOthers(t *testing.T) {
	h := home(t, nil)
	venv := home(t, map[string]string{"venv": "/src"}).Path("venv")
	for name, open := range map[string]func(dir string) string{
		"the file":          func(dir string) string { return filepath.Join(dir, PinName) },
		"the directory":     func(dir string) string { return dir },
		"the environment":   func(string) string { return venv },
		"its programs":      func(string) string { return filepath.Join(venv, "bin") },
		"its configuration": func(string) string { return filepath.Join(venv, "pyvenv.cfg") },
	} {
		dir := pinned(t, venv)
		path := open(dir)
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
		_, err = ReadPin(dir, h)
		if _, untrusted := errors.AsType[*disk.UntrustedError](err); !untrusted {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Chmod(path, before.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
		if os.Geteuid() == 0 {
			if err := os.Chown(path, 65533, 65533); err != nil {
				t.Fatal(err)
			}
			_, err = ReadPin(dir, h)
			if _, untrusted := errors.AsType[*disk.UntrustedError](err); !untrusted {
				t.Errorf("%s, another user's: %v", name, err)
			}
			if err := os.Chown(path, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ReadPin(dir, h); err != nil {
			t.Errorf("%s, closed again: %v", name, err)
		}
	}
}

// A decision holds for the directory, what it says, and where that leads.
func TestPinIsAllowedAsItIs(t *testing.T) {
	h := home(t, map[string]string{"web": "/src/web", "api": "/src/api"})
	venv := home(t, map[string]string{"venv": "/src"}).Path("venv")
	trust := Trust{filepath.Join(t.TempDir(), "state", "allowed.json")}
	allows := func(dir string) bool {
		t.Helper()
		pin, err := ReadPin(dir, h)
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := trust.Of(dir)
		if err != nil {
			t.Fatal(err)
		}
		return d.Allows(pin)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir := pinned(t, "web")
	if allows(dir) {
		t.Error("it is allowed before anybody has allowed it")
	}
	allow(t, trust, dir, h)
	if !allows(dir) {
		t.Error("it is not allowed")
	}
	if allows(pinned(t, "web")) {
		t.Error("another directory is allowed too")
	}
	write(filepath.Join(dir, PinName), "api")
	if allows(dir) {
		t.Error("it is allowed with another name in it")
	}
	write(filepath.Join(dir, PinName), venv)
	allow(t, trust, dir, h)
	write(filepath.Join(venv, "pyvenv.cfg"), "home = /elsewhere\n")
	if allows(dir) {
		t.Error("it is allowed with another Python")
	}
	if err := trust.Deny(dir); err != nil {
		t.Fatal(err)
	}
	if d, decided, err := trust.Of(dir); d.Allowed || !decided || err != nil {
		t.Errorf("denied, it is %v, %v, %v", d, decided, err)
	}
	if info, err := os.Stat(trust.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the decisions have the mode %v (%v)", info.Mode(), err)
	}
}

func TestDecisionsOfDirectoriesThatAreNotUTF8(t *testing.T) {
	h := home(t, map[string]string{"web": "/src/web"})
	trust := Trust{filepath.Join(t.TempDir(), "state", "allowed.json")}
	top := t.TempDir()
	if errors.Is(os.Mkdir(filepath.Join(top, "\xff"), 0o755), syscall.EILSEQ) {
		return // the file system takes UTF-8 only
	}
	dir := func(name string) string {
		path := filepath.Join(top, name)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, PinName), []byte("web"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one, other, replacement := dir("a\xff"), dir("a\xfe"), dir("a\ufffd")
	allow(t, trust, one, h)
	if d, decided, err := trust.Of(one); !d.Allowed || err != nil {
		t.Errorf("allowed, it is %v, %v, %v", d, decided, err)
	}
	for _, each := range []string{other, replacement} {
		if d, decided, err := trust.Of(each); decided || err != nil {
			t.Errorf("%q is decided with it: %v, %v", each, d, err)
		}
	}
	allow(t, trust, other, h)
	if err := trust.Deny(one); err != nil {
		t.Fatal(err)
	}
	decisions, err := trust.Read()
	if err != nil || len(decisions) != 2 || decisions[0].Directory != other || decisions[1].Allowed {
		t.Errorf("the decisions are %v (%v)", decisions, err)
	}
}

func allow(t *testing.T, trust Trust, dir string, h env.Home) {
	t.Helper()
	pin, err := ReadPin(dir, h)
	if err == nil {
		err = trust.Allow(pin)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A project sets no variables by which den or others find a person's own files.
func TestPinVariables(t *testing.T) {
	dir := pinned(t, "web")
	text := "A=1\nXDG_STATE_HOME=/evil\nPATH=/evil\nexport B=2\nC='it is'\n"
	if err := os.WriteFile(filepath.Join(dir, EnvName), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	pin, err := ReadPin(dir, home(t, map[string]string{"web": "/src/web"}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]variables.Variable{{Name: "A", Value: "1"}, {Name: "C", Value: "it is"}}, pin.Variables); diff != "" {
		t.Error(diff)
	}
	if len(pin.NotSet) != 3 {
		t.Errorf("not set: %v", pin.NotSet)
	}
}
