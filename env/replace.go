package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Replace makes the environment called name anew, in the place of the one that
// has the name. It calls fill as Create does; once all that fill has made is on
// the disk, the two change places, and the old one is deleted as Remove would.
// Whatever happens, be it a power cut, the old one or the new one is there,
// whole. Where the system cannot exchange two directories at once, that holds
// once Recover has been called, if this process should die between the two
// steps it then takes. Of an environment that is a symbolic link, the link alone
// is replaced.
//
// The errors are those of Find, and of Create but for ExistsError.
func (h Home) Replace(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) error) (Environment, error) {
	e, err := h.Find(name)
	if err != nil {
		return Environment{}, err
	}
	err = h.replace(ctx, e, fill)
	if _, gone := errors.AsType[*NotFoundError](err); gone {
		return Environment{}, err
	}
	if err != nil {
		return Environment{}, fmt.Errorf("replacing environment %s: %w", e.Path, err)
	}
	return e, nil
}

func (h Home) replace(ctx context.Context, e Environment, fill func(ctx context.Context, dir, final string) error) error {
	lock, err := h.lock(ctx, e.Name)
	if err != nil {
		return err
	}
	defer lock.release()
	if _, err := h.Find(e.Name); err != nil {
		return err
	}
	h.clearStaging(ctx)
	s, err := h.newStage()
	if err != nil {
		return err
	}
	if err := s.replace(ctx, e, fill); err != nil {
		s.discardUnlessBegun()
		return err
	}
	// It now holds the old environment, which may take a while to delete.
	s.putAway()
	return nil
}

// replace makes the new environment and swaps it in.
func (s *stage) replace(ctx context.Context, e Environment, fill func(ctx context.Context, dir, final string) error) error {
	dir := filepath.Join(s.dir, e.Name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("creating %s: %w", dir, reason(err))
	}
	if err := fill(ctx, dir, e.Path); err != nil {
		return explain(ctx, err)
	}
	if err := secure(dir); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	step(ctx, "filled")
	return s.swap(ctx, e, dir, exchange)
}

// swap puts the environment in dir in the place of e.
func (s *stage) swap(ctx context.Context, e Environment, dir string, exchange func(one, other string) error) error {
	if err := checkMounts(e.Path); err != nil {
		return err
	}
	err := exchange(dir, e.Path)
	if err == nil {
		step(ctx, "exchanged")
		return syncDir(filepath.Dir(e.Path))
	}
	if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, unix.EINVAL) {
		return fmt.Errorf("exchanging %s and %s: %w", dir, e.Path, unmovable(err))
	}
	j := journal{Kind: journalReplace, Name: e.Name, New: identify(dir)}
	if err := s.begin(j); err != nil {
		return err
	}
	step(ctx, "noted")
	if err := os.Rename(e.Path, filepath.Join(s.dir, stageOld)); err != nil {
		return errors.Join(fmt.Errorf("moving %s to %s: %w", e.Path, s.dir, unmovable(reason(err))), s.end())
	}
	step(ctx, "taken away")
	if err := e.publish(dir); err != nil {
		if undo := s.undoReplace(j); undo != nil {
			return errors.Join(err, undo)
		}
		return errors.Join(err, s.end())
	}
	step(ctx, "put in place")
	if err := s.dropOld(); err != nil {
		return err
	}
	step(ctx, "dropped")
	return s.end()
}

// exchange makes two paths change places at once.
func exchange(one, other string) error {
	return disk.Retry(func() error { return renameExchange(one, other) })
}

// undoReplace puts the old environment back, unless it is certain that the new
// one has come to its place. Of the old one this may be the only copy: while it
// can neither go back nor is known to be replaced, it stays where it is.
func (s *stage) undoReplace(j journal) error {
	if err := CheckName(j.Name); err != nil {
		return err
	}
	old, path := filepath.Join(s.dir, stageOld), s.home.Path(j.Name)
	if found, err := there(old); !found {
		return err // it has not been taken away yet
	}
	if j.New.isAt(path) {
		return s.dropOld()
	}
	err := renameNew(old, path)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there, and %s may be the only copy of what was: move it to where it belongs, or delete it", path, old)
	}
	if err != nil {
		return fmt.Errorf("moving %s back to %s: %w", old, path, reason(err))
	}
	return syncDir(s.home.dir)
}

// dropOld moves the old environment, which has been replaced, to the trash.
func (s *stage) dropOld() error {
	_, err := s.home.bury(filepath.Join(s.dir, stageOld))
	return err
}
