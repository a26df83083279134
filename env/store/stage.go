package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"den/env/disk"
)

// stage is a directory in staging in which a process makes one environment. The
// process holds the lock in it. If nobody holds the lock, the process has died.
type stage struct {
	store Store
	dir   string
	lock  *lock
	// isLarge says that the stage holds an environment that has been replaced.
	isLarge bool
}

// newStage makes an empty stage.
func (s Store) newStage() (*stage, error) {
	for {
		dir, err := os.MkdirTemp(s.stateDir(stagingDir), "")
		if err != nil {
			return nil, fmt.Errorf("creating a directory in %s: %w", s.stateDir(stagingDir), disk.Cause(err))
		}
		lock, err := tryLock(filepath.Join(dir, stageLock))
		if lock != nil {
			return &stage{store: s, dir: dir, lock: lock}, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			os.Remove(dir)
			return nil, err
		}
		// A sweeper took the directory, not locked yet, for abandoned.
	}
}

// inStage calls work with an empty stage, once what makers that died have left
// behind is deleted.
func (s Store) inStage(ctx context.Context, work func(st *stage) error) error {
	s.clearStaging(ctx)
	st, err := s.newStage()
	if err != nil {
		return err
	}
	defer st.close()
	return work(st)
}

// make has the environment called name laid out in the stage, and returns its
// directory there.
func (st *stage) make(ctx context.Context, name string, fill Fill) (dir string, err error) {
	return st.fill(ctx, name, func(dir string) error {
		if err := fill(ctx, dir, st.store.Path(name)); err != nil {
			return err
		}
		return st.store.check(dir)
	})
}

// fill makes a directory in the stage and has it filled. It returns the directory once
// all of it is on the disk. This comes before any file gets its final name: a power cut
// could otherwise leave a name without its content.
func (st *stage) fill(ctx context.Context, name string, fill func(dir string) error) (dir string, err error) {
	dir = filepath.Join(st.dir, name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return "", fmt.Errorf("creating %s: %w", dir, disk.Cause(err))
	}
	if err := fill(dir); err != nil {
		return "", explain(ctx, err)
	}
	if err := flush(dir); err != nil {
		return "", err
	}
	return dir, ctx.Err()
}

// explain says that fill failed because it was told to stop, if it was: of
// itself it may only know that a program it had started was killed.
func explain(ctx context.Context, err error) error {
	if stopped := ctx.Err(); stopped != nil && !errors.Is(err, stopped) {
		return fmt.Errorf("%w: %w", stopped, err)
	}
	return err
}

// close deletes the stage and what is left in it. Should it fail to, Sweep will
// come upon it, which also deletes what takes long. A stage with a journal is left
// for Recover.
func (st *stage) close() {
	defer st.lock.release()
	found, err := disk.Exists(filepath.Join(st.dir, stageJournal))
	if found || err != nil || st.checkOld() != nil {
		return
	}
	if name, err := st.store.moveToTrash(st.dir); err == nil && !st.isLarge {
		st.store.destroy(context.Background(), name)
	}
}

// checkOld returns an error where the stage has an environment that was being
// replaced: it may be the only copy.
func (st *stage) checkOld() error {
	old := filepath.Join(st.dir, stageOld)
	found, err := disk.Exists(old)
	if found {
		return fmt.Errorf("%s may be the only copy of an environment: move it to where it belongs, or delete it", old)
	}
	return err
}

// trashAbandoned completes the work of dens that have died, moves their stages to the
// trash, and returns their names there.
func (s Store) trashAbandoned() ([]string, error) {
	stages, err := s.stages()
	if err != nil {
		return nil, err
	}
	var trashed []string
	var failed []error
	for _, dir := range stages {
		lock, err := tryLock(filepath.Join(dir, stageLock))
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone meanwhile
		}
		if err != nil {
			failed = append(failed, err)
		}
		if lock == nil {
			continue
		}
		st := &stage{store: s, dir: dir, lock: lock}
		err = st.recover(context.Background())
		if err == nil {
			err = st.checkOld()
		}
		if err != nil {
			failed = append(failed, err)
			lock.release()
			continue
		}
		if name, err := s.moveToTrash(dir); err == nil {
			trashed = append(trashed, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
		lock.release()
	}
	return trashed, errors.Join(failed...)
}

// clearStaging deletes what makers that died have left behind.
func (s Store) clearStaging(ctx context.Context) {
	// If that fails, making another environment still need not; NeedsSweep
	// goes on saying that there is something to delete.
	trashed, _ := s.trashAbandoned()
	for _, name := range trashed {
		s.destroy(ctx, name)
	}
}

// moveToTrash moves path into the trash, and returns its name there.
func (s Store) moveToTrash(path string) (string, error) {
	for {
		name := strconv.FormatUint(rand.Uint64(), 36)
		err := renameNew(path, filepath.Join(s.stateDir(trashDir), name))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("moving %s to %s: %w", path, s.stateDir(trashDir), disk.Cause(err))
		}
		return name, nil
	}
}
