package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// flush returns when all that is in the directory dir is on the disk.
func flush(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening %s: %w", dir, disk.Cause(err))
	}
	defer f.Close()
	// An environment has a thousand files and more, and one call for all of
	// them is many times as fast as one for each.
	err = disk.Retry(func() error { return syncFileSystem(f) })
	if errors.Is(err, errors.ErrUnsupported) {
		return flushEach(dir)
	}
	if err != nil {
		return fmt.Errorf("writing the file system of %s to disk: %w", dir, disk.Cause(err))
	}
	return nil
}

// flushEach is flush, file by file.
func flushEach(dir string) error {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() && !entry.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrPermission) {
			return nil // nothing that Python could read either
		}
		if err != nil {
			return err
		}
		defer f.Close()
		// Not File.Sync, which on macOS empties the cache of the disk, too,
		// and takes milliseconds; doing that once, at the end, will do.
		err = disk.Retry(func() error { return unix.Fsync(int(f.Fd())) })
		if err != nil && !cannotSync(err) {
			return &fs.PathError{Op: "fsync", Path: path, Err: err}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing %s to disk: %w", dir, err)
	}
	return syncDir(dir)
}

// syncDir returns when the names in the directory dir are on the disk.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening %s: %w", dir, disk.Cause(err))
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !cannotSync(err) {
		return fmt.Errorf("writing %s to disk: %w", dir, disk.Cause(err))
	}
	return nil
}

// cannotSync reports whether err means that the file system, as some network
// ones, has nothing to offer for what was to be synced.
func cannotSync(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, unix.EINVAL)
}
