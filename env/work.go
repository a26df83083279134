package env

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// versioned are the names by which git, Mercurial, Subversion, Bazaar and Jujutsu mark
// a work tree.
var versioned = []string{".git", ".hg", ".svn", ".bzr", ".jj"}

// Work returns what in the environment's directory is a person's work and would go
// with it: those of the projects that are in there, and work trees under version
// control, each once and as a path in the environment. Of a symbolic link to an environment
// it returns none, for removing that takes the link alone.
func (e Environment) Work(ctx context.Context, projects ...string) ([]string, error) {
	if info, err := os.Lstat(e.Path); err != nil || !info.IsDir() {
		return nil, nil
	}
	var work []string
	for _, project := range projects {
		if inside, ok := e.inside(project); ok && !slices.Contains(work, inside) {
			work = append(work, inside)
		}
	}
	err := filepath.WalkDir(e.Path, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && entry != nil && entry.IsDir():
			return fs.SkipDir // what cannot be read is nobody's work
		case err != nil || !slices.Contains(versioned, entry.Name()):
			return nil
		}
		if tree := filepath.Dir(path); !slices.Contains(work, tree) {
			work = append(work, tree)
		}
		return fs.SkipDir // in a file it passes over the rest of the work tree
	})
	if err != nil {
		return nil, fmt.Errorf("looking for work trees in %s: %w", e.Path, err)
	}
	return work, nil
}

// inside returns a directory as a path in the environment, and whether it is there.
func (e Environment) inside(dir string) (string, bool) {
	top, err := filepath.EvalSymlinks(e.Path)
	if err != nil || dir == "" {
		return "", false
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil || real != top && !strings.HasPrefix(real, top+"/") {
		return "", false
	}
	return filepath.Join(e.Path, strings.TrimPrefix(real, top)), true
}
