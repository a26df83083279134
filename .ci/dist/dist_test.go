package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// host is the machine that this is.
var host = target{os: runtime.GOOS, arch: runtime.GOARCH}

// built is a release for this machine, which all tests look at.
var built = sync.OnceValues(func() (release, error) {
	r := release{
		root: "../..", version: "1.2.3", commit: "0123456789ab", url: "https://den.example",
		time: time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC),
	}
	dir, err := os.MkdirTemp("", "den-dist-test-")
	if err != nil {
		return r, err
	}
	r.out = filepath.Join(dir, "dist")
	return r, r.run(host.String())
})

func TestMain(m *testing.M) {
	status := m.Run()
	if r, _ := built(); r.out != "" {
		os.RemoveAll(filepath.Dir(r.out))
	}
	os.Exit(status)
}

func theRelease(t *testing.T) release {
	t.Helper()
	r, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read returns the one file of the release that matches.
func (r release) read(t *testing.T, pattern string) []byte {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.out, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", pattern, found, err)
	}
	return readFile(t, found[0])
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	printed, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, printed)
	}
	return string(printed)
}

// The same source gives the same bytes in whatever directory it is.
func TestSameBytesElsewhere(t *testing.T) {
	r := theRelease(t)
	elsewhere := filepath.Join(t.TempDir(), "another place")
	listed := run(t, "git", "-C", r.root, "ls-files", "-co", "--exclude-standard")
	for name := range strings.Lines(listed) {
		name = strings.TrimSpace(name)
		content, err := os.ReadFile(filepath.Join(r.root, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(elsewhere, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(copied), 0o777), os.WriteFile(copied, content, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	other := r
	other.root, other.out = elsewhere, filepath.Join(t.TempDir(), "dist")
	if err := other.run(host.String()); err != nil {
		t.Fatal(err)
	}
	if got, want := other.read(t, "SHA256SUMS"), r.read(t, "SHA256SUMS"); !bytes.Equal(got, want) {
		t.Errorf("not the same twice:\n%s\n%s", got, want)
	}
}

// notHere leaves out a test that another kind of machine makes, but not in CI.
func notHere(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func TestWheel(t *testing.T) {
	if namedOrNone(host).wheel == "" {
		notHere(t, "there is no wheel for this machine")
	}
	content := theRelease(t).read(t, "*.whl")
	wheel, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	const info = "den_venv-1.2.3.dist-info/"
	var want strings.Builder
	texts := make(map[string]string)
	for _, f := range wheel.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = string(content)
		if f.Name == info+"RECORD" {
			fmt.Fprintf(&want, "%s,,\n", f.Name)
			continue
		}
		hash := sha256.Sum256(content)
		fmt.Fprintf(&want, "%s,sha256=%s,%d\n", f.Name, base64.RawURLEncoding.EncodeToString(hash[:]), len(content))
	}
	if got := texts[info+"RECORD"]; got != want.String() {
		t.Errorf("RECORD is\n%s, want\n%s", got, want.String())
	}
	for _, line := range []string{"Metadata-Version: 2.4\n", "Name: den-venv\n", "Version: 1.2.3\n", "License-File: LICENSE\n", "](https://den.example/blob/v1.2.3/docs/quickstart.md)"} {
		if !strings.Contains(texts[info+"METADATA"], line) {
			t.Errorf("METADATA has no %q", line)
		}
	}
	if strings.Contains(texts[info+"METADATA"], "](docs/") {
		t.Error("METADATA has a link that leads nowhere on the index")
	}
}

// namedOrNone returns the target of the table that a machine is.
func namedOrNone(machine target) target {
	named, err := namedTargets(machine.String())
	if err != nil {
		return target{}
	}
	return named[0]
}

// pip installs the wheel, and removes all of it again.
func TestWheelIsInstalledAndRemoved(t *testing.T) {
	if namedOrNone(host).wheel == "" {
		notHere(t, "there is no wheel for this machine")
	}
	r := theRelease(t)
	wheels, _ := filepath.Glob(filepath.Join(r.out, "*.whl"))
	prefix := filepath.Join(t.TempDir(), "venv")
	run(t, "python3", "-m", "venv", prefix)
	before := listFiles(t, prefix)
	pip := filepath.Join(prefix, "bin", "pip")
	run(t, pip, "install", "--no-index", "--no-deps", "--disable-pip-version-check", wheels[0])
	if got, want := run(t, filepath.Join(prefix, "bin", "den"), "--version"), "den 1.2.3 (commit 0123456789ab, "; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, name := range []string{"share/man/man1/den-mk.1", completions["bash"], completions["zsh"], completions["fish"]} {
		readFile(t, filepath.Join(prefix, name))
	}
	run(t, pip, "uninstall", "-y", "--disable-pip-version-check", distribution)
	for _, name := range listFiles(t, prefix) {
		if !slices.Contains(before, name) && !strings.Contains(name, "__pycache__") {
			t.Errorf("%s is left", name)
		}
	}
}

// A release has each completion that "make install" installs, at the same place.
func TestAllCompletionsAreReleased(t *testing.T) {
	prefix := t.TempDir()
	install := exec.Command("go", "run", "./.ci/shells", "install", prefix)
	install.Dir = filepath.Join("..", "..")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	installed := listFiles(t, prefix)
	if released := slices.Sorted(maps.Values(completions)); len(installed) != len(released) {
		t.Errorf("%d completions are installed, %d released", len(installed), len(released))
	}
	for _, name := range completions {
		if !slices.Contains(installed, filepath.Join(prefix, name)) {
			t.Errorf("%s is released, and not installed", name)
		}
	}
}

func listFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestArchive(t *testing.T) {
	r := theRelease(t)
	unzipped, err := gzip.NewReader(bytes.NewReader(r.read(t, r.archiveName(host)+".tar.gz")))
	if err != nil {
		t.Fatal(err)
	}
	modes := make(map[string]int64)
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		modes[header.Name] = header.Mode
	}
	for name, mode := range map[string]int64{
		"bin/den": 0o755, "README.md": 0o644, "LICENSE": 0o644, "THIRD-PARTY-LICENSES.txt": 0o644, "share/man/man1/den.1": 0o644,
		completions["bash"]: 0o644, completions["zsh"]: 0o644, completions["fish"]: 0o644,
	} {
		if got := modes[path.Join(r.archiveName(host), name)]; got != mode {
			t.Errorf("%s has the mode %o, want %o", name, got, mode)
		}
	}
}

// The packages of all distributions hold the same, each where that
// distribution keeps it.
func TestPackagesHoldTheSame(t *testing.T) {
	if host.os != "linux" {
		notHere(t, "packages are for Linux")
	}
	r := theRelease(t)
	glob := func(pattern string) string {
		found, _ := filepath.Glob(filepath.Join(r.out, pattern))
		return strings.Join(found, "")
	}
	deb := filesIn(run(t, "sh", "-c", `dpkg-deb --fsys-tarfile "$1" | tar tf -`, "sh", glob("*.deb")))
	rpm := filesIn(run(t, "rpm", "-qpl", glob("*.rpm")))
	apk := filesIn(run(t, "tar", "--warning=no-unknown-keyword", "-tzf", glob("*.apk")))
	if !slices.Equal(rpm, apk) {
		t.Errorf("rpm: %v\napk: %v", rpm, apk)
	}
	debian := strings.NewReplacer(
		"share/zsh/site-functions/", "share/zsh/vendor-completions/",
		"share/licenses/den/LICENSE", "share/doc/den/copyright", "share/licenses/", "share/doc/",
		"CHANGELOG.md", "changelog.gz")
	var want []string
	for _, name := range rpm {
		want = append(want, debian.Replace(name))
	}
	slices.Sort(want)
	if !slices.Equal(deb, want) {
		t.Errorf("deb: %v\nrpm, as Debian has it: %v", deb, want)
	}
	for _, name := range []string{"/usr/bin/den", "/usr/share/man/man1/den.1.gz", "/usr/share/man/man1/den-mk.1.gz", "/usr/share/zsh/vendor-completions/_den"} {
		if !slices.Contains(deb, name) {
			t.Errorf("the deb has no %s", name)
		}
	}
}

// filesIn returns the files below /usr of a package's listing, sorted.
func filesIn(listing string) (names []string) {
	for name := range strings.Lines(listing) {
		name = "/" + strings.TrimLeft(strings.TrimSpace(name), "./")
		if strings.HasPrefix(name, "/usr/") && !strings.HasSuffix(name, "/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestRecipesNameTheArchives(t *testing.T) {
	r := theRelease(t)
	archive := r.archiveName(host) + ".tar.gz"
	sum := fmt.Sprintf("%x", sha256.Sum256(r.read(t, archive)))
	for _, name := range []string{"PKGBUILD", "den.nix", "den.rb"} {
		text := string(r.read(t, name))
		if host.os == "darwin" && name == "PKGBUILD" {
			continue
		}
		if !strings.Contains(text, "https://den.example/releases/download/v1.2.3/"+archive) || !strings.Contains(text, sum) {
			t.Errorf("%s does not name %s with its checksum:\n%s", name, archive, text)
		}
	}
	if host.os == "linux" {
		run(t, "bash", "-n", filepath.Join(r.out, "PKGBUILD"))
	}
}

func TestLicences(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"Permission is hereby\ngranted, free of charge, to", "MIT"},
		{"Redistribution and use in source and binary forms\nNeither the name of", "BSD-3-Clause"},
		{"Redistribution and use in source and binary forms", "BSD-2-Clause"},
		{"MIT: Permission is hereby granted, free of charge\nApache License", "Apache-2.0 AND MIT"},
		{"All rights reserved.", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte(row.text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, _, err := licenceIn(dir)
		if got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%q: %q, %v, want %q", row.text, got, err, row.want)
		}
	}
}
