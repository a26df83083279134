package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A file is one of those that are installed, by its path below the prefix,
// such as /usr, or beside the program.
type file struct {
	path    string
	mode    os.FileMode
	content []byte
}

// goTool runs go in den's source and returns what it prints.
func (r release) goTool(environ []string, args ...string) ([]byte, error) {
	c := exec.Command("go", args...)
	c.Dir = r.root
	c.Env = append(os.Environ(), environ...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	printed, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return printed, nil
}

// flags are those with which Go compiles the same bytes everywhere.
func (r release) flags() []string {
	return []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w -X main.version=" + r.version + " -X main.commit=" + r.commit}
}

// program returns den, built for the target.
func (r release) program(t target) ([]byte, error) {
	built, err := os.CreateTemp("", "den-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(built.Name())
	built.Close()
	args := slices.Concat([]string{"build"}, r.flags(), []string{"-o", built.Name(), "./cmd/den"})
	if _, err := r.goTool(t.environ(), args...); err != nil {
		return nil, err
	}
	return os.ReadFile(built.Name())
}

// completions are the paths of the completion files, by shell.
var completions = map[string]string{
	"bash":    "share/bash-completion/completions/den",
	"zsh":     "share/zsh/site-functions/_den",
	"fish":    "share/fish/vendor_completions.d/den.fish",
	"nushell": "share/nushell/vendor/autoload/den.nu",
	"xonsh":   "share/xonsh/den.xsh",
	"elvish":  "share/elvish/lib/den-completion.elv",
}

// commonFiles returns the files that are the same on all targets: manual pages,
// completions, and what there is to read.
func (r release) commonFiles(dependencies []dependency) ([]file, error) {
	files := []file{{"THIRD-PARTY-LICENSES.txt", 0o644, licences(dependencies)}}
	for _, name := range []string{"README.md", "LICENSE", "CHANGELOG.md"} {
		content, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, content})
	}
	host := []string{"GOOS=", "GOARCH=", "GOARM=", "CGO_ENABLED=0", "GOFLAGS="}
	for _, shell := range slices.Sorted(maps.Keys(completions)) {
		script, err := r.goTool(host, "run", "-buildvcs=false", "./cmd/den", "completion", shell)
		if err != nil {
			return nil, err
		}
		files = append(files, file{completions[shell], 0o644, script})
	}
	pages, err := r.manPages(host)
	return append(files, pages...), err
}

func (r release) manPages(host []string) ([]file, error) {
	dir, err := os.MkdirTemp("", "den-man-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if _, err := r.goTool(host, "run", "-buildvcs=false", "./docs/generate", "man", dir, r.version, r.time.Format("2006-01-02")); err != nil {
		return nil, err
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, page := range pages {
		content, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		files = append(files, file{path.Join("share/man/man1", filepath.Base(page)), 0o644, content})
	}
	return files, nil
}

// compressed returns the content as gzip writes it, without name and time.
func compressed(content []byte) []byte {
	var buffer bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression) // the level is one of those that there are
	w.Write(content)
	w.Close()
	return buffer.Bytes()
}
