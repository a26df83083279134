package env

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestExtensions(t *testing.T) {
	e := plant(t, t.TempDir()+"/web")
	if _, err := e.Extensions(); err == nil {
		t.Error("without a site-packages there is a place for them")
	}
	mkdir(t, e.Path+"/lib/python3.12/site-packages")
	x, err := e.Extensions()
	if err != nil {
		t.Fatal(err)
	}
	has := func(want ...string) {
		t.Helper()
		if dirs, err := x.Dirs(); err != nil || !slices.Equal(dirs, want) {
			t.Errorf("%q, %v; want %q", dirs, err, want)
		}
	}
	has()
	if err := x.Add("/a", "/b c"); err != nil {
		t.Fatal(err)
	}
	has("/b c", "/a")
	if err := x.Add("/d", "/a"); err != nil {
		t.Fatal(err)
	}
	has("/a", "/d", "/b c")
	if absent, err := x.Remove("/a", "/nope", "/b c"); err != nil || !slices.Equal(absent, []string{"/nope"}) {
		t.Errorf("%q, %v", absent, err)
	}
	has("/d")
	for _, dir := range []string{"relative", "/two\nlines", "/blank ", "/nul\x00", ""} {
		if err := x.Add("/e", dir); err == nil {
			t.Errorf("%q has been added", dir)
		}
	}
	has("/d")

	// What others have put there.
	write(t, string(x), "import sys; x\r\n# a comment\n\n/theirs\r\nimport sys; y")
	has("/theirs")
}

func TestSystemSitePackages(t *testing.T) {
	e := plant(t, t.TempDir()+"/web")
	const rest = "home = /usr/bin\n# = kept\nversion = 3.12.1"
	for _, row := range []struct {
		config  string
		visible bool
		want    string
	}{
		// Python lets it see them where there is no such key.
		{rest, true, rest + "\ninclude-system-site-packages = true\n"},
		{"Include-System-Site-Packages=False\n" + rest, false, "include-system-site-packages = true\n" + rest},
		{"include-system-site-packages = TRUE\n" + rest, true, "include-system-site-packages = true\n" + rest},
		{"include-system-site-packages = yes\n" + rest, false, "include-system-site-packages = true\n" + rest},
		{"", true, "include-system-site-packages = true\n"},
	} {
		write(t, e.Path+"/pyvenv.cfg", row.config)
		if visible, err := e.SystemSitePackages(); visible != row.visible || err != nil {
			t.Errorf("%q: %v, %v", row.config, visible, err)
		}
		if err := e.SetSystemSitePackages(true); err != nil {
			t.Fatal(err)
		}
		if text, _ := os.ReadFile(e.Path + "/pyvenv.cfg"); string(text) != row.want {
			t.Errorf("%q has become %q, want %q", row.config, text, row.want)
		}
		if visible, err := e.SystemSitePackages(); !visible || err != nil {
			t.Errorf("%q, then: %v, %v", row.config, visible, err)
		}
		if err := e.SetSystemSitePackages(false); err != nil {
			t.Fatal(err)
		}
		if text, _ := os.ReadFile(e.Path + "/pyvenv.cfg"); string(text) != strings.Replace(row.want, "= true", "= false", 1) {
			t.Errorf("%q has become %q", row.config, text)
		}
	}
}
