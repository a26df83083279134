package env

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
	// ownersDir, in .den, has a file for each temporary environment, which says
	// whose it is.
	ownersDir = "owners"
)

const temporaryText = `This is a temporary environment. It is removed when it is left (deactivate), or
when the shell in which it was made ends. To keep it, give it another name.
`

// TemporaryName makes up a name for a temporary environment.
func TemporaryName() string {
	return temporaryPrefix + fmt.Sprintf("%016x", rand.Uint64())
}

// MarkTemporary notes in the environment that it is a temporary one.
func (e Environment) MarkTemporary() error {
	path := filepath.Join(e.Path, temporaryNote)
	if err := os.WriteFile(path, []byte(temporaryText), 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", path, reason(err))
	}
	return nil
}

// isTemporary reports whether the environment is a temporary one, still.
func (e Environment) isTemporary() bool {
	if !strings.HasPrefix(e.Name, temporaryPrefix) {
		return false
	}
	found, err := there(filepath.Join(e.Path, temporaryNote))
	return found && err == nil
}

// Claim notes that the environment called name, which may be yet to be made,
// belongs to a process and is to go when that ends.
func (h Home) Claim(name string, pid int) error {
	o, err := identifyProcess(pid)
	if err != nil {
		return fmt.Errorf("looking at the process %d: %w", pid, err)
	}
	if err := h.prepare(); err != nil {
		return err
	}
	if err := h.makeOwn(ownersDir); err != nil {
		return err
	}
	if err := disk.Replace(h.claim(name), []byte(o.String()), 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", h.claim(name), reason(err))
	}
	return nil
}

// claim is the path of the note whose the environment called name is.
func (h Home) claim(name string) string {
	return filepath.Join(h.own(ownersDir), name)
}

// Disclaim forgets whose the environment called name is.
func (h Home) Disclaim(name string) {
	if h.checkOwn(ownersDir) == nil {
		os.Remove(h.claim(name)) // what is left counts for nothing
	}
}

// Owns reports whether the environment is a temporary one of the process's.
func (h Home) Owns(pid int, e Environment) bool {
	if e.Path != h.Path(e.Name) || !e.isTemporary() {
		return false
	}
	o, err := readOwner(h.claim(e.Name))
	return err == nil && o.pid == pid && o.isHere() && !o.gone()
}

// Orphans returns the temporary environments that belonged to processes which
// are no more. It costs one look for a directory that is not there, where there
// are none.
func (h Home) Orphans() []Environment {
	entries, err := h.readOwn(ownersDir)
	if err != nil {
		return nil
	}
	var orphans []Environment
	for _, entry := range entries {
		o, err := readOwner(h.claim(entry.Name()))
		if err != nil || !o.gone() {
			continue
		}
		e := Environment{Name: entry.Name(), Path: h.Path(entry.Name())}
		if e.isTemporary() {
			orphans = append(orphans, e)
		} else {
			h.Disclaim(e.Name)
		}
	}
	return orphans
}

// AwaitOrphan returns when the process that the environment called name belongs
// to has ended, or nobody's it is any more. It fails where the system cannot
// tell.
func (h Home) AwaitOrphan(name string) error {
	path := h.claim(name)
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
