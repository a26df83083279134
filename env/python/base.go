package python

import (
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

// basePath returns the path of the program at path by which environments are to
// call it: one from which the interpreter finds its library, which is in prefix.
//
// CPython looks for the library of an environment from "home", the directory
// of that path, upwards, and does not resolve links on the way
// (https://github.com/python/cpython/issues/106045). So links of the file are
// followed until the directory is in prefix. Links of directories stay: they
// are what stays the same when a Python is updated (Homebrew's opt, the minor
// versions of uv and pyenv). Where no path leads there, it is path itself.
func basePath(path, prefix string, version Version) string {
	real, err := filepath.EvalSymlinks(filepath.Dir(path))
	candidates := []string{path, filepath.Join(prefix, "bin", filepath.Base(path))}
	if err == nil {
		candidates = []string{path, filepath.Join(real, filepath.Base(path)), candidates[1]}
	}
	for _, candidate := range candidates {
		if !disk.IsSame(candidate, path) {
			continue
		}
		for at, links := candidate, 0; links < maxLinks; links++ {
			if LeadsTo(filepath.Dir(at), prefix) {
				return exactPath(at, version)
			}
			target, err := os.Readlink(at)
			if err != nil {
				break
			}
			if !filepath.IsAbs(target) {
				target = filepath.Join(filepath.Dir(at), target)
			}
			at = target
		}
	}
	return path
}

// maxLinks is how many symbolic links in a row Linux follows.
const maxLinks = 40

// LeadsTo reports whether a Python with prefix finds its library from home, the
// directory of its program.
func LeadsTo(home, prefix string) bool { return disk.IsSame(filepath.Dir(home), prefix) }

// exactPath returns path with other names for the directories in it that are
// links and do not say the minor version, such as mise's 3 and latest, or
// Homebrew's python@3: the next release would take their place, and an
// environment cannot follow. The name that says the minor version comes before
// the full one.
func exactPath(path string, version Version) string {
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Lstat(dir)
		if err != nil || info.Mode()&os.ModeSymlink == 0 || dirHint(filepath.Base(dir)).parts >= 2 {
			continue
		}
		if exact := exactName(dir, version); exact != "" {
			return exact + strings.TrimPrefix(path, dir)
		}
	}
	return path
}

// exactName returns the path beside dir that leads to the same directory and
// says the version best; "" where none does.
func exactName(dir string, version Version) string {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return ""
	}
	best, parts := "", 0
	for _, entry := range entries {
		h := dirHint(entry.Name())
		path := filepath.Join(filepath.Dir(dir), entry.Name())
		if h.parts < 2 || h.version.truncate(h.parts).compareRelease(version.truncate(h.parts)) != 0 || !disk.IsSame(path, dir) {
			continue
		}
		if best == "" || h.parts < parts {
			best, parts = path, h.parts
		}
	}
	return best
}
