package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"den/env/disk"
)

// A journal is the note that a process leaves in its stage before it does what
// takes more than one step, so that, should it die in between, another can
// bring it to an end. It is there from when all has been prepared and is on the
// disk until all has been done.
type journal struct {
	// Kind is what is being done: journalMove or journalReplace.
	Kind string `json:"kind"`
	// Name is the environment's, To its new one when it is moved.
	Name string `json:"name"`
	To   string `json:"to,omitempty"`
	// Keep is the command that replaces the environment, where the old one is kept:
	// see Keeping.
	Keep string `json:"keep,omitempty"`
	// Kept is where an environment is kept that comes back with another name, below
	// keptDir.
	Kept string `json:"kept,omitempty"`
	// Directory tells the environment's directory from any other that may have
	// come to bear the name.
	Directory identity `json:"directory"`
	// New is the directory that takes the place of another.
	New identity `json:"new"`
	// Stage is the directory that the journal is in. Where that has another
	// identity by now, the home has been copied, restored or mounted anew, and
	// the others mean nothing any more.
	Stage identity `json:"stage"`
}

const (
	journalMove    = "move"
	journalReplace = "replace"
)

// An identity is what a directory keeps when it is renamed. The number of its
// inode may be given to another once it is deleted, but not at the same moment;
// Born is 0 where the file system does not keep it.
type identity struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Born   int64  `json:"born"` // in nanoseconds since 1970
}

// identify returns the identity of what is at path, itself and not what a link
// leads to; the zero identity when there is nothing, or it cannot be told.
func identify(path string) identity {
	info, err := os.Lstat(path)
	if err != nil {
		return identity{}
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}
	}
	return identity{uint64(stat.Dev), stat.Ino, birthTime(path)}
}

// isAt reports whether the directory is the one at path.
func (i identity) isAt(path string) bool {
	return i != identity{} && identify(path) == i
}

// The names in a stage, beside that of the environment that is being made. No
// environment has a leading dot.
const (
	stageJournal = ".journal"
	stageOverlay = ".overlay" // for a move: what is to take the place of files
	stageOld     = ".old"     // for a replacement: the environment that goes
)

// begin writes the journal, to the disk.
func (st *stage) begin(j journal) error {
	j.Stage = identify(st.dir)
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := disk.Replace(filepath.Join(st.dir, stageJournal), text, 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(st.dir, stageJournal), disk.Cause(err))
	}
	return syncDir(st.dir)
}

// isMoved reports whether the home is another copy than the one in which the
// journal was written, so that no directory has the identity that it had.
func (st *stage) isMoved(j journal) bool {
	return j.Stage != identity{} && !j.Stage.isAt(st.dir)
}

// end takes the journal away: all has been done.
func (st *stage) end() error {
	if err := os.Remove(filepath.Join(st.dir, stageJournal)); err != nil {
		return fmt.Errorf("deleting %s: %w", filepath.Join(st.dir, stageJournal), disk.Cause(err))
	}
	return syncDir(st.dir)
}

// readJournal returns the journal in a stage, and whether there is one.
func readJournal(dir string) (j journal, found bool, err error) {
	path := filepath.Join(dir, stageJournal)
	text, err := disk.ReadSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return j, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &j)
	}
	if err != nil {
		return j, false, fmt.Errorf("reading %s: %w", path, disk.Cause(err))
	}
	return j, true, nil
}

// Interrupted reports whether there is something for Recover to bring to an
// end. It is quick, and says no when it cannot tell.
func (s Store) Interrupted() bool {
	stages, _ := s.stages()
	for _, dir := range stages {
		if found, _ := disk.Exists(filepath.Join(dir, stageJournal)); found {
			return true
		}
	}
	return false
}

// Recover brings to an end what processes that have died were in the middle of:
// an environment half-way to its new name gets there whole, one that was being
// replaced is back, or has been. What processes at work are doing is left to
// them.
func (s Store) Recover(ctx context.Context) error {
	stages, err := s.stages()
	if err != nil {
		return err
	}
	var failed []error
	for _, dir := range stages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if found, _ := disk.Exists(filepath.Join(dir, stageJournal)); !found {
			continue
		}
		lock, err := tryLock(filepath.Join(dir, stageLock))
		if lock == nil {
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				failed = append(failed, err)
			}
			continue
		}
		st := &stage{store: s, dir: dir, lock: lock}
		if err := st.recover(ctx); err != nil {
			failed = append(failed, err)
		}
		st.close()
	}
	return errors.Join(failed...)
}

// recover brings to an end what the journal in the stage tells of.
func (st *stage) recover(ctx context.Context) error {
	j, found, err := readJournal(st.dir)
	if err != nil || !found {
		return err
	}
	switch j.Kind {
	case journalMove:
		err = st.finishMove(ctx, j)
	case journalReplace:
		err = st.undoReplace(j)
	default:
		err = fmt.Errorf("a later version of den has left off at %q", j.Kind)
	}
	if err != nil {
		return fmt.Errorf("finishing what was interrupted, in %s: %w", st.dir, err)
	}
	return st.end()
}
