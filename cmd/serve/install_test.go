package serve

import (
	"context"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// lines are the steps of an installation as a person types them.
func lines(t *testing.T, s Site, d *Systemd, nginxDir string) string {
	t.Helper()
	steps, err := s.Steps(context.Background(), d, nginxDir)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, step := range steps {
		all.WriteString(step.Line() + "\n")
	}
	return all.String()
}

// nginx is started where it does not run, and else reads its configuration again.
func TestNginxSteps(t *testing.T) {
	s, dir := siteAt(t, "web", "gunicorn"), t.TempDir()
	pid := filepath.Join(dir, "pid")
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte("pid "+pid+";\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"": "nginx -c ", strconv.Itoa(os.Getpid()): "nginx -s reload -c "} {
		if err := os.WriteFile(pid, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := lines(t, s, nil, dir); !strings.HasSuffix(got, want+dir+"/nginx.conf\n") {
			t.Errorf("with the process %q:\n%s", text, got)
		}
	}
}

// systemd starts a server anew if its files have changed since, and gives up the socket
// that it has opened for another server.
func TestSystemdSteps(t *testing.T) {
	s, dir := siteAt(t, "web", "granian"), t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s.User, s.Group = me.Username, "root"
	if _, err := s.Write(); err != nil {
		t.Fatal(err)
	}
	at := func(times time.Time) {
		t.Helper()
		if err := errors.Join(os.Chtimes(s.UnitFile(), times, times), os.Chtimes(s.ConfigFile(), times, times)); err != nil {
			t.Fatal(err)
		}
	}
	at(time.Now().Add(-time.Hour))
	d := &Systemd{site: s, program: "systemctl", dir: dir}
	mainProcess(t, s)
	expect := func(wanted ...string) {
		t.Helper()
		got := lines(t, s, d, dir)
		for _, want := range []string{"systemctl disable", "systemctl stop", "systemctl restart"} {
			if is := strings.Contains(got, want); is != strings.Contains(strings.Join(wanted, "\n"), want) {
				t.Errorf("%q is %v in\n%s", want, is, got)
			}
		}
		for _, want := range wanted {
			if !strings.Contains(got, want+"\n") {
				t.Errorf("%q is missing in\n%s", want, got)
			}
		}
	}
	expect("systemctl enable --now den-web.service")
	at(time.Now().Add(time.Hour))
	expect("systemctl restart den-web.service")
	s.Server, d.site.Server = "gunicorn", "gunicorn"
	expect("systemctl stop den-web.service", "systemctl enable --now den-web.socket den-web.service")
	if err := os.WriteFile(filepath.Join(dir, "den-web.socket"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	expect("systemctl restart den-web.service")
	s.Server, d.site.Server = "granian", "granian"
	expect("systemctl disable --now den-web.socket den-web.service", "rm -f "+dir+"/den-web.socket "+s.Socket())
}

// What the user of a service does not come to is found before anything is started.
func TestCheckUser(t *testing.T) {
	if _, err := user.Lookup("nobody"); err != nil {
		t.Fatal(err)
	}
	s := siteAt(t, "web", "gunicorn")
	python := filepath.Join(s.Path, "bin", "python")
	if err := errors.Join(os.Remove(python), os.Symlink("/bin/sh", python)); err != nil { // which all can run
		t.Fatal(err)
	}
	s.User = "nobody"
	if err := s.checkUser(); err != nil {
		t.Errorf("of what all come to: %v", err)
	}
	for dir, needed := range map[string]string{filepath.Dir(s.Path): python, s.Directory: s.Directory} {
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		barred, ok := errors.AsType[*BarredError](s.checkUser())
		if !ok || !strings.Contains(barred.Reason, "its user, nobody, may not pass "+dir+" ") || !strings.Contains(barred.Reason, "it needs "+needed) {
			t.Errorf("below %s: %v", dir, barred)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// The check makes the directory of the socket as the start does: those above it can be
// passed.
func TestCheckMakesNoBarrier(t *testing.T) {
	s := siteAt(t, "web", "gunicorn")
	s.Run = filepath.Join(s.Path, "state", "den", "run")
	(&Check{Site: s}).socket(func(_, _, _, _ string, _ ...any) {})
	info, err := os.Stat(filepath.Join(s.Path, "state"))
	if err != nil || info.Mode().Perm()&0o111 != 0o111 {
		t.Errorf("it is %v, %v", info, err)
	}
}

// TestEndedSaysWhatTheServerPrinted: the error of a server that has ended has the last
// lines of its log, and nothing where there is no log.
func TestEndedSaysWhatTheServerPrinted(t *testing.T) {
	s, dir := siteAt(t, "web", "granian"), t.TempDir()
	d := &Systemd{site: s, program: "systemctl", dir: dir}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	for code, want := range map[string][]string{
		"echo first; echo last":   {"first", "last"},
		"echo no journal; exit 1": nil,
	} {
		if err := os.WriteFile(filepath.Join(dir, "journalctl"), []byte("#!/bin/sh\n"+code+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		ended, ok := errors.AsType[*EndedError](d.Ended("started"))
		if !ok || strings.Join(ended.Output, "") != strings.Join(want, "") {
			t.Errorf("%s: %+v, not %q", code, ended, want)
		}
	}
}

// TestLaunchAs: a server that root starts as another user has the variables of that
// user's home, and one as root, or of no user, keeps those that it gets.
func TestLaunchAs(t *testing.T) {
	given := []string{"HOME=/given", "USER=given", "LOGNAME=given", "A=1"}
	s := siteAt(t, "web", "granian")
	launch := func(name string) Launch {
		t.Helper()
		s.User, s.Group = name, ""
		l, err := s.surroundings(given)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if l := launch(""); l.Credential != nil || !slices.Equal(l.Environ, given) {
		t.Errorf("no user: %+v", l)
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if l := launch(me.Username); !slices.Equal(l.Environ, given) {
		t.Errorf("this user: %+v", l)
	}
	other, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		s.User = other.Username
		if _, err := s.surroundings(given); err == nil {
			t.Error("somebody starts a server as another")
		}
		return
	}
	want := []string{"A=1", "HOME=" + other.HomeDir, "USER=nobody", "LOGNAME=nobody"}
	if l := launch("nobody"); l.Credential == nil || !slices.Equal(l.Environ, want) {
		t.Errorf("another user: %+v, not %q", l, want)
	}
}
