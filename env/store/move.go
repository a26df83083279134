package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Fix prepares the change of the path of the environment at dir to final: it writes the
// changed files to overlay, an empty directory, at the same relative paths.
type Fix = func(ctx context.Context, dir, final, overlay string) error

// Move gives the environment called name the name to. Its files have to say
// so: it calls fix with dir, the environment as it is, final, its path once it
// has been moved, and overlay, an empty directory. Of dir fix changes nothing;
// what it puts in overlay will take the place of the file or symbolic link at
// the same relative path in the environment. The environment's directory itself
// is moved, not copied: it costs no time, and who works in it goes on.
//
// Whatever happens, even a power cut, the environment is whole at its old path, or whole
// at its new path. If this process dies, Recover completes the move. The environment is
// never at both paths. Where the environment is a symbolic link, the link gets the name,
// fix is not called, and what it leads to stays as it is.
//
// It returns the errors of Find for name, and of Create for to.
func (s Store) Move(ctx context.Context, name, to string, fix Fix) error {
	if err := s.kind.CheckName(to); err != nil {
		return err
	}
	if err := s.Find(name); err != nil {
		return err
	}
	err := s.move(ctx, name, to, fix)
	if err == nil {
		s.moveEntered(name, to)
	}
	_, taken := errors.AsType[*ExistsError](err)
	_, gone := errors.AsType[*NotFoundError](err)
	if taken || gone || err == nil {
		return err
	}
	return fmt.Errorf("moving environment %s to %s: %w", s.Path(name), s.Path(to), err)
}

func (s Store) move(ctx context.Context, name, to string, fix Fix) error {
	if err := s.free(name, to); err != nil {
		return err
	}
	release, err := s.lockAll(ctx, name, to)
	if err != nil {
		return err
	}
	defer release()
	if err := s.Find(name); err != nil {
		return err
	}
	if err := s.free(name, to); err != nil {
		return err
	}
	info, err := os.Lstat(s.Path(name))
	if err != nil {
		return disk.Cause(err)
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return moveDir(s.Path(name), s.Path(to))
	}
	return s.inStage(ctx, func(st *stage) error {
		return st.move(ctx, s.Path(name), journal{Name: name, To: to}, fix)
	})
}

// move prepares what has to change, moves the environment at from, and changes it.
func (st *stage) move(ctx context.Context, from string, j journal, fix Fix) error {
	final := st.store.Path(j.To)
	_, err := st.fill(ctx, stageOverlay, func(overlay string) error {
		return fix(ctx, from, final, overlay)
	})
	if err != nil {
		return err
	}
	reached(ctx, "prepared")
	j.Kind, j.Directory = journalMove, identify(from)
	if err := st.begin(j); err != nil {
		return err
	}
	reached(ctx, "noted")
	if err := moveDir(from, final); err != nil {
		return errors.Join(err, st.end())
	}
	reached(ctx, "moved")
	if err := st.finishMove(ctx, j); err != nil {
		return fmt.Errorf("it has its new name, but some of its files still have the old path (the next den changes them): %w", err)
	}
	return st.end()
}

// moveDir renames an environment's directory, and returns when the disk knows
// of it. When only the case of the letters differs, and the file system does not
// tell them apart, the two paths are one.
func moveDir(from, to string) error {
	rename := renameNew
	if identify(from).isAt(to) {
		rename = os.Rename
	}
	if err := rename(from, to); err != nil {
		return fmt.Errorf("renaming %s to %s: %w", from, to, unmovable(disk.Cause(err)))
	}
	return syncDir(filepath.Dir(to))
}

// finishMove completes an interrupted move. If the environment has not been moved yet, it
// stays where it is. If it is at neither path, somebody has moved or removed it since,
// and finishMove does nothing.
func (st *stage) finishMove(ctx context.Context, j journal) error {
	path := st.store.Path(j.To)
	if st.store.kind.CheckName(j.To) != nil || !j.Directory.isAt(path) && !st.wasMoved(j) {
		return nil
	}
	if err := layOver(ctx, path, filepath.Join(st.dir, stageOverlay)); err != nil {
		return err
	}
	reached(ctx, "changed")
	return flush(path)
}

// wasMoved reports, in another copy of the home, whether the environment has its
// new name: it was at the one place or at the other when the copy was made.
func (st *stage) wasMoved(j journal) bool {
	from := st.store.Path(j.Name)
	if j.Kept != "" {
		from = filepath.Join(st.store.stateDir(keptDir), j.Kept)
	}
	if !st.isMoved(j) || j.Kept == "" && st.store.kind.CheckName(j.Name) != nil {
		return false
	}
	before, err := disk.Exists(from)
	info, statErr := os.Lstat(st.store.Path(j.To))
	return !before && err == nil && statErr == nil && info.IsDir()
}

// layOver moves the files in overlay to the same relative paths in dir. It moves nothing
// through a symbolic link that leads out of dir. It may be interrupted and called again.
func layOver(ctx context.Context, dir, overlay string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening %s: %w", dir, disk.Cause(err))
	}
	defer root.Close()
	return filepath.WalkDir(overlay, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(overlay, path)
		if err != nil {
			return err
		}
		reached(ctx, "changing "+relative)
		if err := renameOver(path, root, relative); err != nil {
			return fmt.Errorf("renaming %s to %s: %w", path, filepath.Join(dir, relative), disk.Cause(err))
		}
		return nil
	})
}

// renameOver renames from to to, in the open directory, in the place of what is
// there. Where that was deleted with its directory, there is nothing to replace.
func renameOver(from string, in *os.Root, to string) error {
	dir, err := in.OpenFile(filepath.Dir(to), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	return disk.InWritable(dir.Stat, dir.Chmod, func() error {
		return disk.Retry(func() error { return unix.Renameat(unix.AT_FDCWD, from, int(dir.Fd()), filepath.Base(to)) })
	})
}

// free returns an *ExistsError unless an environment called name can become to.
func (s Store) free(name, to string) error {
	if name != to && identify(s.Path(name)).isAt(s.Path(to)) {
		return nil // the file system does not tell the names apart
	}
	return s.vacant(to)
}

// lockAll locks the names, always in the same order, and returns the function that
// releases them.
func (s Store) lockAll(ctx context.Context, names ...string) (release func(), err error) {
	sort.Strings(names)
	var locks []*lock
	release = func() {
		for _, l := range locks {
			l.release()
		}
	}
	for i, name := range names {
		// Names that the file system does not tell apart have one lock.
		if i > 0 && identify(filepath.Join(s.stateDir(locksDir), names[0])).isAt(filepath.Join(s.stateDir(locksDir), name)) {
			continue
		}
		l, err := s.lock(ctx, name)
		if err != nil {
			release()
			return nil, err
		}
		locks = append(locks, l)
	}
	return release, nil
}
