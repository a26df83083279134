package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Remove takes the environment called name away: its name is free as soon as Remove
// returns, and Sweep deletes it, unless the store keeps it (see Keeping). If the
// environment is a symbolic link, Remove removes the link alone. When someone else is
// making or removing an environment of that name, Remove waits for them. It returns a
// *NameError if no environment can have the name, a *NotFoundError if none has it (a
// directory that is no environment does not count), and the error of ctx if ctx ends
// while it waits.
func (s Store) Remove(ctx context.Context, name string) error {
	// Looked for before locking, which writes, and after, when it counts.
	if err := s.Find(name); err != nil {
		return err
	}
	err := s.remove(ctx, name)
	if err == nil {
		s.Disclaim(name)
	}
	if _, gone := errors.AsType[*NotFoundError](err); gone {
		return err
	}
	if err != nil {
		return fmt.Errorf("removing environment %s: %w", s.Path(name), err)
	}
	return nil
}

func (s Store) remove(ctx context.Context, name string) error {
	lock, err := s.lock(ctx, name)
	switch {
	case err == nil:
		defer lock.release()
	case !isFull(err):
		return err
		// Without room for a lock: removing is one step, and makes room.
	}
	if err := s.Find(name); err != nil {
		return err
	}
	info, err := os.Lstat(s.Path(name))
	if err != nil {
		return disk.Cause(err)
	}
	if s.isTemporary(name) {
		s.command = ""
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return s.removeLink(name)
	}
	return s.putAway(name)
}

// removeLink takes away the environment called name, which is a symbolic link.
func (s Store) removeLink(name string) error {
	if s.command != "" {
		if _, err := s.keep(s.Path(name), name, keptRemoved); !isFull(err) {
			return err
		}
	}
	if err := os.Remove(s.Path(name)); err != nil {
		return fmt.Errorf("deleting the symbolic link: %w", disk.Cause(err))
	}
	s.tellUnkept(name)
	return nil
}

// isFull reports whether the error says that nothing more can be written.
func isFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

// putAway moves the environment called name to where it is kept, or to the trash.
// One in which something is mounted stays: what is there is not the environment's,
// and would go with it.
func (s Store) putAway(name string) error {
	path := s.Path(name)
	if err := checkMounts(path); err != nil {
		return err
	}
	kept := path
	return unmovable(inMovable(path, &kept, func() (err error) {
		kept, err = s.keepOrTrash(path, name, keptRemoved)
		if err != nil {
			kept = path
		}
		return err
	}))
}

// inMovable calls move, which moves the directory at path to what is in to then; ""
// for the trash, where Sweep makes it writable in any case. To move a directory is
// to rewrite the ".." in it, so it is made writable for that.
func inMovable(path string, to *string, move func() error) error {
	chmod := func(mode fs.FileMode) error {
		if *to == "" {
			return nil
		}
		return os.Chmod(*to, mode)
	}
	return disk.InWritable(func() (fs.FileInfo, error) { return os.Lstat(path) }, chmod, move)
}

// unmovable says, where that is known, what makes a directory stay where it is.
func unmovable(err error) error {
	switch {
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("it is a mount point: %w", err)
	case errors.Is(err, unix.EXDEV):
		return fmt.Errorf("it is on another file system than its home, or on a lower layer of an overlay: %w", err)
	}
	return err
}
