package env

import (
	"golang.org/x/sys/unix"

	"den/env/disk"
)

// LikelyNames returns the wanted names of Names, at half the cost: a person waits
// for it while they type. For that it takes
// a pyvenv.cfg for an environment without asking for a bin/python beside it.
// wanted is called for several names at once.
func (h Home) LikelyNames(wanted func(name string) bool) ([]string, error) {
	return h.Select(func(dir int, name string) bool {
		if !wanted(name) {
			return false
		}
		if found, err := disk.ExistsAt(dir, name+"/pyvenv.cfg"); found || err != nil {
			return found
		}
		lacks, err := lackingAt(dir, name)
		return err == nil && lacks == ""
	})
}

// List returns all environments, sorted by name, at the cost of Names.
func (h Home) List() ([]Environment, error) {
	names, err := h.Names()
	if err != nil {
		return nil, err
	}
	return h.all(names), nil
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
	if found, err := disk.ExistsAt(dir, path+"/bin/python"); !found {
		return "bin/python", err
	}
	if found, err := disk.ExistsAt(dir, path+"/pyvenv.cfg"); found || err != nil {
		return "", err
	}
	// virtualenv, up to version 16, wrote no pyvenv.cfg.
	if found, err := disk.ExistsAt(dir, path+"/bin/activate"); found || err != nil {
		return "", err
	}
	return "pyvenv.cfg", nil
}
