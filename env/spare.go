package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// sparesDir is where spares are, in .den.
const sparesDir = "spares"

// spareLife is how long a spare waits to be taken. What has not been needed for
// so long is probably for an interpreter that is not used any more.
const spareLife = 60 * 24 * time.Hour

// longestSpareWait is how long TakeSpare waits for one that is being made. To
// make it takes a twentieth of a second; who takes longer is in trouble.
const longestSpareWait = 2 * time.Second

func (h Home) sparePath(key string) string { return filepath.Join(h.own(sparesDir), key) }

// spareLock names the lock of who makes a spare. No environment can have the
// name.
func spareLock(key string) string { return ".spare-" + key }

// TakeSpare moves the spare with the key to dir, an empty directory of an
// environment that is being made in this home, and reports whether there was
// one. For one that is being made it waits: to do the same work beside its
// maker would take longer.
func (h Home) TakeSpare(ctx context.Context, key, dir string) bool {
	wait := time.After(longestSpareWait)
	for {
		// A directory replaces an empty one (POSIX, rename), which os.Rename
		// refuses.
		err := disk.Retry(func() error { return unix.Rename(h.sparePath(key), dir) })
		if err == nil {
			return true
		}
		if !errors.Is(err, fs.ErrNotExist) || !h.spareInMaking(key) {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-wait:
			return false
		case <-time.After(time.Millisecond):
		}
	}
}

// spareInMaking reports whether somebody makes a spare, or has just done so.
func (h Home) spareInMaking(key string) bool {
	path := filepath.Join(h.own(locksDir), spareLock(key))
	if found, err := there(path); err != nil || !found {
		// It may have been put into its place since it was looked for.
		found, err = there(h.sparePath(key))
		return err == nil && found
	}
	l, err := tryLock(path)
	if l == nil {
		return err == nil
	}
	l.release() // its maker has died
	return false
}

// Spare makes, ahead of time, a directory that a later environment will be in
// want of, for TakeSpare to find under the key. It calls fill to make what is in
// it; the spare is there when all of it is on the disk, or not at all. Where
// there is one with the key, or somebody else makes it, fill is not called.
// Spares that nobody has taken in a long time are deleted.
func (h Home) Spare(ctx context.Context, key string, fill func(ctx context.Context, dir string) error) error {
	if err := CheckName(key); err != nil {
		return err
	}
	if err := h.spare(ctx, key, fill); err != nil {
		return fmt.Errorf("making a spare in %s: %w", h.own(sparesDir), err)
	}
	return nil
}

func (h Home) spare(ctx context.Context, key string, fill func(ctx context.Context, dir string) error) error {
	if err := h.prepare(); err != nil {
		return err
	}
	if err := h.makeOwn(sparesDir); err != nil {
		return err
	}
	lock, err := tryLock(filepath.Join(h.own(locksDir), spareLock(key)))
	if lock == nil {
		return err
	}
	defer lock.release()
	h.dropOldSpares(ctx)
	path := h.sparePath(key)
	if found, err := there(path); found || err != nil {
		return err
	}
	stage, err := h.newStage()
	if err != nil {
		return err
	}
	defer stage.discard()
	dir := filepath.Join(stage.dir, key)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	if err := fill(ctx, dir); err != nil {
		return explain(ctx, err)
	}
	if err := flush(dir); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := renameNew(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// dropOldSpares deletes the spares whose time is up. If it cannot, they stay.
func (h Home) dropOldSpares(ctx context.Context) {
	entries, _ := h.readOwn(sparesDir)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < spareLife {
			continue
		}
		if name, err := h.bury(h.sparePath(entry.Name())); err == nil {
			h.destroy(ctx, name)
		}
	}
}
