package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Supplement adds files to the environment called name, which others may be at
// work in. It calls fill to make them in dir, an empty directory, at the same
// paths below it as they are to have in the environment. A file is added where
// there is none, fits says of its path that it is still wanted, and its
// directory is there, or at least the one above that. What is added is there
// whole, and on the disk before. The environment is locked only while the files
// are moved.
func (h Home) Supplement(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) (fits func(path string) bool, err error)) error {
	e, err := h.Find(name)
	if err != nil {
		return err
	}
	if err := h.supplement(ctx, e, fill); err != nil {
		return fmt.Errorf("adding to environment %s: %w", e.Path, err)
	}
	return nil
}

func (h Home) supplement(ctx context.Context, e Environment, fill func(ctx context.Context, dir, final string) (func(path string) bool, error)) error {
	if err := h.prepare(); err != nil {
		return err
	}
	stage, err := h.newStage()
	if err != nil {
		return err
	}
	defer stage.discard()
	dir := filepath.Join(stage.dir, e.Name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("creating %s: %w", dir, reason(err))
	}
	fits, err := fill(ctx, dir, e.Path)
	if err != nil {
		return explain(ctx, err)
	}
	if err := flush(dir); err != nil {
		return err
	}
	lock, err := h.lock(ctx, e.Name)
	if err != nil {
		return err
	}
	defer lock.release()
	return e.takeOver(ctx, dir, fits)
}

// takeOver moves the files in dir that fit into the environment.
func (e Environment) takeOver(ctx context.Context, dir string, fits func(path string) bool) error {
	real, err := filepath.EvalSymlinks(e.Path)
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
		target := filepath.Join(e.Path, inside)
		if !fits(inside) || !leadsTo(filepath.Dir(target), filepath.Join(real, filepath.Dir(inside))) {
			return nil
		}
		if err := renameNew(path, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return reason(err)
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
