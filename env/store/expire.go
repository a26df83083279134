package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"den/env/disk"
	"den/env/usage"
)

// A Retention says how long, and how much, a store keeps of what was taken away.
type Retention struct {
	For  time.Duration
	Size int64 // bytes of the disk, in all
}

// NeedsExpiry reports whether there may be something for Expire to do. It is quick,
// and says no when it cannot tell.
func (s Store) NeedsExpiry(r Retention) bool {
	entries, err := s.keptDirs()
	if err != nil || len(entries) == 0 {
		return false
	}
	for _, entry := range entries {
		k, ok := s.readKept(entry)
		if !ok || time.Since(k.When) >= r.For || s.keptSizeOf(k) < 0 {
			return true
		}
	}
	return s.isNearlyFull()
}

// Expire deletes the environments that were kept for too long. If the rest takes too much
// room, or the disk is nearly full, it deletes the oldest ones.
func (s Store) Expire(ctx context.Context, r Retention) error {
	s.dropEmptyKeptDirs()
	defer s.dropStaleEntered()
	kept, err := s.Kept()
	if err != nil || len(kept) == 0 {
		return err
	}
	var failed []error
	var total int64
	for i, k := range kept {
		total += max(0, s.KeptSize(ctx, k))
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Since(k.When) < r.For && total <= r.Size {
			continue
		}
		for _, older := range kept[i:] {
			failed = append(failed, s.Drop(older))
		}
		kept = kept[:i]
		break
	}
	failed = append(failed, s.emptyTrash(ctx))
	for len(kept) > 0 && s.isNearlyFull() {
		oldest := kept[len(kept)-1]
		kept = kept[:len(kept)-1]
		failed = append(failed, s.Drop(oldest), s.emptyTrash(ctx))
	}
	return errors.Join(failed...)
}

// DropOldest deletes what was taken away first of all that is kept, to make room, and
// returns it; nil if there is nothing.
func (s Store) DropOldest(ctx context.Context) (*Kept, error) {
	kept, err := s.Kept()
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	oldest := kept[len(kept)-1]
	if err := s.Drop(oldest); err != nil {
		return nil, err
	}
	return &oldest, s.emptyTrash(ctx)
}

// Drop moves a kept environment to the trash. If it is not kept any more, Drop does
// nothing.
func (s Store) Drop(k Kept) error {
	if err := s.prepare(); err != nil {
		return err
	}
	dir := filepath.Join(s.stateDir(keptDir), k.entry)
	if _, err := s.moveToTrash(dir); err != nil && !disk.IsGone(dir) {
		return err
	}
	return nil
}

// dropEmptyKeptDirs deletes what processes that have died have left in keptDir.
func (s Store) dropEmptyKeptDirs() {
	entries, _ := s.keptDirs()
	for _, entry := range entries {
		s.dropKeptDir(entry)
	}
}

// keptSizeOf returns the noted size of a kept environment; -1 if there is none.
func (s Store) keptSizeOf(k Kept) int64 {
	text, err := disk.ReadSmall(filepath.Join(s.stateDir(keptDir), k.entry, keptSize))
	if err != nil {
		return -1
	}
	size, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return -1
	}
	return size
}

// KeptSize returns how many bytes of the disk a kept environment takes. It measures that
// once, for it does not change any more, and leaves out the files that it cannot measure.
func (s Store) KeptSize(ctx context.Context, k Kept) int64 {
	if size := s.keptSizeOf(k); size >= 0 {
		return size
	}
	size, _ := usage.Of(ctx, s.KeptPath(k))
	if ctx.Err() == nil {
		note := filepath.Join(s.stateDir(keptDir), k.entry, keptSize)
		disk.Replace(note, fmt.Appendf(nil, "%d\n", size), 0o600) // the next one measures again
	}
	return size
}

// ExpiresForRoom reports whether Expire is going to delete what is kept, because the disk
// is nearly full.
func (s Store) ExpiresForRoom() bool {
	entries, err := s.keptDirs()
	return err == nil && len(entries) > 0 && s.isNearlyFull()
}

// isNearlyFull reports whether less than a hundredth of the file system of the home
// is free, by bytes or by files.
func (s Store) isNearlyFull() bool {
	var stat unix.Statfs_t
	if err := disk.Retry(func() error { return unix.Statfs(s.stateDir(keptDir), &stat) }); err != nil {
		return false
	}
	return uint64(stat.Bavail) < uint64(stat.Blocks)/100 || stat.Files > 0 && uint64(stat.Ffree) < uint64(stat.Files)/100
}
