package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/env/python"
)

// TestOldPythons: an environment of a Python that den itself does not build upon,
// which virtualenv makes, is one as others are.
func TestOldPythons(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2.7", "3.6", "3.7"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			old, err := python.Finder{Environ: os.Environ()}.Find(t.Context(), version)
			if err != nil {
				t.Logf("there is no Python %s here: %v", version, err)
				return
			}
			p := newPerson(t)
			wheels := filepath.Join(p.dir, "wheels")
			p.wheel(wheels, "brick", "1.0")
			p.environ["PIP_NO_INDEX"], p.environ["PIP_FIND_LINKS"] = "1", wheels
			if s := p.den("mk", "bare", "--without-pip", "-p", old.BaseExecutable); s.status != 0 {
				t.Logf("virtualenv makes none here: %s", s.out)
				return
			}
			s := p.den("mk", "web", "-p", old.BaseExecutable, "-i", "brick")
			seeded := s.status == 0
			if !seeded && strings.Contains(s.out, "seed failed") { // its pip is to be had from the network alone
				p.den("mk", "web", "--without-pip", "-p", old.BaseExecutable)
				p.den("run", "web", "python", "-m", "ensurepip")
				s = p.den("run", "web", "python", "-m", "pip", "install", "brick")
			}
			if s.status != 0 || !p.hasBrick("web") {
				t.Fatalf("mk: exit status %d: %s", s.status, s.out)
			}
			if s := p.den("doctor", "bare"); s.status != 0 {
				t.Errorf("doctor: exit status %d: %s", s.status, s.out)
			}
			if s := p.plans("workon", "web"); s.status != 0 {
				t.Errorf("workon: exit status %d: %s", s.status, s.out)
			}
			// It has the newest of its version, and is left alone; asked for by
			// its name, it is made anew.
			if s := p.den("upgrade", "--all", "--dry-run"); s.status != 0 || s.out != "" {
				t.Errorf("upgrade --all: exit status %d: %s", s.status, s.out)
			}
			if s := p.den("upgrade", "web", "--dry-run"); s.status != 0 || !strings.Contains(s.out, ", made with virtualenv\n    brick==1.0\n") {
				t.Errorf("upgrade --dry-run: exit status %d: %s", s.status, s.out)
			}
			if s := p.den("upgrade", "web"); seeded && s.status != 0 || !p.hasBrick("web") {
				t.Errorf("upgrade: exit status %d: %s", s.status, s.out)
			}
			p.environ["VIRTUAL_ENV"] = filepath.Join(p.envs, "web")
			if s := p.den("wipe"); s.status != 0 || p.hasBrick("web") {
				t.Errorf("wipe: exit status %d: %s", s.status, s.out)
			}
			p.environ["VIRTUAL_ENV"] = ""
			if s := p.den("upgrade", "web", "-p", p.python); s.status != 0 {
				t.Errorf("upgrade to a new one: exit status %d: %s", s.status, s.out)
			}
		})
	}
}
