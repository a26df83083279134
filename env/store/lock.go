package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"

	"den/env/disk"
)

// lock is a flock(2) on a file that exists only while someone holds it or
// wants it. The kernel lets go of it when its process ends, however it ends,
// and it is not passed on to the programs that the process starts. On a file
// system without flock there is a note beside the file in its place.
type lock struct {
	file *flock.Flock
	note *linkLock // nil where flock works
}

// longestWait is how long a lock may be free before one who waits for it
// looks.
const longestWait = 50 * time.Millisecond

// lock waits until name is this caller's to make or remove, or ctx is done.
func (s Store) lock(ctx context.Context, name string) (*lock, error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	path := filepath.Join(s.stateDir(locksDir), name)
	for wait := time.Millisecond; ; wait = min(2*wait, longestWait) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := tryLock(path)
		if l != nil || err != nil {
			return l, err
		}
		// A flock that waits cannot be told to stop.
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// tryLock returns the lock at path, or nil when it is someone else's now.
func tryLock(path string) (*lock, error) {
	l := &lock{file: flock.New(path, flock.SetFlag(os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW), flock.SetPermissions(0o600))}
	if os.Geteuid() == 0 {
		// The person whom the home belongs to may want it after this process was killed.
		if file, err := disk.MakeFile(path, os.O_RDWR|unix.O_NOFOLLOW, 0o600); err == nil {
			file.Close()
		}
	}
	locked := false
	err := disk.Retry(func() (err error) {
		locked, err = l.file.TryLock()
		return err
	})
	if hasNoLocks(err) {
		if l.note, err = takeLink(path); err == nil {
			locked = l.note != nil
		}
	}
	if err != nil {
		l.file.Close()
		return nil, fmt.Errorf("locking %s: %w", path, disk.Cause(err))
	}
	if locked && l.current() {
		return l, nil
	}
	return nil, l.file.Close()
}

// hasNoLocks reports whether the error says that the file system, often one on a
// network, knows no flock.
func hasNoLocks(err error) bool {
	return errors.Is(err, unix.ENOLCK) || errors.Is(err, errors.ErrUnsupported)
}

// current reports whether the file is still the one at its path. One that its
// last holder unlinked after this one had opened it is not: it keeps out
// nobody.
func (l *lock) current() bool {
	if l.note != nil {
		return l.note.current()
	}
	return disk.IsAt(l.file, l.file.Path())
}

// release lets the next one have the lock.
func (l *lock) release() {
	// The file goes first: once it is unlocked it may be another's.
	if l.current() {
		os.Remove(l.file.Path())
	}
	if l.note != nil {
		l.note.drop()
	}
	l.file.Close()
}

// HasLocks reports whether the file system of the home has locks that the kernel
// lets go of. Where it has not, den keeps notes of who is at work: see linkLock.
// In a home that den has not used yet it does not look.
func (s Store) HasLocks() (bool, error) {
	if found, err := disk.Exists(s.stateDir(locksDir)); !found {
		return true, err
	}
	l, err := tryLock(filepath.Join(s.stateDir(locksDir), ".probe-"+strconv.Itoa(os.Getpid())))
	if l == nil {
		return true, err
	}
	defer l.release()
	return l.note == nil, nil
}
