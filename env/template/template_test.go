package template

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	mine, theirs := dir+"/mine", dir+"/theirs"
	write(t, mine+"/run", "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n#\n## Makes a site.\n", 0o777)
	write(t, mine+"/plain", "cannot be run", 0o666)
	write(t, mine+"/.hidden", "", 0o777)
	write(t, mine+"/binary", "\x7fELF\x00# not a comment\n", 0o777)
	write(t, theirs+"/run/README", "another\n", 0o666)
	write(t, theirs+"/site/README.rst", "====\nSite\n====\n", 0o666)
	write(t, theirs+"/bare/x", "", 0o666)
	templates, err := List(mine, dir+"/none", theirs)
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, found := range templates {
		got = append(got, [2]string{found.Name, found.Describe()})
	}
	want := [][2]string{{"bare", theirs + "/bare"}, {"binary", mine + "/binary"}, {"run", "Makes a site."}, {"site", "Site"}}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for name, there := range map[string]bool{"run": true, "site": true, "plain": false, ".hidden": false, "": false, "..": false, "site/README.rst": false} {
		if _, ok := Find(name, mine, theirs); ok != there {
			t.Errorf("Find(%q): %v", name, ok)
		}
	}
}

func TestApplyDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/t/{{name}}/{{name}}.py", "print('{{name}} ü')\n", 0o755)
	write(t, dir+"/t/picture", "\x00{{name}}", 0o600)
	write(t, dir+"/t/kept", "new", 0o666)
	write(t, dir+"/t/.git/config", "", 0o666)
	if err := os.Symlink("{{name}}/{{name}}.py", dir+"/t/link"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("t", dir+"/alias"); err != nil {
		t.Fatal(err)
	}
	project := dir + "/my web"
	write(t, project+"/kept", "old", 0o666)
	found, ok := Find("alias", dir)
	if !ok {
		t.Fatal("it is not found by a link")
	}
	kept, err := found.Apply(t.Context(), Application{Project: "my web", Dir: project})
	if err != nil || !slices.Equal(kept, []string{"kept"}) {
		t.Fatalf("%q, %v", kept, err)
	}
	for path, want := range map[string]string{"my web/my web.py": "print('my web ü')\n", "link": "print('my web ü')\n", "picture": "\x00{{name}}", "kept": "old"} {
		if text, err := os.ReadFile(filepath.Join(project, path)); string(text) != want {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	if info, err := os.Stat(project + "/my web/my web.py"); err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("it cannot be run: %v", err)
	}
	if _, err := os.Stat(project + "/.git"); !os.IsNotExist(err) {
		t.Error("the history of the template has been copied")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := found.Apply(stopped, Application{Project: "x", Dir: t.TempDir()}); err == nil {
		t.Error("it cannot be stopped")
	}
}

func TestApplyProgram(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/run", "#!/bin/sh\necho \"$PWD $1 $2\" > said\nexit \"$STATUS\"\n", 0o777)
	found, _ := Find("run", dir)
	for status, fails := range map[string]bool{"0": false, "3": true} {
		project := filepath.Join(t.TempDir(), "my web")
		if err := os.Mkdir(project, 0o777); err != nil {
			t.Fatal(err)
		}
		_, err := found.Apply(t.Context(), Application{Project: "my web", Dir: project, Command: func(ctx context.Context, program string, args ...string) *exec.Cmd {
			c := exec.CommandContext(ctx, program, args...)
			c.Env = append(os.Environ(), "STATUS="+status)
			return c
		}})
		if (err != nil) != fails {
			t.Errorf("it ends with %s: %v", status, err)
		}
		if text, _ := os.ReadFile(project + "/said"); string(text) != project+" my web "+project+"\n" {
			t.Errorf("it was called so: %q", text)
		}
	}
}
