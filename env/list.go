package env

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// NotFoundError says that Home has no environment called Name.
type NotFoundError struct {
	Name, Home string
	Found      string   // what has the name, and is none: "a directory"; "" for nothing
	Similar    []string // names of environments that may have been meant, best first
}

func (e *NotFoundError) Error() string {
	if e.Found != "" {
		return fmt.Sprintf("no environment named %q: %s is %s", e.Name, filepath.Join(e.Home, e.Name), e.Found)
	}
	return fmt.Sprintf("no environment named %q", e.Name)
}

// Names returns the names of all environments, sorted by byte; none when the
// home does not exist. It costs one reading of the directory and at most two
// lookups for each environment, one for most that is none, by several
// processors at once. A directory that cannot be looked into is passed over.
func (h Home) Names() ([]string, error) {
	return h.names(func(dir int, name string) bool {
		lacks, err := lackingAt(dir, name)
		return err == nil && lacks == ""
	})
}

// LikelyNames returns those of Names that are wanted, at half the cost, and
// none for the others: a person waits for it while they type. For that it takes
// a pyvenv.cfg for an environment without asking for a bin/python beside it.
// wanted is called for several names at once.
func (h Home) LikelyNames(wanted func(name string) bool) ([]string, error) {
	return h.names(func(dir int, name string) bool {
		if !wanted(name) {
			return false
		}
		if found, err := thereAt(dir, name+"/pyvenv.cfg"); found || err != nil {
			return found
		}
		lacks, err := lackingAt(dir, name)
		return err == nil && lacks == ""
	})
}

// names returns the names in the home that can be an environment's, and are in
// the opinion of is, which is asked from the open directory on: that spares the
// kernel the way to it, which would be most of the work.
func (h Home) names(is func(dir int, name string) bool) ([]string, error) {
	dir, err := disk.OpenDir(h.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", h.dir, reason(err))
	}
	defer dir.Close()
	fd := int(dir.Fd())
	var lookups sync.WaitGroup
	var batches []*[]string
	for {
		batch, err := dir.Readdirnames(batchSize)
		if len(batch) == 0 && err != io.EOF {
			lookups.Wait()
			return nil, fmt.Errorf("reading %s: %w", h.dir, reason(err))
		}
		if len(batch) == 0 {
			break
		}
		batches = append(batches, &batch)
		lookups.Go(func() {
			batch = slices.DeleteFunc(batch, func(name string) bool { return CheckName(name) != nil || !is(fd, name) })
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

// List returns all environments, sorted by name, at the cost of Names.
func (h Home) List() ([]Environment, error) {
	names, err := h.Names()
	if err != nil {
		return nil, err
	}
	environments := make([]Environment, len(names))
	for i, name := range names {
		environments[i] = Environment{Name: name, Path: h.Path(name)}
	}
	return environments, nil
}

// Find returns the environment called name. It returns a *NameError when no
// environment can be called so, a *NotFoundError when none is.
func (h Home) Find(name string) (Environment, error) {
	if err := CheckName(name); err != nil {
		return Environment{}, err
	}
	path := h.Path(name)
	lacks, err := lacking(path)
	if err != nil {
		return Environment{}, fmt.Errorf("looking for environment %s: %w", path, err)
	}
	if lacks == "" {
		return Environment{Name: name, Path: path}, nil
	}
	// Without the names there is no suggestion, and still no environment.
	names, _ := h.Names()
	missing := &NotFoundError{Name: name, Home: h.dir, Similar: Similar(name, names)}
	if found, err := there(path); found && err == nil {
		missing.Found = describe(path)
	}
	return Environment{}, missing
}

// lacking says what the directory at path would need to be an environment,
// such as "bin/python", or "" when it is one. It returns an error when that
// cannot be told.
func lacking(path string) (string, error) {
	return lackingAt(unix.AT_FDCWD, path)
}

// lackingAt is lacking for a path that starts at the open directory dir.
func lackingAt(dir int, path string) (string, error) {
	// Almost no other directory has bin/python, so that most are told apart
	// by this lookup alone. It passes through path when that is a link, and
	// not through bin/python, which may dangle.
	if found, err := thereAt(dir, path+"/bin/python"); !found {
		return "bin/python", err
	}
	if found, err := thereAt(dir, path+"/pyvenv.cfg"); found || err != nil {
		return "", err
	}
	// virtualenv, up to version 16, wrote no pyvenv.cfg.
	if found, err := thereAt(dir, path+"/bin/activate"); found || err != nil {
		return "", err
	}
	return "pyvenv.cfg", nil
}

// there reports whether there is something at path, be it a dangling link.
func there(path string) (bool, error) {
	return thereAt(unix.AT_FDCWD, path)
}

// thereAt is there for a path that starts at the open directory dir.
func thereAt(dir int, path string) (bool, error) {
	err := disk.Retry(func() error { return lookAt(dir, path) })
	switch err {
	case nil:
		return true, nil
	case unix.ENOENT, unix.ENOTDIR, unix.ELOOP:
		return false, nil
	}
	return false, &fs.PathError{Op: "lstat", Path: path, Err: err}
}
