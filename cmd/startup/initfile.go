package startup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"den/env/disk"
)

// Wrapper is what stands in place of a shell for virtualenvwrapper's functions.
const Wrapper = "virtualenvwrapper"

// InitFileName is the name of the init file of a shell, or of Wrapper for both of its
// shells.
func InitFileName(name string) string { return "init." + name }

// WriteInitFile writes a script that shells source, if its content changes. If others
// could write the file, WriteInitFile returns an error.
func WriteInitFile(path, script string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if old, readErr := disk.ReadTrusted(path); err == nil && readErr == nil && string(old) == script && info.Mode().Perm() == mode {
		now := time.Now() // for shells to see that it is newer than the settings
		return disk.Retry(func() error { return os.Chtimes(path, now, now) })
	}
	if err := disk.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := checkInitDir(filepath.Dir(path)); err != nil {
		return err
	}
	return Write(path, script, mode, nil)
}

// ReplaceBehind is f.Replace for a file with lines that source an init file. It first calls
// write to make the init file, for a shell may start at any moment. If it fails, it removes
// an init file that was not there before.
func (f File) ReplaceBehind(initFile string, write func() error, changed string) (backup string, err error) {
	_, err = os.Stat(initFile)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err = write(); err == nil {
		backup, err = f.Replace(changed)
	}
	if err != nil && isNew {
		err = errors.Join(err, RemoveInitFile(initFile))
	}
	return backup, err
}

// checkInitDir returns an error for a directory in which others could put what
// every new shell would source. Where this is root in a person's home, that is the
// person's, as the start-up files are.
func checkInitDir(dir string) error {
	if person := disk.PersonOf(dir); person != "" && person == disk.PersonOf(os.Getenv("HOME")) {
		return nil
	}
	return disk.CheckTrustOf(dir)
}

// RemoveInitFile removes an init file. Shells that have loaded it do not need it any more.
func RemoveInitFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // unless something else is in it
	return nil
}
