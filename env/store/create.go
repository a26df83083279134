package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"den/env/disk"
)

// Create makes the environment called name. It calls fill to lay it out in dir, an empty
// directory called name, with final as the path in its files. Create writes all of it to
// the disk and then moves it to final. Whatever happens, even a power cut, the
// environment is at final whole or not at all. After an error, or if fill panics, nothing
// of it is left. Create also deletes what dens that were killed have left behind.
//
// The home is made where it is missing. When someone else is making or removing an
// environment of that name, Create waits for them. It returns a *NameError if no
// environment can have the name, an *ExistsError if anything has it already, a
// *NotEnvironmentError if fill made no environment, the error of ctx if ctx ends before
// the environment is in place, and the error of fill.
func (s Store) Create(ctx context.Context, name string, fill Fill) error {
	if err := s.kind.CheckName(name); err != nil {
		return err
	}
	err := s.create(ctx, name, fill)
	if _, taken := errors.AsType[*ExistsError](err); taken || err == nil {
		return err
	}
	return fmt.Errorf("making environment %s: %w", s.Path(name), err)
}

// CreateInPlace is Create for what can be made only at its path. fill makes it
// there, so that it is not whole at once; if it fails, what it has left is moved
// to the trash.
func (s Store) CreateInPlace(ctx context.Context, name string, fill func(ctx context.Context) error) error {
	if err := s.kind.CheckName(name); err != nil {
		return err
	}
	return s.whileVacant(ctx, name, func() error {
		err := fill(ctx)
		if err != nil {
			err = explain(ctx, err)
		} else {
			err = s.check(s.Path(name))
		}
		if err != nil {
			s.moveToTrash(s.Path(name)) // it may have left nothing
			return fmt.Errorf("making environment %s: %w", s.Path(name), err)
		}
		return nil
	})
}

func (s Store) create(ctx context.Context, name string, fill Fill) error {
	return s.whileVacant(ctx, name, func() error {
		return s.inStage(ctx, func(st *stage) error {
			dir, err := st.make(ctx, name, fill)
			if err != nil {
				return err
			}
			s.dropEntered(name)
			return s.publish(name, dir)
		})
	})
}

// whileVacant calls do with the lock of a name that nothing has.
func (s Store) whileVacant(ctx context.Context, name string, do func() error) error {
	// Looked at before locking, which writes, so that a name is said to be
	// taken even where nothing can be written, and after, when it counts.
	if err := s.vacant(name); err != nil {
		return err
	}
	if _, err := s.Ensure(); err != nil {
		return err
	}
	lock, err := s.lock(ctx, name)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := s.vacant(name); err != nil {
		return err
	}
	return do()
}

// vacant returns an *ExistsError when something has the name.
func (s Store) vacant(name string) error {
	path := s.Path(name)
	found, err := disk.Exists(path)
	if err != nil {
		return err
	}
	if !found {
		return nil
	}
	if lacks, err := s.lacks(path); err == nil && lacks == "" {
		return &ExistsError{Name: name, Path: path}
	}
	return &ExistsError{Name: name, Path: path, Found: describe(path)}
}

// publish gives the environment in dir its name.
func (s Store) publish(name, dir string) error {
	path := s.Path(name)
	if err := renameNew(dir, path); err != nil {
		// Someone who does not know of the lock may have been quicker.
		if taken := s.vacant(name); taken != nil {
			return taken
		}
		return fmt.Errorf("moving %s to %s: %w", dir, path, disk.Cause(err))
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		// The environment may not last, so it is taken back.
		os.Rename(path, dir)
		return err
	}
	return nil
}
