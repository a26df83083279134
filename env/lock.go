package env

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"
)

// lock is a flock(2) on a file that exists only while someone holds it or
// wants it. The kernel lets go of it when its process ends, however it ends,
// and it is not passed on to the programs that the process starts.
type lock struct {
	file *flock.Flock
}

// longestWait is how long a lock may be free before one who waits for it
// looks.
const longestWait = 50 * time.Millisecond

// lock waits until name is this caller's to make or remove, or ctx is done.
func (h Home) lock(ctx context.Context, name string) (*lock, error) {
	if err := h.prepare(); err != nil {
		return nil, err
	}
	path := filepath.Join(h.own(locksDir), name)
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
	l := &lock{flock.New(path, flock.SetFlag(os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW), flock.SetPermissions(0o600))}
	locked, err := l.file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", path, reason(err))
	}
	if locked && l.current() {
		return l, nil
	}
	return nil, l.file.Close()
}

// current reports whether the file is still the one at its path. One that its
// last holder unlinked after this one had opened it is not: it keeps out
// nobody.
func (l *lock) current() bool {
	held, err := l.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(l.file.Path())
	return err == nil && os.SameFile(held, named)
}

// release lets the next one have the lock.
func (l *lock) release() {
	// The file goes first: once it is unlocked it may be another's.
	if l.current() {
		os.Remove(l.file.Path())
	}
	l.file.Close()
}
