package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"den/env/disk"
)

// Sweep deletes the environments that were removed, and those that were being
// made by processes that are no more. It stops when ctx is done, and what it
// has not deleted, the next one will. Any number of them may run at once, and
// beside whatever else goes on in the home. One thing that cannot be deleted
// does not keep it from the others.
func (s Store) Sweep(ctx context.Context) error {
	if found, err := disk.Exists(s.stateDir("")); !found {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	_, trashErr := s.trashAbandoned()
	return errors.Join(trashErr, s.emptyTrash(ctx), s.dropLocks())
}

// NeedsSweep reports whether there is something for Sweep to delete. It is
// quick, and says no when it cannot tell.
func (s Store) NeedsSweep() bool {
	halfMade, removed := s.Leftovers()
	return halfMade+removed > 0
}

// Leftovers counts what there is for Sweep to delete: environments that were
// being made by processes that are no more, and those that were removed, which
// a Sweep at work may be about to delete.
func (s Store) Leftovers() (halfMade, removed int) {
	trash, _ := s.readStateDir(trashDir)
	return len(s.abandonedStages()), len(trash)
}

// LeftoverPaths returns where all these are.
func (s Store) LeftoverPaths() []string {
	paths := s.abandonedStages()
	trash, _ := s.readStateDir(trashDir)
	for _, entry := range trash {
		paths = append(paths, filepath.Join(s.stateDir(trashDir), entry.Name()))
	}
	return paths
}

// abandonedStages returns the stages of processes that are no more.
func (s Store) abandonedStages() (abandoned []string) {
	stages, _ := s.stages()
	for _, dir := range stages {
		if lock, _ := tryLock(filepath.Join(dir, stageLock)); lock != nil {
			lock.release()
			abandoned = append(abandoned, dir)
		}
	}
	return abandoned
}

func (s Store) emptyTrash(ctx context.Context) error {
	entries, err := s.readStateDir(trashDir)
	if err != nil || len(entries) == 0 {
		return err
	}
	// Once the disk knows that they have left, no power cut can bring them
	// back half deleted.
	for _, dir := range []string{s.stateDir(trashDir), s.dir} {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	var failed []error
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.destroy(ctx, entry.Name()); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// dropLocks deletes the lock files that processes which were killed have left.
func (s Store) dropLocks() error {
	entries, err := s.readStateDir(locksDir)
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue // a note goes with its file
		}
		if lock, _ := tryLock(filepath.Join(s.stateDir(locksDir), entry.Name())); lock != nil {
			lock.release()
		}
	}
	return err
}

// destroy deletes name, in the trash.
func (s Store) destroy(ctx context.Context, name string) error {
	home, err := os.OpenRoot(s.dir)
	if err != nil {
		return fmt.Errorf("opening %s: %w", s.dir, disk.Cause(err))
	}
	defer home.Close()
	own, err := openDir(home, stateName)
	if err != nil {
		return err
	}
	defer own.Close()
	trash, err := openDir(own, trashDir)
	if err != nil {
		return err
	}
	defer trash.Close()
	return deleteTree(ctx, trash, name)
}

// openDir opens the directory name, in parent, which must not be a symbolic
// link, nor become one meanwhile. The error is errSwapped when it did.
func openDir(parent *os.Root, name string) (*os.Root, error) {
	path := filepath.Join(parent.Name(), name)
	info, err := parent.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("looking at %s: %w", path, disk.Cause(err))
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("opening %s: %w", path, errSwapped)
	}
	dir, err := parent.OpenRoot(name)
	if err != nil {
		if now, statErr := parent.Lstat(name); statErr == nil && !os.SameFile(info, now) {
			err = errSwapped
		}
		return nil, fmt.Errorf("opening %s: %w", path, disk.Cause(err))
	}
	opened, err := dir.Stat(".")
	if err == nil && !os.SameFile(info, opened) {
		err = errSwapped
	}
	if err != nil {
		dir.Close()
		return nil, fmt.Errorf("opening %s: %w", path, disk.Cause(err))
	}
	return dir, nil
}

// errSwapped says that something else is where a directory was.
var errSwapped = errors.New("it is not a directory, or not the one that it was")

// attempts is how often a directory is emptied that others, such as a program
// that outlived the maker which had started it, go on filling.
const attempts = 3

// deleteTree deletes name, in parent, and all that is in it. It follows no symbolic link,
// even if one takes the place of a directory meanwhile. It does not enter a mount point.
// It passes over files that are gone already. It makes a read-only directory, as in some
// caches, writable first. If it cannot delete something, it goes on with the rest and
// returns an error at the end.
func deleteTree(ctx context.Context, parent *os.Root, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := parent.Remove(name)
	for range attempts {
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		info, statErr := parent.Lstat(name)
		if errors.Is(statErr, fs.ErrNotExist) {
			return nil
		}
		if statErr != nil || !info.IsDir() {
			break
		}
		if mode := info.Mode().Perm(); mode&0o700 != 0o700 {
			// If that fails, so will what comes next, and it says why.
			parent.Chmod(name, mode|0o700)
		}
		if err := emptyDir(ctx, parent, name); err != nil && !errors.Is(err, errSwapped) {
			return err
		}
		err = parent.Remove(name)
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("deleting %s: %w", filepath.Join(parent.Name(), name), disk.Cause(err))
}

// emptyDir deletes all that is in the directory name, in parent, and returns
// the first of the errors.
func emptyDir(ctx context.Context, parent *os.Root, name string) error {
	path := filepath.Join(parent.Name(), name)
	dir, err := openDir(parent, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	names, err := namesIn(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %s: %w", path, disk.Cause(err))
	}
	var first error
	for _, name := range names {
		if err := deleteTree(ctx, dir, name); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// namesIn lists a directory to empty. If it is a mount point, namesIn lists nothing, for
// its files do not belong to the environment.
func namesIn(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	mounted, err := isMountPoint(f)
	if err != nil {
		return nil, err
	}
	if mounted {
		return nil, errMounted
	}
	return f.Readdirnames(-1)
}
