// Package store keeps environments as the directories of one directory, and
// makes, replaces, moves and removes them so that each exists whole or not at
// all, also if it is interrupted, and while other processes work there.
//
// It knows nothing of Python. A Kind says which names and which directories are
// environments; the caller that makes one hands over a function that fills a
// directory. The store leaves other directories, files and names with a leading dot
// alone.
//
// The store's own state is in the directory .den:
//
//	.den/locks/NAME       held while NAME is being made or removed
//	.den/staging/*/NAME   environments being made
//	.den/kept/*/NAME      environments that were taken away, and can come back
//	.den/trash/*          environments that were removed, to be deleted
//	.den/entered/NAME     changed when NAME was entered last
//	.den/owners/NAME      the process that the temporary environment NAME belongs to
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Store is a directory of environments. It need not exist. The zero Store is
// not one; New makes them.
type Store struct {
	dir  string
	kind *Kind
	// command is what takes environments away that are kept, since then; "" where
	// none are.
	command string
	since   int64
	// unkept is called with the name of an environment that there is no room to keep.
	unkept func(name string)
}

// Kind says what an environment is.
type Kind struct {
	// CheckName returns an error unless an environment can have the name. It
	// admits only names that are one component of a path and have no leading dot.
	CheckName func(name string) error
	// Lacks says what the directory at path, which starts at the open directory
	// dir, would need to be an environment, such as "bin/python"; "" when it is
	// one. It returns an error when that cannot be told.
	Lacks func(dir int, path string) (string, error)
}

// New takes dir, an absolute and clean path, as a store of that kind. It does
// not look at the disk.
func New(dir string, kind *Kind) Store {
	return Store{dir: dir, kind: kind}
}

// Fill lays an environment out in dir, an empty directory, as it is to be at
// final.
type Fill = func(ctx context.Context, dir, final string) error

// Dir is the store's path, absolute, without a trailing slash.
func (s Store) Dir() string {
	return s.dir
}

// Path is where the environment called name is, or would be. It does
// not check the name.
func (s Store) Path(name string) string {
	return s.dir + "/" + name
}

// Ensure makes the directory, and the directories above it, where it is missing,
// and reports whether it did: of two processes that call it at once, one does.
func (s Store) Ensure() (created bool, err error) {
	if s.exists() {
		return false, nil
	}
	if err := disk.MkdirAll(filepath.Dir(s.dir), 0o777); err != nil {
		return false, fmt.Errorf("creating %s: %w", s.dir, err)
	}
	err = disk.Mkdir(s.dir, 0o777)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist) && s.exists():
		return false, nil
	case errors.Is(err, fs.ErrExist):
		return false, fmt.Errorf("creating %s: %s stands there: %w", s.dir, describe(s.dir), disk.Cause(err))
	}
	return false, fmt.Errorf("creating %s: %w", s.dir, disk.Cause(err))
}

func (s Store) exists() bool {
	info, err := os.Stat(s.dir)
	return err == nil && info.IsDir()
}

// describe says what stands at path, with its article, for a message.
func describe(path string) string {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return "something"
	case info.IsDir():
		return "a directory"
	case info.Mode().IsRegular():
		return "a file"
	case info.Mode()&fs.ModeSymlink == 0:
		return "a special file"
	}
	target, err := os.Stat(path)
	switch {
	case err != nil:
		return DanglingLink
	case target.IsDir():
		return "a symbolic link to a directory"
	}
	return "a symbolic link to a file"
}

// lacks says what the directory at path would need to be an environment, "" when
// it is one.
func (s Store) lacks(path string) (string, error) {
	return s.kind.Lacks(unix.AT_FDCWD, path)
}

// check returns a *NotEnvironmentError when the directory at path is none.
func (s Store) check(path string) error {
	lacks, err := s.lacks(path)
	if err == nil && lacks != "" {
		return &NotEnvironmentError{Path: path, Reason: "has no " + lacks}
	}
	return err
}

// Find returns nil when there is an environment called name. It returns the
// error of Kind.CheckName when none can be called so, a *NotFoundError when none
// is.
func (s Store) Find(name string) error {
	if err := s.kind.CheckName(name); err != nil {
		return err
	}
	path := s.Path(name)
	lacks, err := s.lacks(path)
	if err != nil {
		return fmt.Errorf("looking for environment %s: %w", path, err)
	}
	if lacks == "" {
		return nil
	}
	missing := &NotFoundError{Name: name, Home: s.dir}
	if found, err := disk.Exists(path); found && err == nil {
		missing.Found = describe(path)
	}
	return missing
}

// Names returns the names of all environments, sorted by byte; none when the
// directory does not exist. It costs one reading of the directory and at most two
// lookups for each environment, one for most that is none, by several
// processors at once. A directory that cannot be looked into is passed over.
func (s Store) Names() ([]string, error) {
	return s.Select(func(dir int, name string) bool {
		lacks, err := s.kind.Lacks(dir, name)
		return err == nil && lacks == ""
	})
}

// Select returns the names in the directory that can be an environment's, and are in
// the opinion of is, which is asked from the open directory on: that spares the
// kernel the way to it, which would be most of the work.
func (s Store) Select(is func(dir int, name string) bool) ([]string, error) {
	dir, err := disk.OpenDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.dir, disk.Cause(err))
	}
	defer dir.Close()
	fd := int(dir.Fd())
	var lookups sync.WaitGroup
	var batches []*[]string
	for {
		batch, err := dir.Readdirnames(batchSize)
		if len(batch) == 0 && err != io.EOF {
			lookups.Wait()
			return nil, fmt.Errorf("reading %s: %w", s.dir, disk.Cause(err))
		}
		if len(batch) == 0 {
			break
		}
		batches = append(batches, &batch)
		lookups.Go(func() {
			batch = slices.DeleteFunc(batch, func(name string) bool { return s.kind.CheckName(name) != nil || !is(fd, name) })
		})
	}
	lookups.Wait()
	names := []string{}
	for _, batch := range batches {
		names = append(names, *batch...)
	}
	slices.Sort(names)
	return names, nil
}

// batchSize is how many lookups are worth a goroutine.
const batchSize = 256
