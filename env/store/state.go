package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"den/env/disk"
)

// The names of the directories in .den. None of them can be an environment's,
// nor can that of the lock in a staging directory: a name has no leading dot.
const (
	stateName  = ".den"
	locksDir   = "locks"
	stagingDir = "staging"
	trashDir   = "trash"
	stageLock  = ".lock"
)

// stateDir is the path of a directory of the package's own, in .den.
func (s Store) stateDir(dir string) string {
	return filepath.Join(s.dir, stateName, dir)
}

// prepare makes .den and its directories, closed to others, so that nobody uses an
// environment that is half made. Made by root in a person's home, it is the person's, who
// could not use den there otherwise.
func (s Store) prepare() error {
	for _, dir := range []string{"", locksDir, stagingDir, trashDir} {
		if err := s.makeStateDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// makeStateDir makes a directory of the package's own where it is missing.
func (s Store) makeStateDir(dir string) error {
	path := s.stateDir(dir)
	err := disk.Mkdir(path, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("creating %s: %w", path, disk.Cause(err))
	}
	return s.checkStateDir(dir)
}

// checkStateDir returns an error when .den, or the directory dir in it, is there and
// is none, but, say, a symbolic link: whoever can write in the home could have
// den delete files elsewhere by it.
func (s Store) checkStateDir(dir string) error {
	for _, path := range []string{s.stateDir(""), s.stateDir(dir)} {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("looking at %s: %w", path, disk.Cause(err))
		}
		if !info.IsDir() {
			return fmt.Errorf("%s is %s, where den keeps a directory of its own: delete it", path, describe(path))
		}
	}
	return nil
}

// readStateDir lists a directory of the package's own, which may be missing.
func (s Store) readStateDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(s.stateDir(dir))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.stateDir(dir), disk.Cause(err))
	}
	if err := s.checkStateDir(dir); err != nil {
		return nil, err
	}
	return entries, nil
}

// stages lists the directories in staging that are this user's. In a shared home, another
// user's den completes its own work, also if this user is root: den does nothing that
// somebody else has written down.
func (s Store) stages() ([]string, error) {
	names, err := s.dirsOf(stagingDir, os.Geteuid())
	for i, name := range names {
		names[i] = filepath.Join(s.stateDir(stagingDir), name)
	}
	return names, err
}

// dirsOf lists the directories in one of the package's own that belong to the user; -1 is
// any user.
func (s Store) dirsOf(dir string, user int) (names []string, err error) {
	entries, err := s.readStateDir(dir)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.IsDir() {
			continue // gone meanwhile; or what a file manager or NFS leaves about
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && (user < 0 || int(stat.Uid) == user) {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// NotePath is the path of a file in .den in which others than the store keep something.
func (s Store) NotePath(name string) string { return s.stateDir(name) }

// MakeNotes makes .den, where it is missing. The directory of the store has to be there.
func (s Store) MakeNotes() error { return s.makeStateDir("") }

// WriteNote replaces such a file.
func (s Store) WriteNote(name string, content []byte) error {
	if err := s.MakeNotes(); err != nil {
		return err
	}
	return disk.Replace(s.NotePath(name), content, 0o600)
}
