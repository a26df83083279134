package store

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

// Replace makes a new environment in the place of the environment called name. It
// calls fill as Create does. When all files are on the disk, the two change places.
// Then Replace deletes or keeps the old one, as Remove does.
//
// The old environment or the new one is at the name, whole, also after a power cut. If
// the system cannot exchange two directories at once, Replace takes two steps; if the
// process dies between them, Recover brings the old one back. If the environment is a
// symbolic link, Replace replaces the link only.
//
// Replace returns the errors of Find and Create, but no ExistsError.
func (s Store) Replace(ctx context.Context, name string, fill Fill) error {
	if err := s.Find(name); err != nil {
		return err
	}
	err := s.replace(ctx, name, fill)
	if _, gone := errors.AsType[*NotFoundError](err); gone || err == nil {
		return err
	}
	return fmt.Errorf("replacing environment %s: %w", s.Path(name), err)
}

func (s Store) replace(ctx context.Context, name string, fill Fill) error {
	lock, err := s.lock(ctx, name)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := s.Find(name); err != nil {
		return err
	}
	return s.inStage(ctx, func(st *stage) error {
		dir, err := st.make(ctx, name, fill)
		if err != nil {
			return err
		}
		reached(ctx, "filled")
		return st.swap(ctx, name, dir, exchange)
	})
}

// swap exchanges the environment in dir and the one called name.
func (st *stage) swap(ctx context.Context, name, dir string, exchange func(one, other string) error) error {
	path := st.store.Path(name)
	if err := checkMounts(path); err != nil {
		return err
	}
	j := journal{Kind: journalReplace, Name: name, New: identify(dir), Keep: st.store.command}
	if j.Keep != "" {
		if err := st.begin(j); err != nil {
			return err
		}
	}
	err := exchange(dir, path)
	if err == nil {
		reached(ctx, "exchanged")
		return st.dropExchanged(ctx, j)
	}
	if !isUnsupported(err) {
		err = fmt.Errorf("exchanging %s and %s: %w", dir, path, unmovable(err))
		if j.Keep != "" {
			err = errors.Join(err, st.end())
		}
		return err
	}
	return st.swapInSteps(ctx, j, dir)
}

// isUnsupported reports whether the error says that the system cannot exchange two
// directories.
func isUnsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, unix.EINVAL)
}

// dropExchanged lets go of the old environment, which is where the new one was made.
func (st *stage) dropExchanged(ctx context.Context, j journal) error {
	st.isLarge = j.Keep == ""
	if err := syncDir(st.store.dir); err != nil {
		return err
	}
	if j.Keep == "" {
		return nil
	}
	if err := st.keepOld(filepath.Join(st.dir, j.Name), j); err != nil {
		return err
	}
	reached(ctx, "kept")
	return st.end()
}

// keepOld keeps the environment at old, which has been replaced.
func (st *stage) keepOld(old string, j journal) error {
	s := st.store
	if s.command != j.Keep { // this process is not the one that replaced it
		s = s.Keeping(j.Keep)
	}
	_, err := s.keepOrTrash(old, j.Name, keptReplaced)
	return err
}

// swapInSteps is swap where the system cannot exchange two directories.
func (st *stage) swapInSteps(ctx context.Context, j journal, dir string) error {
	path := st.store.Path(j.Name)
	if err := st.begin(j); err != nil {
		return err
	}
	reached(ctx, "noted")
	if err := os.Rename(path, filepath.Join(st.dir, stageOld)); err != nil {
		return errors.Join(fmt.Errorf("moving %s to %s: %w", path, st.dir, unmovable(disk.Cause(err))), st.end())
	}
	reached(ctx, "taken away")
	if err := st.store.publish(j.Name, dir); err != nil {
		if undo := st.undoReplace(j); undo != nil {
			return errors.Join(err, undo)
		}
		return errors.Join(err, st.end())
	}
	reached(ctx, "put in place")
	if err := st.keepOld(filepath.Join(st.dir, stageOld), j); err != nil {
		return err
	}
	reached(ctx, "dropped")
	return st.end()
}

// Exchange exchanges two paths in one step, and reports whether the system can do that.
func Exchange(one, other string) (can bool, err error) {
	if err = exchange(one, other); isUnsupported(err) {
		return false, nil
	}
	return true, err
}

// exchange exchanges two paths in one step.
func exchange(one, other string) error {
	return disk.Retry(func() error { return renameExchange(one, other) })
}

// undoReplace moves the old environment back to its name, unless the new one is
// certainly there. The old environment may be the only copy. If it cannot go back, and
// the new one is not certainly in its place, it stays in the stage.
func (st *stage) undoReplace(j journal) error {
	if err := st.store.kind.CheckName(j.Name); err != nil {
		return err
	}
	old, path := filepath.Join(st.dir, stageOld), st.store.Path(j.Name)
	if found, err := disk.Exists(old); err != nil {
		return err
	} else if !found {
		return st.recoverExchanged(j)
	}
	if j.New.isAt(path) {
		return st.keepOld(old, j)
	}
	err := renameNew(old, path)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("something is at %s already, and %s may be the only copy of the old environment: move it to its place, or delete it", path, old)
	}
	if err != nil {
		return fmt.Errorf("moving %s back to %s: %w", old, path, disk.Cause(err))
	}
	return syncDir(st.store.dir)
}

// recoverExchanged keeps the old environment if it has changed places with the new
// one, and has not been kept yet.
func (st *stage) recoverExchanged(j journal) error {
	old := filepath.Join(st.dir, j.Name)
	if j.Kept != "" {
		old = filepath.Join(st.store.stateDir(keptDir), j.Kept)
	}
	found, err := disk.Exists(old)
	if !found || j.Keep == "" || !j.New.isAt(st.store.Path(j.Name)) {
		return err
	}
	return st.keepOld(old, j)
}
