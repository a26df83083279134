package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// stage is a directory in staging in which one environment is being made. Its
// maker holds the lock in it, so that one whose maker has died can be told from
// one at work.
type stage struct {
	home Home
	dir  string
	lock *lock
}

// newStage makes an empty stage.
func (h Home) newStage() (*stage, error) {
	for {
		dir, err := os.MkdirTemp(h.own(stagingDir), "")
		if err != nil {
			return nil, fmt.Errorf("creating a directory in %s: %w", h.own(stagingDir), reason(err))
		}
		lock, err := tryLock(filepath.Join(dir, stageLock))
		if lock != nil {
			return &stage{home: h, dir: dir, lock: lock}, nil
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
func (s *stage) discard() {
	if buried, err := s.home.bury(s.dir); err == nil {
		s.home.destroy(context.Background(), buried)
	}
	s.lock.release()
}

// putAway moves the stage, and what is left in it, to the trash, for Sweep to
// delete.
func (s *stage) putAway() {
	s.home.bury(s.dir)
	s.lock.release()
}

// discardUnlessBegun is discard, but for a stage with a journal: that is left
// for Recover.
func (s *stage) discardUnlessBegun() {
	found, err := there(filepath.Join(s.dir, stageJournal))
	if found || err != nil || s.checkOld() != nil {
		s.lock.release()
		return
	}
	s.discard()
}

// checkOld returns an error where the stage has an environment that was being
// replaced: it may be the only copy.
func (s *stage) checkOld() error {
	old := filepath.Join(s.dir, stageOld)
	found, err := there(old)
	if found {
		return fmt.Errorf("%s may be the only copy of an environment: move it to where it belongs, or delete it", old)
	}
	return err
}

// buryAbandoned brings to an end what makers that have died had begun, moves
// their stages to the trash, and returns what they are called there.
func (h Home) buryAbandoned() ([]string, error) {
	stages, err := h.stages()
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
		s := &stage{home: h, dir: dir, lock: lock}
		err = s.recover(context.Background())
		if err == nil {
			err = s.checkOld()
		}
		if err != nil {
			failed = append(failed, err)
			lock.release()
			continue
		}
		if name, err := h.bury(dir); err == nil {
			buried = append(buried, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
		lock.release()
	}
	return buried, errors.Join(failed...)
}

// clearStaging deletes what makers that died have left behind.
func (h Home) clearStaging(ctx context.Context) {
	// If that fails, making another environment still need not; NeedsSweep
	// goes on saying that there is something to delete.
	buried, _ := h.buryAbandoned()
	for _, name := range buried {
		h.destroy(ctx, name)
	}
}

// bury moves path into the trash, and returns what it is called there.
func (h Home) bury(path string) (string, error) {
	for {
		name := strconv.FormatUint(rand.Uint64(), 36)
		err := renameNew(path, filepath.Join(h.own(trashDir), name))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("moving %s to %s: %w", path, h.own(trashDir), reason(err))
		}
		return name, nil
	}
}
