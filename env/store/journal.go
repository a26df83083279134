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

// A journal is a file in the stage of a process that is about to do something in
// several steps. If the process dies between two steps, another process reads the
// journal and finishes the work. The process writes the journal when everything is
// prepared and on the disk, and deletes it after the last step.
type journal struct {
	// Kind is the work: journalMove or journalReplace.
	Kind string `json:"kind"`
	// Name is the name of the environment. A move gives it the name To.
	Name string `json:"name"`
	To   string `json:"to,omitempty"`
	// Keep is the command that replaces the environment, if the store keeps the old
	// one: see Keeping.
	Keep string `json:"keep,omitempty"`
	// Kept is the path, below keptDir, of an environment that comes back with
	// another name, or in exchange for the one that has its name.
	Kept string `json:"kept,omitempty"`
	// Directory identifies the directory of the environment: another directory may
	// have the name by now.
	Directory identity `json:"directory"`
	// New identifies the directory that takes the place of the old one.
	New identity `json:"new"`
	// Stage identifies the directory that holds the journal. If that directory has
	// another identity now, somebody has copied, restored or mounted the home anew,
	// and the other identities mean nothing.
	Stage identity `json:"stage"`
}

const (
	journalMove    = "move"
	journalReplace = "replace"
)

// An identity stays the same when a directory is renamed. After a directory is
// deleted, the file system may give its inode number to another one, but with another
// time of birth. Born is 0 if the file system does not record that time.
type identity struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Born   int64  `json:"born"` // in nanoseconds since 1970
}

// identify returns the identity of the file or directory at path. It does not follow
// a link. If nothing is at path, or the system does not say, it returns the zero
// identity.
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

// Identity returns a text that a directory keeps when it is renamed, and that no other one
// has, also later; "" where the file system does not tell when it was made.
func Identity(path string) string {
	i := identify(path)
	if i.Born == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", i.Inode, i.Born)
}

// isAt reports whether the directory at path has this identity.
func (i identity) isAt(path string) bool {
	return i != identity{} && identify(path) == i
}

// These are the names in a stage, beside the name of the new environment, which has no
// leading dot.
const (
	stageJournal = ".journal"
	stageOverlay = ".overlay" // for a move: the changed files
	stageOld     = ".old"     // for a replacement: the old environment
)

// begin writes the journal, and waits until it is on the disk.
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

// isMoved reports whether somebody has copied or restored the home since the journal
// was written. Then all directories have other identities.
func (st *stage) isMoved(j journal) bool {
	return j.Stage != identity{} && !j.Stage.isAt(st.dir)
}

// end deletes the journal after the last step.
func (st *stage) end() error {
	if err := os.Remove(filepath.Join(st.dir, stageJournal)); err != nil {
		return fmt.Errorf("deleting %s: %w", filepath.Join(st.dir, stageJournal), disk.Cause(err))
	}
	return syncDir(st.dir)
}

// readJournal returns the journal in a stage, and reports whether it found one.
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

// Interrupted reports whether Recover has work to finish. It is quick. If it cannot
// read the directories, it returns false.
func (s Store) Interrupted() bool {
	stages, _ := s.stages()
	for _, dir := range stages {
		if found, _ := disk.Exists(filepath.Join(dir, stageJournal)); found {
			return true
		}
	}
	return false
}

// Recover finishes the work of processes that have died. It gives an environment its
// new name if a move had begun, and brings the old one back if a replacement had. It
// leaves the stages of running processes alone.
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

// recover finishes the work that the journal in the stage describes.
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
		err = fmt.Errorf("a later version of den began a change, %q, that this one does not know", j.Kind)
	}
	if err != nil {
		return fmt.Errorf("finishing the interrupted work in %s: %w", st.dir, err)
	}
	return st.end()
}
