package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"den/env/disk"
)

// Supplement adds files to the environment called name while others may use it. It calls
// fill to make them in dir, an empty directory, at their later paths in the environment.
// It adds a file if there is none at that path, if fits returns true for the path, and if
// its directory exists, or at least the one above that. Each file is whole and on the
// disk before it is added. The environment is locked only while the files are moved.
func (s Store) Supplement(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) (fits func(path string) bool, err error)) error {
	if err := s.Find(name); err != nil {
		return err
	}
	if err := s.supplement(ctx, name, fill); err != nil {
		return fmt.Errorf("adding to environment %s: %w", s.Path(name), err)
	}
	return nil
}

func (s Store) supplement(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) (func(path string) bool, error)) error {
	if err := s.prepare(); err != nil {
		return err
	}
	st, err := s.newStage()
	if err != nil {
		return err
	}
	defer st.close()
	var fits func(path string) bool
	dir, err := st.fill(ctx, name, func(dir string) (err error) {
		fits, err = fill(ctx, dir, s.Path(name))
		return err
	})
	if err != nil {
		return err
	}
	lock, err := s.lock(ctx, name)
	if err != nil {
		return err
	}
	defer lock.release()
	return s.takeOver(ctx, name, dir, fits)
}

// takeOver moves the files in dir that fit into the environment.
func (s Store) takeOver(ctx context.Context, name, dir string, fits func(path string) bool) error {
	real, err := filepath.EvalSymlinks(s.Path(name))
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		target := filepath.Join(s.Path(name), inside)
		if !fits(inside) || !leadsTo(filepath.Dir(target), filepath.Join(real, filepath.Dir(inside))) {
			return nil
		}
		if err := renameNew(path, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return disk.Cause(err)
		}
		return nil
	})
}

// leadsTo reports whether a directory, which is made unless it is there, is the
// one that is called real, and no link leads elsewhere.
func leadsTo(dir, real string) bool {
	parent, err := filepath.EvalSymlinks(filepath.Dir(dir))
	if err != nil || parent != filepath.Dir(real) {
		return false
	}
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return false
	}
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir()
}
