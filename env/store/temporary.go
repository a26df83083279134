package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

const (
	// temporaryPrefix starts the names of temporary environments. One that gets
	// another name is to be kept.
	temporaryPrefix = "tmp-"
	// temporaryNote is the file in a temporary environment that says so, for a
	// person and for virtualenvwrapper.
	temporaryNote = "README.tmpenv"
	// ownersDir, in .den, has a file for each temporary environment, with the process
	// that it belongs to.
	ownersDir = "owners"
)

const temporaryText = `This is a temporary environment. It is removed when it is left (deactivate), or
when the shell in which it was made ends. To keep it, give it another name.
`

// TemporaryName makes up a name for a temporary environment.
func TemporaryName() string {
	return temporaryPrefix + fmt.Sprintf("%016x", rand.Uint64())
}

// MarkTemporary marks the environment at dir as a temporary one.
func MarkTemporary(dir string) error {
	path := filepath.Join(dir, temporaryNote)
	if err := os.WriteFile(path, []byte(temporaryText), 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", path, disk.Cause(err))
	}
	return nil
}

// isTemporary reports whether the environment called name is a temporary one,
// which it is no more when it has got another name.
func (s Store) isTemporary(name string) bool {
	if !strings.HasPrefix(name, temporaryPrefix) {
		return false
	}
	found, err := disk.Exists(filepath.Join(s.Path(name), temporaryNote))
	return found && err == nil
}

// Claim notes that the environment called name, which may be yet to be made,
// belongs to a process and is to go when that ends.
func (s Store) Claim(name string, pid int) error {
	o, err := identifyProcess(pid)
	if err != nil {
		return fmt.Errorf("looking at the process %d: %w", pid, err)
	}
	if err := s.prepare(); err != nil {
		return err
	}
	if err := s.makeStateDir(ownersDir); err != nil {
		return err
	}
	if err := disk.Replace(s.claim(name), []byte(o.String()), 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", s.claim(name), disk.Cause(err))
	}
	return nil
}

// claim returns the path of the owner file of the environment called name.
func (s Store) claim(name string) string {
	return filepath.Join(s.stateDir(ownersDir), name)
}

// Disclaim deletes the owner of the environment called name.
func (s Store) Disclaim(name string) {
	if s.checkStateDir(ownersDir) == nil {
		os.Remove(s.claim(name)) // what is left counts for nothing
	}
}

// Owns reports whether the environment called name is a temporary one of the
// process's.
func (s Store) Owns(pid int, name string) bool {
	if !s.isTemporary(name) {
		return false
	}
	o, err := readOwner(s.claim(name))
	return err == nil && o.pid == pid && o.isHere() && !o.gone()
}

// Orphans returns the names of temporary environments that belonged to processes which
// are no more. It costs one look for a directory that is not there, where there
// are none.
func (s Store) Orphans() []string {
	entries, err := s.readStateDir(ownersDir)
	if err != nil {
		return nil
	}
	var orphans []string
	for _, entry := range entries {
		o, err := readOwner(s.claim(entry.Name()))
		if err != nil || !o.gone() {
			continue
		}
		if s.isTemporary(entry.Name()) {
			orphans = append(orphans, entry.Name())
		} else {
			s.Disclaim(entry.Name())
		}
	}
	return orphans
}

// AwaitOrphan returns when the process that the environment called name belongs to has
// ended, or when the environment belongs to no process any more. It returns an error if
// the system cannot watch for that.
func (s Store) AwaitOrphan(name string) error {
	path := s.claim(name)
	o, err := readOwner(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || o.gone() {
		return err
	}
	if !o.isHere() {
		return fmt.Errorf("the process %d of %s is not on this machine, or in another container", o.pid, path)
	}
	if err := awaitEnd(o, path); err != nil {
		return fmt.Errorf("waiting for the process %d: %w", o.pid, err)
	}
	return nil
}
