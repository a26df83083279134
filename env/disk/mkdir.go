package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// MkdirAll is os.MkdirAll, but directories that root makes below another person's
// directory belong to that person, who could not use them otherwise.
func MkdirAll(path string, perm fs.FileMode) error {
	if os.Geteuid() != 0 {
		return os.MkdirAll(path, perm)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if err := MkdirAll(parent, perm); err != nil {
		return err
	}
	err := Mkdir(path, perm)
	if errors.Is(err, fs.ErrExist) {
		return os.MkdirAll(path, perm) // which knows whether it will do
	}
	return err
}

// Mkdir is os.Mkdir, and gives what root makes to the owner of the directory that
// it is in.
func Mkdir(path string, perm fs.FileMode) error {
	if os.Geteuid() != 0 {
		return os.Mkdir(path, perm)
	}
	// The owner may put something else in its place meanwhile.
	parent, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer parent.Close()
	if err := Retry(func() error { return parent.Mkdir(filepath.Base(path), perm) }); err != nil {
		return err
	}
	var info fs.FileInfo
	if err := Retry(func() error { info, err = parent.Stat("."); return err }); err != nil {
		return err
	}
	id, group, found := heir(info)
	if !found {
		return nil
	}
	return Retry(func() error { return parent.Lchown(filepath.Base(path), id, group) })
}

// MkdirAllIn is root.MkdirAll, tried again when a signal interrupts it.
func MkdirAllIn(root *os.Root, path string, perm fs.FileMode) error {
	err := Retry(func() error {
		info, err := root.Stat(path)
		if err == nil && !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
		}
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return Retry(func() error { return root.MkdirAll(path, perm) })
}
