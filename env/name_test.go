package env

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// oddNames are valid, and each has broken some program once.
var oddNames = []string{
	"web", "a", "WEB.2", "api-v2_x",
	" leading", "inner  space", "trailing ", " ",
	"it's $HOME; rm -rf", `say "hi"`, "`id`", "$(id)", `back\slash`, "%s", "*", "[a-z]?", "{a,b}", "~", "!", "#x", "=", "&|<>", "pyvenv.cfg", "bin",
	"größe", "包", "🐍", "e\u0301",
	strings.Repeat("x", 255), strings.Repeat("é", 127),
}

func TestCheckName(t *testing.T) {
	for _, name := range oddNames {
		if err := CheckName(name); err != nil {
			t.Errorf("CheckName(%q): %v", name, err)
		}
	}
	for name, reason := range map[string]string{
		"":                             "is empty",
		".":                            "starts with a dot",
		"..":                           "starts with a dot",
		".hidden":                      "starts with a dot",
		"-":                            "starts with a dash",
		"--help":                       "starts with a dash",
		"/":                            "contains a slash",
		"a/b":                          "contains a slash",
		"web/":                         "contains a slash",
		"a:b":                          "contains a colon",
		"a\x00b":                       "contains a NUL",
		"a\nb":                         "contains a newline",
		"a\tb":                         "contains a control character",
		"a\x1b[31mb":                   "contains a control character",
		"a\x7f":                        "contains a control character",
		"a\u0080":                      "contains a control character",
		"a\u009b31m":                   "contains a control character",
		"a\u009f":                      "contains a control character",
		"caf\xe9":                      "is not valid UTF-8",
		"\xff":                         "is not valid UTF-8",
		strings.Repeat("x", 256):       "is longer than 255 bytes",
		strings.Repeat("é", 128):       "is longer than 255 bytes",
		"/" + strings.Repeat("x", 300): "contains a slash",
	} {
		bad, ok := errors.AsType[*NameError](CheckName(name))
		if !ok || bad.Name != name || bad.Reason != reason {
			t.Errorf("CheckName(%q): %v, want that it %s", name, CheckName(name), reason)
		}
	}
}

func TestNameErrorIsSafeToPrint(t *testing.T) {
	got := CheckName("a\x1b[31mb").Error()
	if want := `"a\x1b[31mb" cannot be an environment's name: it contains a control character`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestOddNames takes each through all there is to an environment.
func TestOddNames(t *testing.T) {
	home, ctx := newHome(t), context.Background()
	for _, name := range oddNames {
		made, err := home.Create(ctx, name, func(ctx context.Context, dir, final string) error {
			mkdir(t, dir+"/lib/python3.12/site-packages")
			return fill(ctx, dir, final)
		})
		if err != nil {
			t.Errorf("Create(%q): %v", name, err)
			continue
		}
		if found, err := home.Find(name); err != nil || found != made {
			t.Errorf("Find(%q): %v, %v", name, found, err)
		}
		if opened, err := Open(made.Path); err != nil || opened != made {
			t.Errorf("Open(%q): %v, %v", made.Path, opened, err)
		}
		if got, err := made.SitePackages(); err != nil || got != made.Path+"/lib/python3.12/site-packages" {
			t.Errorf("%q: SitePackages: %q, %v", name, got, err)
		}
		if err := made.SetProject(".project", made.Path); err != nil {
			t.Errorf("%q: SetProject: %v", name, err)
		}
		if got, err := made.Project(".project"); err != nil || got != made.Path {
			t.Errorf("%q: Project: %q, %v", name, got, err)
		}
	}
	if names, err := home.Names(); err != nil || len(names) != len(oddNames) {
		t.Errorf("Names: %q, %v", names, err)
	}
	for _, name := range oddNames {
		if err := home.Remove(ctx, name); err != nil {
			t.Errorf("Remove(%q): %v", name, err)
		}
		if _, err := os.Lstat(home.Path(name)); err == nil {
			t.Errorf("%q is still there", name)
		}
	}
	if err := home.Sweep(ctx); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}
