// Dist builds a release of den: static programs in archives, in packages for
// Debian, Fedora and Alpine, and in wheels; recipes for Homebrew, Arch and Nix;
// checksums, licences and a list of what is in it. "make dist" runs it.
//
// The same commit and the same Go give the same bytes: nothing in the files
// says when, where or by whom they were made.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var r release
	var epoch int64
	var targets string
	flag.StringVar(&r.root, "root", "../..", "the `directory` of den's source")
	flag.StringVar(&r.out, "out", "../../dist", "the `directory` that is made, in place of an older one")
	flag.StringVar(&r.version, "version", "", "den's `version`")
	flag.StringVar(&r.commit, "commit", "", "the `commit` that is built")
	flag.Int64Var(&epoch, "epoch", 0, "the time of all files, in `seconds` since 1970")
	flag.StringVar(&r.url, "url", "", "`where` den is published; its releases are below it")
	flag.StringVar(&targets, "targets", "", "build only for these, `names` such as linux/amd64,darwin/arm64")
	flag.Parse()
	r.time = time.Unix(epoch, 0).UTC()
	if err := r.run(targets); err != nil {
		fmt.Fprintf(os.Stderr, "dist: error: %s\n", err)
		os.Exit(1)
	}
}

// A release is what is built, of what, and where to.
type release struct {
	root, out, url  string
	version, commit string
	time            time.Time
}

// run builds the release beside its place, and puts it there when it is
// complete.
func (r release) run(names string) error {
	targets, err := namedTargets(names)
	if err != nil {
		return err
	}
	if r.version == "" || strings.ContainsAny(r.version, "- /") {
		return fmt.Errorf("the version %q has to be one such as 1.2.3", r.version)
	}
	place := r.out
	if r.out, err = os.MkdirTemp(filepath.Dir(place), ".dist-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.out)
	if err := r.build(targets); err != nil {
		return err
	}
	if err := os.Chmod(r.out, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Rename(r.out, place)
}

// build fills the directory.
func (r release) build(targets []target) error {
	dependencies, err := r.dependencies(targets)
	if err != nil {
		return err
	}
	common, err := r.commonFiles(dependencies)
	if err != nil {
		return err
	}
	for _, t := range targets {
		fmt.Println("dist:", t)
		program, err := r.program(t)
		if err != nil {
			return fmt.Errorf("building for %s: %w", t, err)
		}
		if err := r.pack(t, append([]file{{"bin/den", 0o755, program}}, common...)); err != nil {
			return fmt.Errorf("packing for %s: %w", t, err)
		}
	}
	if err := r.writeMaterials(dependencies); err != nil {
		return err
	}
	if err := r.writeRecipes(targets); err != nil {
		return err
	}
	return r.writeSums()
}

// pack writes all packages for a target.
func (r release) pack(t target, files []file) error {
	if err := r.writeArchive(t, files); err != nil {
		return err
	}
	if t.os == "linux" {
		if err := r.writePackages(t, files); err != nil {
			return err
		}
	}
	if t.wheel == "" {
		return nil
	}
	return r.writeWheel(t, files)
}

// write puts a file of the release in its place.
func (r release) write(name string, content []byte) error {
	return os.WriteFile(filepath.Join(r.out, name), content, 0o644)
}
