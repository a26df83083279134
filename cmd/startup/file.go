// Package startup reads and changes the files that a shell reads when it starts. It
// changes the lines that load den or virtualenvwrapper, checks the result with the
// shell's own parser, and starts the shell once to see if it has den's words.
package startup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"den/cmd/hint"
	"den/env/disk"
)

// A File is a start-up file as it was read. One that is not there yet is empty.
type File struct {
	Path    string
	Content string

	target string      // the file that Path leads to, if it is a link
	info   fs.FileInfo // nil where there is no file yet
}

// A DanglingError says that a start-up file is a link that leads nowhere.
type DanglingError struct{ Path, Target string }

func (e *DanglingError) Error() string {
	return fmt.Sprintf("%s is a link to %s, which is not there", e.Path, e.Target)
}

// Read reads the start-up file at path; one that is not there is empty. The error
// says how to go on.
func Read(path string) (File, error) {
	file, err := Open(path)
	var dangling *DanglingError
	switch {
	case errors.As(err, &dangling):
		return file, hint.With(err, "make what it leads to: mkdir -p %s && touch %s", hint.Path(filepath.Dir(dangling.Target)), hint.Path(dangling.Target))
	case errors.Is(err, disk.ErrNotRegular):
		return file, hint.With(fmt.Errorf("reading your start-up file: %w", err), "move it away, and try again: mv %s %s.old", hint.Path(path), hint.Path(path))
	case err != nil:
		return file, fmt.Errorf("reading your start-up file: %w", err)
	}
	return file, nil
}

// Open reads any file, not only a start-up file. The error is disk.ErrNotRegular if the
// file is neither a regular file nor a link to one, and a *DanglingError if it is a link
// that leads nowhere.
func Open(path string) (File, error) {
	f := File{Path: path, target: path}
	content, err := disk.ReadSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		link, err := os.Readlink(path)
		if err != nil {
			return f, nil
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(path), link)
		}
		return f, &DanglingError{path, link}
	}
	if err != nil {
		return f, err
	}
	f.Content = string(content)
	if f.target, err = filepath.EvalSymlinks(path); err != nil {
		return f, err
	}
	f.info, err = os.Stat(f.target)
	return f, err
}

// Names is how many names the file has: more than one where there are hard links
// to it.
func (f File) Names() int {
	if f.info == nil {
		return 1
	}
	if stat, ok := f.info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Nlink)
	}
	return 1
}

// Replace writes the changed content to the file. If there was a file, it first saves the
// old content beside it, and returns the path of this backup. A file has one backup: a
// later one replaces it, and Replace deletes it when the file again has the saved
// content. Replace deletes an empty file without a backup, for Replace has made it. If
// Path is a link, Replace replaces the file that it leads to. It writes into a file with
// several names, so that it stays one file. If somebody has changed the file since it was
// read, Replace changes nothing and returns an error.
func (f File) Replace(changed string) (backup string, err error) {
	if err := f.checkReplaceable(); err != nil {
		return "", err
	}
	if f.info == nil {
		return "", f.write(changed)
	}
	mode := f.info.Mode().Perm()
	backup = f.target + ".den-backup"
	saved, err := disk.ReadSmall(backup)
	hadBackup := err == nil
	if changed == "" && errors.Is(err, fs.ErrNotExist) {
		return "", os.Remove(f.target)
	}
	if hadBackup && string(saved) == changed {
		if err := f.write(changed); err != nil {
			return "", err
		}
		return "", os.Remove(backup)
	}
	if err := Write(backup, f.Content, mode, f.info); err != nil {
		return "", err
	}
	if err := f.write(changed); err != nil { // the file is as it was
		if hadBackup {
			return "", errors.Join(err, Write(backup, string(saved), mode, f.info))
		}
		return "", errors.Join(err, os.Remove(backup))
	}
	return backup, nil
}

// Put is Replace without a backup.
func (f File) Put(changed string) error {
	if err := f.checkReplaceable(); err != nil {
		return err
	}
	return f.write(changed)
}

// checkReplaceable returns an error where somebody has changed the file since it was
// read, or it is read-only.
func (f File) checkReplaceable() error {
	now, err := Open(f.Path)
	if err != nil {
		return err
	}
	if now.Content != f.Content || now.target != f.target || (now.info == nil) != (f.info == nil) {
		return fmt.Errorf("%s has just been changed by another program: try again", f.Path)
	}
	if f.info != nil && f.info.Mode().Perm()&0o200 == 0 {
		return &fs.PathError{Op: "writing", Path: f.target, Err: errors.New("the file is read-only")}
	}
	return nil
}

// write writes the whole file, which need not be there yet.
func (f File) write(content string) error {
	if f.info == nil {
		if err := disk.MkdirAll(filepath.Dir(f.target), 0o755); err != nil {
			return err
		}
		return Write(f.target, content, 0o644, nil)
	}
	if f.Names() == 1 {
		return Write(f.target, content, f.info.Mode().Perm(), f.info)
	}
	file, err := os.OpenFile(f.target, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if err = overwrite(file, content); err != nil {
		return errors.Join(err, overwrite(file, f.Content))
	}
	return nil
}

// overwrite makes content all that is in the file.
func overwrite(file *os.File, content string) error {
	if _, err := file.WriteAt([]byte(content), 0); err != nil {
		return err
	}
	if err := file.Truncate(int64(len(content))); err != nil {
		return err
	}
	return file.Sync()
}

// Write writes a file aside and renames it into place, with the owner of like, if
// there is one, which matters when root changes a person's file.
func Write(path, content string, mode fs.FileMode, like fs.FileInfo) error {
	return disk.Replace(path, []byte(content), 0o600, disk.Mode(mode), func(f *os.File) error {
		stat, ok := (*syscall.Stat_t)(nil), false
		if like != nil {
			stat, ok = like.Sys().(*syscall.Stat_t)
		}
		if !ok || os.Geteuid() != 0 {
			return nil
		}
		return f.Chown(int(stat.Uid), int(stat.Gid))
	}, disk.Sync)
}
