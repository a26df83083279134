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

// stage is a directory in staging in which one environment is being made. Its
// maker holds the lock in it, so that one whose maker has died can be told from
// one at work.
type stage struct {
	store Store
	dir   string
	lock  *lock
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

// discard deletes the stage and what is left in it. Should it fail to, Sweep
// will come upon it.
func (st *stage) discard() {
	if buried, err := st.store.bury(st.dir); err == nil {
		st.store.destroy(context.Background(), buried)
	}
	st.lock.release()
}

// putAway moves the stage, and what is left in it, to the trash, for Sweep to
// delete.
func (st *stage) putAway() {
	st.store.bury(st.dir)
	st.lock.release()
}

// discardUnlessBegun is discard, but for a stage with a journal: that is left
// for Recover.
func (st *stage) discardUnlessBegun() {
	found, err := disk.Exists(filepath.Join(st.dir, stageJournal))
	if found || err != nil || st.checkOld() != nil {
		st.lock.release()
		return
	}
	st.discard()
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

// buryAbandoned brings to an end what makers that have died had begun, moves
// their stages to the trash, and returns what they are called there.
func (s Store) buryAbandoned() ([]string, error) {
	stages, err := s.stages()
	if err != nil {
		return nil, err
	}
	var buried []string
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
		if name, err := s.bury(dir); err == nil {
			buried = append(buried, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
		lock.release()
	}
	return buried, errors.Join(failed...)
}

// clearStaging deletes what makers that died have left behind.
func (s Store) clearStaging(ctx context.Context) {
	// If that fails, making another environment still need not; NeedsSweep
	// goes on saying that there is something to delete.
	buried, _ := s.buryAbandoned()
	for _, name := range buried {
		s.destroy(ctx, name)
	}
}

// bury moves path into the trash, and returns what it is called there.
func (s Store) bury(path string) (string, error) {
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
