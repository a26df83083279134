package python

import (
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

// behindShim returns the program that one of pyenv's shims would start, as
// pyenv would find it, in a fraction of the time. It says no where it is not
// sure: then the shim has to be run, and the interpreter asked each time.
func (f Finder) behindShim(shim string) (program string, ok bool) {
	dir, name := filepath.Split(shim)
	if !isShimDir(filepath.Clean(dir)) {
		return "", false
	}
	root := filepath.Dir(filepath.Clean(dir))
	if info, err := os.Stat(filepath.Join(root, "versions")); err != nil || !info.IsDir() {
		return "", false
	}
	for _, version := range f.pyenvVersions(root) {
		candidates := []string{filepath.Join(root, "versions", version, "bin", name)}
		if version == "system" {
			candidates = nil
			for _, c := range f.onPath(name) {
				if !c.shim {
					candidates = append(candidates, c.path)
				}
			}
		} else if info, err := os.Stat(filepath.Join(root, "versions", version)); err != nil || !info.IsDir() {
			return "", false // it may stand for the newest that begins so, or be an error
		}
		for _, path := range candidates {
			if f.isProgram(path) {
				return path, true
			}
		}
	}
	return "", false
}

// pyenvVersions are the versions that pyenv has been told to use: by a
// variable, the file of a directory, or for everything, in this order.
// https://github.com/pyenv/pyenv#understanding-python-version-selection
func (f Finder) pyenvVersions(root string) []string {
	if set := f.getenv("PYENV_VERSION"); set != "" {
		return localVersions(strings.Split(set, ":"))
	}
	working, err := os.Getwd()
	if err != nil {
		return nil
	}
	for _, dir := range []string{f.getenv("PYENV_DIR"), working} {
		for filepath.IsAbs(dir) {
			if versions := versionFile(filepath.Join(dir, ".python-version")); len(versions) > 0 {
				return localVersions(versions)
			}
			if dir == "/" {
				break
			}
			dir = filepath.Dir(dir)
		}
	}
	if versions := versionFile(filepath.Join(root, "version")); len(versions) > 0 {
		return localVersions(versions)
	}
	return []string{"system"}
}

// versionFile reads the names in a version file of pyenv's: words, up to a #
// in each line.
func versionFile(path string) []string {
	text, err := disk.ReadSmall(path)
	if err != nil {
		return nil
	}
	var versions []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		versions = append(versions, strings.Fields(line)...)
	}
	return versions
}

// localVersions leaves out what is no name of a directory, as pyenv does.
func localVersions(versions []string) []string {
	var local []string
	for _, version := range versions {
		if version != "" && filepath.IsLocal(version) {
			local = append(local, version)
		}
	}
	return local
}
