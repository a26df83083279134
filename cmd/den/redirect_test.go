package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/programtest"
)

// wheel writes the wheel of a project, with one module and maybe a .pth file, into
// a directory.
func (p *person) wheel(dir, project, version string, pth ...string) {
	p.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		p.Fatal(err)
	}
	file, err := os.Create(filepath.Join(dir, fmt.Sprintf("%s-%s-py2.py3-none-any.whl", project, version)))
	if err != nil {
		p.Fatal(err)
	}
	info := fmt.Sprintf("%s-%s.dist-info/", project, version)
	archive := zip.NewWriter(file)
	for _, entry := range [][2]string{
		{project + ".pth", strings.Join(pth, "\n") + "\n"},
		{project + ".py", ""},
		{info + "METADATA", "Metadata-Version: 2.1\nName: " + project + "\nVersion: " + version + "\n"},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n"},
		{info + "RECORD", project + ".py,,\n" + project + ".pth,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n"},
	} {
		w, err := archive.Create(entry[0])
		if err == nil {
			_, err = w.Write([]byte(entry[1]))
		}
		if err != nil {
			p.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		p.Fatal(err)
	}
	if err := file.Close(); err != nil {
		p.Fatal(err)
	}
}

// hasBrick reports whether the package brick is in an environment.
func (p *person) hasBrick(name string) bool {
	found, err := filepath.Glob(filepath.Join(p.envs, name, "lib", "*", "site-packages", "brick.py"))
	return err == nil && len(found) == 1
}

// TestSettingsOfPip: settings of the person's that have pip install to, or remove
// from, another place change nothing about what den has it do; those that say
// where packages come from do. All are set at once: one that den let through
// would go its own way, or quarrel with another. With DEN_STRESS, each alone too.
func TestSettingsOfPip(t *testing.T) {
	t.Parallel()
	settings := []string{"target", "prefix", "root", "user", "dry-run", "python", "require-virtualenv"}
	rows := [][]string{settings}
	if os.Getenv("DEN_STRESS") != "" {
		rows = slices.AppendSeq(rows, slices.Chunk(settings, 1))
	}
	cache := t.TempDir() // which is filled once
	for _, way := range []string{"variable", "file"} {
		for _, row := range rows {
			t.Run(strings.Join(row, ",")+" by "+way, func(t *testing.T) {
				t.Parallel()
				p := newPerson(t)
				p.environ["XDG_CACHE_HOME"] = cache
				wheels, elsewhere := filepath.Join(p.dir, "wheels"), filepath.Join(p.dir, "elsewhere")
				p.wheel(wheels, "brick", "1.0")
				p.environ["PIP_NO_INDEX"], p.environ["PIP_FIND_LINKS"] = "1", wheels
				if s := p.den("mk", "other", "-i", "brick"); s.status != 0 || !p.hasBrick("other") {
					t.Fatalf("exit status %d: %s", s.status, s.out)
				}
				before := content(t, filepath.Join(p.envs, "other"))
				values := map[string]string{
					"target": elsewhere, "prefix": elsewhere, "root": elsewhere, "user": "1", "dry-run": "1",
					"python": filepath.Join(p.envs, "other", "bin", "python"), "require-virtualenv": "1",
				}
				if way == "variable" {
					for _, setting := range row {
						p.environ["PIP_"+strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))] = values[setting]
					}
				} else {
					delete(p.environ, "PIP_NO_INDEX")
					delete(p.environ, "PIP_FIND_LINKS")
					text := "[global]\nno_index = true\n"
					for _, setting := range row {
						text += setting + " = " + values[setting] + "\n"
					}
					p.write(filepath.Join(p.home, ".config", "pip", "pip.conf"), text+"[install]\nfind-links =\n  /nonexistent\n  "+wheels+"\n")
				}
				if s := p.den("mk", "web", "-i", "brick"); s.status != 0 || !p.hasBrick("web") {
					t.Errorf("mk: exit status %d: %s", s.status, s.out)
				}
				if s := p.den("upgrade", "web"); s.status != 0 || !p.hasBrick("web") {
					t.Errorf("upgrade: exit status %d: %s", s.status, s.out)
				}
				p.environ["VIRTUAL_ENV"] = filepath.Join(p.envs, "web")
				if s := p.den("wipe"); s.status != 0 || p.hasBrick("web") {
					t.Errorf("wipe: exit status %d: %s", s.status, s.out)
				}
				if content(t, filepath.Join(p.envs, "other")) != before {
					t.Error("another environment has changed")
				}
				for _, path := range []string{elsewhere, filepath.Join(p.home, ".local")} {
					if _, err := os.Lstat(path); err == nil {
						t.Errorf("%s has been made", path)
					}
				}
			})
		}
	}
}

// TestPipThatLies: what pip says it has done is looked at, before anything is
// exchanged.
func TestPipThatLies(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	wheels := filepath.Join(p.dir, "wheels")
	p.wheel(wheels, "brick", "1.0")
	p.environ["PIP_NO_INDEX"], p.environ["PIP_FIND_LINKS"] = "1", wheels
	if s := p.den("mk", "web", "-i", "brick"); s.status != 0 {
		t.Fatalf("exit status %d: %s", s.status, s.out)
	}
	// A package that is gone again before all is done.
	p.wheel(wheels, "straw", "1.0", `import sys; exec("import os, shutil\nfor d in list(sys.path):\n  if '/staging/' in d: shutil.rmtree(os.path.join(d, 'straw-1.0.dist-info'), True)", {'sys': sys})`)
	if s := p.den("mk", "house", "-i", "straw"); s.status != 0 {
		t.Fatalf("exit status %d: %s", s.status, s.out)
	}
	before := content(t, filepath.Join(p.envs, "house"))
	s := p.den("upgrade", "house")
	if s.status != 1 || !strings.Contains(s.out, "it reports success, but straw==1.0 is not there") {
		t.Errorf("upgrade: exit status %d: %s", s.status, s.out)
	}
	if content(t, filepath.Join(p.envs, "house")) != before {
		t.Error("the old environment has changed")
	}
	// A module that is loaded before pip has each call of it end at once.
	sites, err := filepath.Glob(filepath.Join(p.envs, "web", "lib", "*", "site-packages"))
	if err != nil || len(sites) != 1 {
		t.Fatal(sites, err)
	}
	lie := "import sys, os; ('pip' in sys.argv or '-m' in sys.orig_argv) and os._exit(0)\n"
	p.write(filepath.Join(sites[0], "lie.pth"), lie)
	p.environ["VIRTUAL_ENV"] = filepath.Join(p.envs, "web")
	s = p.den("wipe")
	if s.status != 1 || !strings.Contains(s.out, "brick is still there") || !p.hasBrick("web") {
		t.Errorf("wipe: exit status %d: %s", s.status, s.out)
	}
}

// TestWipeWithoutConfig: a Python that says that it is elsewhere is left alone.
func TestWipeWithoutConfig(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	wheels := filepath.Join(p.dir, "wheels")
	p.wheel(wheels, "brick", "1.0")
	p.environ["PIP_NO_INDEX"], p.environ["PIP_FIND_LINKS"] = "1", wheels
	if s := p.den("mk", "web", "-i", "brick"); s.status != 0 {
		t.Fatalf("exit status %d: %s", s.status, s.out)
	}
	p.environ["VIRTUAL_ENV"] = filepath.Join(p.envs, "web")
	bin := filepath.Join(p.envs, "web", "bin", "python")
	kept, err := os.Readlink(bin)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		change func() error
		want   string
	}{
		// A script in its place.
		{func() error {
			return errors.Join(os.Remove(bin), programtest.Write(bin, []byte("#!/bin/sh\nexec '"+p.python+"' \"$@\"\n"), 0o755))
		}, "says that it is in "},
		{func() error {
			return errors.Join(os.Remove(bin), os.Symlink(kept, bin), os.Remove(filepath.Join(p.envs, "web", "pyvenv.cfg")))
		}, "has no pyvenv.cfg, so that its Python is the one of "},
	} {
		if err := row.change(); err != nil {
			t.Fatal(err)
		}
		s := p.den("wipe")
		if s.status != 1 || !strings.Contains(s.out, row.want) || !strings.Contains(s.out, "den: hint: ") || !p.hasBrick("web") {
			t.Errorf("wipe: exit status %d: %s", s.status, s.out)
		}
	}
	if s := p.plans("workon", "web"); s.status != 1 || s.plan != "" {
		t.Errorf("workon: exit status %d: %s", s.status, s.out)
	}
	if s := p.den("upgrade", "web"); s.status != 0 || !p.hasBrick("web") {
		t.Errorf("upgrade: exit status %d: %s", s.status, s.out)
	}
}
