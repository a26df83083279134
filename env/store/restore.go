package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"den/env/disk"
)

// GoneError says that a kept environment is no more: another process has brought
// it back, or its time was over.
type GoneError struct{ Name string }

func (e *GoneError) Error() string {
	return fmt.Sprintf("environment %q is not kept any more", e.Name)
}

// Restore brings a kept environment back and returns the name that it has. That is
// its own, if nothing else has it. If what has it took the environment's place, the
// two change places, and the other one is kept. Otherwise the name is NAME-restored,
// or, if that is taken too, NAME-restored-2 and so on; fix changes the files that
// hold the path, as for Move.
//
// Whatever happens, the environment is kept, or it is back, whole, once Recover has
// been called if this process has died. It returns a *GoneError if it is not kept.
func (s Store) Restore(ctx context.Context, k Kept, fix Fix) (name string, err error) {
	if err := s.kind.CheckName(k.Name); err != nil {
		return "", err
	}
	name, err = s.restore(ctx, k, fix, exchange)
	if errors.Is(err, fs.ErrNotExist) && disk.IsGone(s.KeptPath(k)) {
		return "", &GoneError{k.Name}
	}
	if err != nil {
		return "", fmt.Errorf("bringing back environment %s: %w", s.Path(k.Name), err)
	}
	s.dropKeptDir(k.entry)
	return name, nil
}

func (s Store) restore(ctx context.Context, k Kept, fix Fix, exchange func(one, other string) error) (name string, err error) {
	lock, err := s.lock(ctx, k.Name)
	if err != nil {
		return "", err
	}
	defer lock.release()
	if _, err := os.Lstat(s.KeptPath(k)); err != nil {
		return "", err
	}
	err = s.vacant(k.Name)
	if err == nil {
		return k.Name, s.moveBack(ctx, k)
	}
	taken, ok := errors.AsType[*ExistsError](err)
	if !ok {
		return "", err
	}
	if k.Replaced && taken.Found == "" && !madeAfter(taken.Path, k.When) {
		return k.Name, s.changeBack(ctx, k, exchange)
	}
	return s.restoreAs(ctx, k, fix)
}

// madeAfter reports whether the directory at path was made after that time, where
// the file system keeps that.
func madeAfter(path string, when time.Time) bool {
	return birthTime(path) > when.UnixNano()
}

// moveBack gives a kept environment its name.
func (s Store) moveBack(ctx context.Context, k Kept) error {
	at, path := s.KeptPath(k), s.Path(k.Name)
	err := inMovable(at, &at, func() error {
		err := renameNew(s.KeptPath(k), path)
		if err == nil {
			at = path
		}
		return err
	})
	if err != nil {
		return disk.Cause(err)
	}
	reached(ctx, "back")
	return syncDir(s.dir)
}

// changeBack lets a kept environment and the one that has its place change places. The
// other one is kept from now on, and not since that one was taken away: a journal says so
// if this process dies in between.
func (s Store) changeBack(ctx context.Context, k Kept, exchange func(one, other string) error) error {
	if err := checkMounts(s.Path(k.Name)); err != nil {
		return err
	}
	began := false
	err := s.inStage(ctx, func(st *stage) error {
		j := journal{Kind: journalReplace, Name: k.Name, New: identify(s.KeptPath(k)), Keep: st.store.command, Kept: filepath.Join(k.entry, k.Name)}
		if err := st.begin(j); err != nil {
			return err
		}
		began = true
		err := s.exchangeKept(ctx, k, exchange)
		if isUnsupported(err) {
			j.Kept = ""
			return st.swapInSteps(ctx, j, s.KeptPath(k))
		}
		return errors.Join(err, st.end())
	})
	if !began && isFull(err) {
		return s.exchangeKept(ctx, k, exchange) // needs no room
	}
	return err
}

// exchangeKept exchanges a kept environment and the one that has its place, and keeps
// that. Its error is that of exchange where the system cannot exchange directories.
func (s Store) exchangeKept(ctx context.Context, k Kept, exchange func(one, other string) error) error {
	path := s.Path(k.Name)
	err := exchange(s.KeptPath(k), path)
	if isUnsupported(err) {
		return err
	}
	if err != nil {
		return fmt.Errorf("exchanging %s and %s: %w", s.KeptPath(k), path, unmovable(err))
	}
	reached(ctx, "exchanged")
	if err := syncDir(s.dir); err != nil {
		return err
	}
	if _, err = s.keep(s.KeptPath(k), k.Name, keptReplaced); isFull(err) {
		return nil // it stays where it is
	}
	reached(ctx, "kept")
	return err
}

// restoreAs brings a kept environment back with a name that is free.
func (s Store) restoreAs(ctx context.Context, k Kept, fix Fix) (string, error) {
	base := k.Name + "-restored"
	for n, name := 1, base; ; name = base + "-" + strconv.Itoa(n) {
		n++
		err := s.kind.CheckName(name)
		if err == nil {
			err = s.restoreFree(ctx, k, name, fix)
		}
		if _, taken := errors.AsType[*ExistsError](err); !taken {
			return name, err
		}
	}
}

// restoreFree brings a kept environment back as name, if that is free.
func (s Store) restoreFree(ctx context.Context, k Kept, name string, fix Fix) error {
	return s.whileVacant(ctx, name, func() error {
		info, err := os.Lstat(s.KeptPath(k))
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return moveDir(s.KeptPath(k), s.Path(name))
		}
		return s.inStage(ctx, func(st *stage) error {
			return st.move(ctx, s.KeptPath(k), journal{Kept: filepath.Join(k.entry, k.Name), To: name}, fix)
		})
	})
}

// dropKeptDir deletes the directory in which an environment was kept, unless there
// is one in it.
func (s Store) dropKeptDir(entry string) {
	dir := filepath.Join(s.stateDir(keptDir), entry)
	if os.Remove(dir) == nil {
		return
	}
	if _, ok := s.readKept(entry); !ok {
		os.Remove(filepath.Join(dir, keptSize))
		os.Remove(dir)
	}
}
