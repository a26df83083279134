package serve

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env"
)

// siteAt returns a site of an environment that is laid out in a directory of that name.
func siteAt(t *testing.T, name, server string) Site {
	t.Helper()
	top, err := os.MkdirTemp("", "s") // a short path, for the socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(top) })
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, name)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.MkdirAll(filepath.Join(dir, "bin"), 0o755), os.MkdirAll(filepath.Join(dir, "src"), 0o755),
		os.Symlink(python, filepath.Join(dir, "bin", "python")), os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte("version = 3.11.2\n"), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return Site{Environment: env.Environment{Name: name, Path: dir}, Options: Options{
		App: "app:application", Interface: WSGI, Server: server, Directory: filepath.Join(dir, "src"),
		Domains: []string{"web.localhost"}, Listen: "8080", Largest: "10m", Workers: 1, Threads: 1,
		Static: []Static{{URL: "/static/", Dir: filepath.Join(dir, "src") + "/"}}, Run: filepath.Join(dir, "run"),
	}}
}

// What den has written is replaced, what the person has changed is kept, and what is no
// more needed goes.
func TestWrite(t *testing.T) {
	s := siteAt(t, "web", "gunicorn")
	write := func() (changes map[string]string) {
		t.Helper()
		all, err := s.Write()
		if err != nil {
			t.Fatal(err)
		}
		changes = map[string]string{}
		for _, c := range all {
			changes[filepath.Base(c.Path)] = c.Change
		}
		if s, err = Load(s.Environment); err != nil {
			t.Fatal(err)
		}
		return changes
	}
	expect := func(what string, got map[string]string, file, want string) {
		t.Helper()
		if got[file] != want {
			t.Errorf("%s: %s is %q, want %q", what, file, got[file], want)
		}
	}
	expect("first", write(), "nginx.conf", Made)
	expect("again", write(), "nginx.conf", Same)
	s.Largest = "5m"
	expect("another option", write(), "nginx.conf", Replaced)

	own := "# mine\n"
	if err := os.WriteFile(s.NginxFile(), []byte(own), 0o644); err != nil {
		t.Fatal(err)
	}
	expect("changed", write(), "nginx.conf", Same)
	s.Largest = "6m"
	expect("changed, another option", write(), "nginx.conf", Kept)
	expect("changed, another option, again", write(), "nginx.conf", Kept)
	if text, _ := os.ReadFile(s.NginxFile()); string(text) != own {
		t.Errorf("what was changed is now %q", text)
	}
	if err := os.Remove(s.NginxFile()); err != nil {
		t.Fatal(err)
	}
	expect("taken away", write(), "nginx.conf", Made)

	// den was cut short after it had written a file, and before it noted that.
	s.Largest = "7m"
	cut := s
	cut.pending = map[string]string{"nginx.conf": cut.digest(textOf(t, cut, "nginx.conf"))}
	if err := errors.Join(cut.save(), os.WriteFile(s.NginxFile(), []byte(textOf(t, cut, "nginx.conf")), 0o644)); err != nil {
		t.Fatal(err)
	}
	if s, _ = Load(s.Environment); s.Largest != "7m" {
		t.Errorf("cut short, the option is %s", s.Largest)
	}
	s.Largest = "8m"
	expect("cut short, another option", write(), "nginx.conf", Replaced)

	s.Server = "granian"
	changes := write()
	expect("another server", changes, "gunicorn.conf.py", Removed)
	expect("another server", changes, "granian.conf.py", Made)
	if exists(s.file("gunicorn.conf.py")) {
		t.Error("the configuration of the other server stays")
	}
}

// textOf is what den writes into a file of the site.
func textOf(t *testing.T, s Site, name string) string {
	t.Helper()
	files, err := s.files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.name == name {
			return f.text
		}
	}
	t.Fatalf("there is no %s", name)
	return ""
}

// A site belongs to the path that it was written for, and nobody else may have written
// its note.
func TestLoad(t *testing.T) {
	s := siteAt(t, "web", "gunicorn")
	if _, err := Load(s.Environment); !errors.Is(err, ErrNone) {
		t.Errorf("of none: %v", err)
	}
	if _, err := s.Write(); err != nil {
		t.Fatal(err)
	}
	moved := env.Environment{Name: "shop", Path: filepath.Join(filepath.Dir(s.Path), "shop")}
	if err := os.Rename(s.Path, moved.Path); err != nil {
		t.Fatal(err)
	}
	got, err := Load(moved)
	from, ok := errors.AsType[*MovedError](err)
	if !ok || from.Name != "web" || from.Path != s.Path {
		t.Fatalf("of one that has moved: %v", err)
	}
	got.Run = DefaultRun("web", false, "/state")
	if got.Settle(from.Name, "/state"); got.Domain() != "shop.localhost" || got.Run != "/state/den/serve/shop" {
		t.Errorf("it settles as %s, %s", got.Domain(), got.Run)
	}
	if err := os.Chmod(filepath.Join(moved.Path, DirName), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(moved); err == nil || !strings.Contains(err.Error(), "trusted") {
		t.Errorf("of one that others can write: %v", err)
	}
}

func TestOptions(t *testing.T) {
	good := siteAt(t, "web", "gunicorn").Options
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		change func(*Options)
		isGood bool
	}{
		{func(o *Options) { o.Domains = []string{"example.org", "*.example.org", "xn--bcher-kva.example"} }, true},
		{func(o *Options) { o.Domains = []string{"example.org;"} }, false},
		{func(o *Options) { o.Domains = []string{"~^(.*)$"} }, false},
		{func(o *Options) { o.Domains = []string{"bücher.example"} }, false},
		{func(o *Options) { o.Domains = []string{""} }, false},
		{func(o *Options) { o.Domains = []string{"-a.b"} }, false},
		{func(o *Options) { o.App = "app" }, false},
		{func(o *Options) { o.App = "app:make()" }, false},
		{func(o *Options) { o.App = "pkg.app:site.application" }, true},
		{func(o *Options) { o.App = "app:application\nmaster = false" }, false},
		{func(o *Options) { o.Listen = "127.0.0.1:8080" }, true},
		{func(o *Options) { o.Listen = "[::1]:8080" }, true},
		{func(o *Options) { o.Listen = "0" }, false},
		{func(o *Options) { o.Listen = "80 default_server; }" }, false},
		{func(o *Options) { o.Largest = "10m; }" }, false},
		{func(o *Options) { o.User = "no such user" }, false},
		{func(o *Options) { o.Workers = 0 }, false},
		{func(o *Options) { o.Static = []Static{{"/a b/", "/srv/"}} }, false},
		{func(o *Options) { o.Static = []Static{{"/../", "/srv/"}} }, false},
		{func(o *Options) { o.Static = []Static{{"/static/", "/"}} }, false},
	} {
		o := good
		row.change(&o)
		if err := o.Check(); (err == nil) != row.isGood {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if s, err := ParseStatic("static=/srv/files"); err != nil || s != (Static{"/static/", "/srv/files/"}) {
		t.Errorf("%+v, %v", s, err)
	}
}

// The domains that another site has on the same port are found in its configuration.
func TestClaims(t *testing.T) {
	s := Site{Options: Options{Listen: "80", Domains: []string{"example.org", "www.example.org"}}}
	for text, want := range map[string][]string{
		"server { server_name example.org; }":                                           {"example.org"},
		"server { listen 80; server_name 'www.example.org' x; } # server_name none;":    {"www.example.org"},
		"server { listen 8080; server_name example.org; }":                              nil,
		"server { listen [::]:80 default_server;\n server_name _ example.org; }":        {"example.org"},
		"# server { server_name example.org; }":                                         nil,
		"server { listen 443 ssl; server_name example.org; } server { server_name a; }": nil,
		"server { add_header X \"server_name example.org;\"; server_name b; }":          nil,
	} {
		if got := claims(s, text); !slices.Equal(got, want) {
			t.Errorf("%s\nclaims %q, want %q", text, got, want)
		}
	}
}

// The difference reads as diff -u prints it.
func TestDiff(t *testing.T) {
	old := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"
	fresh := strings.NewReplacer("2\n3\n", "2\nnew\n3\n", "18\n", "other\n").Replace(old)
	c := Change{Path: "f", Old: old, New: fresh}
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := errors.Join(os.WriteFile(a, []byte(old), 0o600), os.WriteFile(b, []byte(fresh), 0o600)); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("diff", "-u", a, b).Output()
	_, got, _ := strings.Cut(c.Diff(), "@@")
	_, want, _ := strings.Cut(string(out), "@@")
	if got != want {
		t.Errorf("it is\n%s\nand diff says\n%s", got, want)
	}
}

// A service of the system's has a /tmp of its own, unless something of the site is in /tmp.
func TestPrivateTmp(t *testing.T) {
	s := siteAt(t, "web", "gunicorn")
	s.User, s.Group, s.Path, s.Directory = "root", "root", "/srv/web", "/srv/src"
	for run, want := range map[string]bool{"/run/den-web": true, "/tmp/den-web": false, "/var/tmp/den-web": false} {
		s.Run = run
		unit, err := s.render("service")
		if err != nil || strings.Contains(unit, "\nPrivateTmp=yes\n") != want {
			t.Errorf("in %s: %v\n%s", run, err, unit)
		}
	}
}

// The step after a complaint of nginx's is about the file that it names.
func TestMendNginx(t *testing.T) {
	t.Parallel()
	site := siteAt(t, "web", "gunicorn")
	check := Check{Site: site}
	for complaint, want := range map[string]string{
		`unknown directive "x" in /etc/nginx/conf.d/a b.conf:3`: "sed -n 3p '/etc/nginx/conf.d/a b.conf'",
		`unknown directive "x" in ` + site.NginxFile() + ":3":   "; to take den's again: rm ",
		`unknown directive "x"`:                                 "; to take den's again: rm ",
	} {
		if got := check.mendNginx(&nginxError{complaint: complaint}); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", complaint, got, want)
		}
	}
}
