// Package afero is the file system for viper: the system's own, and no other.
package afero

import (
	"errors"
	"io/fs"
	"os"
)

// An Fs is a file system that viper reads its file from.
type Fs interface {
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	ReadFile(name string) ([]byte, error)
	Stat(name string) (fs.FileInfo, error)
}

type system struct{}

func (system) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}
func (system) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }
func (system) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// NewOsFs returns the system's file system.
func NewOsFs() Fs { return system{} }

// ReadFile returns the content of a file.
func ReadFile(fsys Fs, name string) ([]byte, error) { return fsys.ReadFile(name) }

// Exists reports whether there is something at the path.
func Exists(fsys Fs, path string) (bool, error) {
	_, err := fsys.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
