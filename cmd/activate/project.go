package activate

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env"
	"den/env/disk"
	"den/env/pyproject"
	"den/shell"
)

// ProjectAt returns the project in the directory, and whether there is one that tools
// can act for.
func ProjectAt(dir string) (p shell.Project, ok bool) {
	dir = filepath.Clean(dir)
	if !filepath.IsAbs(dir) || dir == "/" || strings.Contains(dir, "\n") {
		return p, false
	}
	text, err := disk.ReadSmall(filepath.Join(dir, pyproject.FileName))
	isWorkspace := err == nil && bytes.Contains(text, []byte("[tool.uv.workspace]"))
	return shell.Project{Dirs: disk.GivenAndReal(dir), IsWorkspace: isWorkspace}, true
}

// EnvironIn is Environ for a program that is started in the working directory: in the
// environment's project, tools then act on the environment.
func EnvironIn(e env.Environment, project string, unset func(error)) []string {
	environ := Environ(e, unset)
	p, ok := ProjectAt(project)
	if wd, err := os.Getwd(); !ok || err != nil || !holds(p, wd) {
		return environ
	}
	return shell.Activation{Path: e.Path}.ServeIn().Environ(environ)
}

// holds reports whether a directory is in the project, and in no other one below it.
func holds(p shell.Project, dir string) bool {
	for ; !slices.Contains(p.Dirs, dir); dir = filepath.Dir(dir) {
		found, err := disk.Exists(filepath.Join(dir, pyproject.FileName))
		if dir == "/" || !p.IsWorkspace && (found || err != nil) {
			return false
		}
	}
	return true
}
