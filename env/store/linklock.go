package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A linkLock names the owner of a lock on a file system without flock. It is a
// symbolic link to the text of an owner; the system makes a link whole, and only
// once. The link of a process that has ended does not count. No den can know that a
// process on another machine has ended; a person has to delete such a link by hand.
type linkLock struct {
	path, text string
}

// linkPath is where the note for the lock at path is. No environment, and
// nothing in a stage, is called so.
func linkPath(path string) string {
	sum := sha256.Sum256([]byte(filepath.Base(path)))
	return filepath.Join(filepath.Dir(path), ".note-"+hex.EncodeToString(sum[:8]))
}

// takeLink makes the note for the lock at path, and returns nil when there is one
// of somebody at work.
func takeLink(path string) (*linkLock, error) {
	me, err := identifyProcess(os.Getpid())
	if err != nil {
		return nil, fmt.Errorf("looking at this process: %w", err)
	}
	note := &linkLock{linkPath(path), fmt.Sprintf("%s%x", me, rand.Uint64())}
	for {
		err := os.Symlink(note.text, note.path)
		if err == nil {
			return note, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		found, err := os.Readlink(note.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if o, err := parseOwner(found); err != nil || !o.gone() {
			return nil, nil
		}
		if !(&linkLock{note.path, found}).clear() {
			return nil, nil
		}
	}
}

// clear takes away the note of a process that is no more. Somebody else may have
// done so meanwhile, and made a note of their own, which is put back then: clear
// returns false.
func (n *linkLock) clear() bool {
	aside := fmt.Sprintf("%s-%x", n.path, rand.Uint64())
	if err := os.Rename(n.path, aside); err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	if text, err := os.Readlink(aside); err == nil && text != n.text && renameNew(aside, n.path) == nil {
		return false
	}
	os.Remove(aside)
	return true
}

// current reports whether the note is still there.
func (n *linkLock) current() bool {
	text, err := os.Readlink(n.path)
	return err == nil && text == n.text
}

// drop takes the note away.
func (n *linkLock) drop() {
	if n.current() {
		os.Remove(n.path)
	}
}
