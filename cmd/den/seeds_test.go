package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/env/python"
)

// TestUpgradeLeavesSeeds: what only came with the old Python is not fetched for
// the new one, and an upgrade does not fail for it.
func TestUpgradeLeavesSeeds(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.environ["PIP_NO_INDEX"] = "1"
	finder := python.Finder{Environ: os.Environ()}
	old, err := finder.Find(t.Context(), ">=3.8,<3.12")
	if err != nil {
		t.Fatal(err)
	}
	if s := p.den("mk", "web", "-p", old.BaseExecutable); s.status != 0 {
		t.Fatalf("exit status %d: %s", s.status, s.out)
	}
	noted := func(project string) []string {
		found, err := filepath.Glob(filepath.Join(p.envs, "web", "lib", "*", "site-packages", project+"-*.dist-info"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	// Another version of it than comes with this build of the same Python.
	setuptools := noted("setuptools")
	if len(setuptools) != 1 {
		t.Fatalf("setuptools is there as %q", setuptools)
	}
	other := filepath.Join(filepath.Dir(setuptools[0]), "setuptools-57.0.dist-info")
	if err := os.Rename(setuptools[0], other); err != nil {
		t.Fatal(err)
	}
	p.write(filepath.Join(other, "METADATA"), "Metadata-Version: 2.1\nName: setuptools\nVersion: 57.0\n")
	s := p.den("upgrade", "web", "-p", old.BaseExecutable)
	if s.status != 0 || !strings.Contains(s.out, "den: note: setuptools 57.0 is not to be had: ") || len(noted("setuptools")) != 1 {
		t.Errorf("the same Python: exit status %d: %s", s.status, s.out)
	}
	newer, err := finder.Find(t.Context(), ">=3.12")
	if err != nil {
		t.Logf("no newer Python here: %v", err)
		return
	}
	if s := p.den("upgrade", "web", "-p", newer.BaseExecutable); s.status != 0 || len(noted("setuptools")) > 0 || len(noted("pip")) != 1 {
		t.Errorf("a newer Python: exit status %d, setuptools %q, pip %q: %s", s.status, noted("setuptools"), noted("pip"), s.out)
	}
}
