package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// workPrefix begins the names of working directories; besidePrefix those beside what is
// made in them.
const (
	workPrefix   = "den-work-"
	besidePrefix = ".den-work-"
)

// A WorkDir is a directory of one process. The process holds a lock on it, so that another
// can tell when it is abandoned.
type WorkDir struct {
	Path string
	lock *os.File
}

// NewWorkDir makes an empty directory in the one for temporary files. Before that it
// deletes the directories of processes that have died.
func NewWorkDir() (*WorkDir, error) { return newWorkDir(os.TempDir(), workPrefix) }

// NewWorkDirBeside is NewWorkDir in the directory that path is in.
func NewWorkDirBeside(path string) (*WorkDir, error) {
	return newWorkDir(filepath.Dir(path), besidePrefix)
}

func newWorkDir(dir, prefix string) (*WorkDir, error) {
	clearWorkDirs(dir, prefix)
	for {
		path, err := os.MkdirTemp(dir, prefix)
		if err != nil {
			return nil, err
		}
		lock, err := OpenDir(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another took it, not locked yet, for abandoned
		}
		if err != nil {
			os.Remove(path)
			return nil, err
		}
		w := &WorkDir{path, lock}
		if err := w.tryLock(); errors.Is(err, unix.EWOULDBLOCK) || !IsAt(lock, path) {
			lock.Close()
			continue
		}
		// Where there are no locks, nobody takes it for abandoned either.
		return w, nil
	}
}

// Remove deletes the directory.
func (w *WorkDir) Remove() {
	os.RemoveAll(w.Path)
	w.lock.Close()
}

func (w *WorkDir) tryLock() error {
	return Retry(func() error { return unix.Flock(int(w.lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) })
}

// ClearWorkDirs deletes the person's working directories, in the directory for temporary
// files, that no process holds.
func ClearWorkDirs() { clearWorkDirs(os.TempDir(), workPrefix) }

func clearWorkDirs(dir, prefix string) {
	paths, _ := Glob(dir, prefix+"*")
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() {
			continue
		}
		lock, err := OpenDir(path)
		if err != nil {
			continue
		}
		w := &WorkDir{path, lock}
		if w.tryLock() == nil && IsAt(lock, path) {
			os.RemoveAll(path)
		}
		lock.Close()
	}
}
