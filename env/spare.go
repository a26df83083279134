package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// sparesDir is where spares are, in .den.
const sparesDir = "spares"

// spareLife is how long a spare waits to be taken. What has not been needed for
// so long is probably for an interpreter that is not used any more.
const spareLife = 60 * 24 * time.Hour

// Spares is the directory in which Spare puts what it makes. It is on the file
// system on which environments are made, so that a spare can be moved into one,
// and it may be missing.
func (h Home) Spares() string { return h.own(sparesDir) }

// Spare makes, ahead of time, a directory that a later environment will be in
// want of, and puts it into Spares under that key. It calls fill to make what
// is in it; the spare appears there when all of it is on the disk, or not at
// all. Where there is one with the key, fill is not called. Spares that nobody
// has taken in a long time are deleted.
func (h Home) Spare(ctx context.Context, key string, fill func(ctx context.Context, dir string) error) error {
	if err := CheckName(key); err != nil {
		return err
	}
	if err := h.spare(ctx, key, fill); err != nil {
		return fmt.Errorf("making a spare in %s: %w", h.Spares(), err)
	}
	return nil
}

func (h Home) spare(ctx context.Context, key string, fill func(ctx context.Context, dir string) error) error {
	if err := h.prepare(); err != nil {
		return err
	}
	if err := os.MkdirAll(h.Spares(), 0o700); err != nil {
		return err
	}
	h.dropOldSpares(ctx)
	path := filepath.Join(h.Spares(), key)
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
	entries, _ := readOwn(h.Spares())
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < spareLife {
			continue
		}
		if name, err := h.bury(filepath.Join(h.Spares(), entry.Name())); err == nil {
			h.destroy(ctx, name)
		}
	}
}
