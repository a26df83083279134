package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env/programtest"
)

// round is a day's work, in few commands: each has to succeed.
func round(p *person) {
	p.Helper()
	for _, args := range [][]string{
		{"mk", "--no-activate", "--without-pip", "web"}, {"list"}, {"cp", "--no-activate", "web", "api"}, {"mv", "api", "store"},
		{"show", "store"}, {"rm", "store"}, {"config"}, {"mk", "--no-activate", "--without-pip", "--clear", "web"},
	} {
		if s := p.den(args...); s.status != 0 || strings.Contains(s.out, "\x1b") {
			p.Errorf("den %q: exit status %d, %q", args, s.status, s.out)
		}
	}
	p.isWhole("web")
	if s := p.plans("workon", "web"); s.status != 0 || s.out != "" || !strings.Contains(s.plan, p.envs+"/web") {
		p.Errorf("workon: %+v", s)
	}
	p.nothingLeft()
	if names := p.names(); !slices.Equal(names, []string{"web"}) {
		p.Errorf("there is %q", names)
	}
}

// TestSurroundings does a day's work in surroundings that are old or strange.
func TestSurroundings(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(p *person){
		// Without HOME, den asks the system whose home is meant, and no test is to
		// touch that: so it is told where to look for what it keeps there.
		"no HOME":          func(p *person) { delete(p.environ, "HOME"); p.environ["XDG_CONFIG_HOME"] = p.home },
		"HOME is empty":    func(p *person) { p.environ["HOME"] = ""; p.environ["XDG_CONFIG_HOME"] = p.home },
		"HOME is relative": func(p *person) { p.environ["HOME"] = "home"; p.environ["XDG_CONFIG_HOME"] = p.home },
		"HOME is a file": func(p *person) {
			p.environ["HOME"] = p.dir + "/file"
			delete(p.environ, "XDG_CACHE_HOME")
			p.write(p.dir+"/file", "")
		},
		"TERM=dumb":           func(p *person) { p.environ["TERM"] = "dumb" },
		"no TERM":             func(p *person) { delete(p.environ, "TERM") },
		"LC_ALL=C":            func(p *person) { p.environ["LC_ALL"] = "C" },
		"a locale not there":  func(p *person) { p.environ["LC_ALL"] = "xx_XX.ISO-8859-15" },
		"no TMPDIR":           func(p *person) { p.environ["TMPDIR"] = p.dir + "/nowhere" },
		"WORKON_HOME missing": func(p *person) { p.envs += "/deep/down"; p.environ["WORKON_HOME"] = p.envs },
		"a slash at the end":  func(p *person) { p.environ["WORKON_HOME"] = p.envs + "//" },
		"not ASCII":           func(p *person) { p.envs += "/ünï cödé 漢"; p.environ["WORKON_HOME"] = p.envs },
		"WORKON_HOME is HOME": func(p *person) { p.envs = p.home; p.environ["WORKON_HOME"] = p.envs; os.Remove(p.home + "/envs") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			set(p)
			round(p)
		})
	}
}

// TestNoHomeAtAll: where environments cannot be kept, den says so, and what to do.
func TestNoHomeAtAll(t *testing.T) {
	t.Parallel()
	for _, home := range []string{"/", "//", "/.", "/usr/..", "/a:b"} {
		p := newPerson(t)
		p.environ["WORKON_HOME"] = home
		for _, args := range [][]string{{"list"}, {"mk", "--without-pip", "web"}, {"cp", "web", "api"}, {"rm", "web"}, {"workon", "web"}, {"sweep"}} {
			s := p.plans(args...)
			if s.status == 0 || s.plan != "" || !strings.Contains(s.out, "den cannot keep environments in") || !strings.Contains(s.out, "den: hint: ") {
				t.Errorf("%s, den %q: %+v", home, args, s)
			}
		}
	}
}

// TestUmask: what den makes is the person's to read, whatever the mask, and what
// is den's own nobody else's.
func TestUmask(t *testing.T) {
	for _, mask := range []string{"077", "000", "022"} {
		p := newPerson(t)
		c := p.command("mk", "--no-activate", "--without-pip", "web")
		c.Args = append([]string{"sh", "-c", "umask " + mask + ` && exec "$@"`, "sh", c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("umask %s: %v: %s", mask, err, out)
		}
		p.isWhole("web")
		for path, want := range map[string]os.FileMode{
			p.envs + "/web":            0o777 &^ maskOf(mask),
			p.envs + "/web/pyvenv.cfg": 0o666 &^ maskOf(mask),
			p.envs + "/.den":           0o700,
			p.envs + "/.den/staging":   0o700,
			p.envs + "/.den/trash":     0o700,
		} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %s: %s has the mode %v, %v, want %v", mask, path, info.Mode().Perm(), err, want)
			}
		}
		p.nothingLeft()
	}
}

func maskOf(octal string) (mask os.FileMode) {
	for _, digit := range octal {
		mask = mask<<3 | os.FileMode(digit-'0')
	}
	return mask
}

// TestClockJumps: files from the future, or from long ago, change nothing.
func TestClockJumps(t *testing.T) {
	p := newPerson(t)
	round(p)
	for _, when := range []time.Time{time.Unix(0, 0), time.Now().AddDate(50, 0, 0)} {
		err := filepath.WalkDir(p.home, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.Type()&os.ModeSymlink != 0 {
				return err
			}
			return os.Chtimes(path, when, when)
		})
		if err != nil {
			t.Fatal(err)
		}
		if s := p.den("rm", "web"); s.status != 0 {
			t.Error(s.out)
		}
		round(p)
	}
}

// TestInterpreterVanishes: of an environment whose Python has gone, and of a
// Python that goes while an environment is made with it, den says what is wrong,
// and makes nothing.
func TestInterpreterVanishes(t *testing.T) {
	p := newPerson(t)
	python := filepath.Join(p.dir, "opt", "python3")
	// It is asked once, and gone after that.
	p.write(python, fmt.Sprintf("#!/bin/sh\nrm -f -- \"$0\"\nexec '%s' \"$@\"\n", p.python))
	if err := os.Chmod(python, 0o777); err != nil {
		t.Fatal(err)
	}
	if s := p.den("mk", "--no-activate", "-p", python, "web"); s.status == 0 {
		p.isWhole("web") // it was made with the one behind
		remove(p, "web")
	} else if !strings.Contains(s.out, "den: error: ") {
		t.Errorf("%+v", s)
	}
	if s := p.den("mk", "--no-activate", "-p", python, "web"); s.status != 1 || !strings.Contains(s.out, "den: error: ") {
		t.Errorf("gone: %+v", s)
	}
	p.lay("old")
	link := filepath.Join(p.envs, "old", "bin", "python")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(python, link); err != nil {
		t.Fatal(err)
	}
	if s := p.plans("workon", "old"); s.status != 1 || s.plan != "" || !strings.Contains(s.out, "den upgrade old") {
		t.Errorf("workon: %+v", s)
	}
	if s := p.den("upgrade", "old"); s.status != 0 {
		t.Errorf("upgrade: %s", s.out)
	}
	p.isWhole("old")
	p.nothingLeft()
}

// TestNoPermission: what another user may not do den does not do by half, and
// says so. As root the test is another user; else it has a home that is closed.
func TestNoPermission(t *testing.T) {
	const python = "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		t.Logf("another user may not have what is not in /usr/bin")
		return
	}
	p := newPerson(t)
	p.environ["PATH"] = "/usr/bin:/bin"
	p.environ["PROJECT_HOME"] = filepath.Join(p.home, "src")
	p.lay("kept", "bystander", "one", "gone")
	p.write(filepath.Join(p.home, "src", "README"), "")
	p.write(p.bashrc(), rc)
	closed := []string{p.home, p.envs, filepath.Join(p.home, "src")}
	for _, dir := range closed {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, dir := range closed {
			os.Chmod(dir, 0o777)
		}
	})
	before := content(t, p.home)
	for _, d := range deeds() {
		if d.name == "setup --undo" || d.name == "wipe" || d.isPrepared() { // nothing to do
			continue
		}
		c := p.command(d.args...)
		asNobody(t, c)
		out, err := c.CombinedOutput()
		if c.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "den: error: ") || !strings.Contains(string(out), "permission denied") {
			t.Errorf("%s: %v: %s", d.name, err, out)
		}
	}
	if after := content(t, p.home); after != before {
		t.Error("something has changed")
	}
}

// asNobody has the command run as another user where this is root: the program is
// copied to where that user can reach it.
func asNobody(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	dir, err := os.MkdirTemp("", "den")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	c.Path = filepath.Join(dir, "den")
	if err := programtest.Write(c.Path, program, 0o755); err != nil {
		t.Fatal(err)
	}
	// t.TempDir is closed to others.
	for above := c.Dir; above != os.TempDir() && above != "/"; above = filepath.Dir(above) {
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
}
