package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Project is the directory that the environment belongs to, as noted in file
// (virtualenvwrapper's is called .project) in the environment: its first line, spaces and
// all. It is "" if there is no such file. Project does not check that the directory
// exists.
func (e Environment) Project(file string) (string, error) {
	return e.projectAt(unix.AT_FDCWD, e.Path, file)
}

// projectAt is Project where the way to the environment, from the open
// directory dir, is from.
func (e Environment) projectAt(dir int, from, file string) (string, error) {
	path, err := e.note(file)
	if err != nil {
		return "", err
	}
	text, err := disk.ReadSmallAt(dir, from+"/"+file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", path, disk.Cause(err))
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// SetProject notes dir, an absolute path without the end of a line in it, in file in the
// environment. Whoever reads the note meanwhile, or after a power cut, finds
// the old one or the new one.
func (e Environment) SetProject(file, dir string) error {
	path, err := e.note(file)
	if err != nil {
		return err
	}
	switch {
	case !filepath.IsAbs(dir):
		return fmt.Errorf("noting project %q in %s: the path is relative", dir, path)
	case strings.ContainsAny(dir, "\n\r\x00"):
		return fmt.Errorf("noting project %q in %s: the path does not fit on a line", dir, path)
	}
	root, err := os.OpenRoot(e.Path)
	if err != nil {
		return fmt.Errorf("opening %s: %w", e.Path, disk.Cause(err))
	}
	defer root.Close()
	if err := disk.ReplaceIn(root, file, []byte(dir+"\n"), 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", path, disk.Cause(err))
	}
	return nil
}

// note is the path of a file of the environment's, which is not to lead out of
// it.
func (e Environment) note(file string) (string, error) {
	if !filepath.IsLocal(file) || filepath.Clean(file) == "." {
		return "", fmt.Errorf("project file %q is not the name of a file in %s", file, e.Path)
	}
	return filepath.Join(e.Path, file), nil
}

// Projects returns the project directories of the environments in the home that have
// one, by the names of the environments: see Project.
func (h Home) Projects(file string) (map[string]string, error) {
	var found sync.Map
	names, err := h.Select(func(dir int, name string) bool {
		project, err := Environment{Name: name, Path: h.Path(name)}.projectAt(dir, name, file)
		if err != nil || project == "" {
			return false
		}
		found.Store(name, project)
		lacks, err := lackingAt(dir, name)
		return err == nil && lacks == ""
	})
	projects := map[string]string{}
	for _, name := range names {
		project, _ := found.Load(name)
		projects[name] = project.(string)
	}
	return projects, err
}
