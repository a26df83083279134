package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// enteredDir, in .den, has an empty file for each environment, which was changed
// when the environment was entered last.
const enteredDir = "entered"

// NoteEntered notes that the environment called name is entered now. It costs one
// system call after the first time. Where nothing can be written, nothing is noted.
func (s Store) NoteEntered(name string) {
	note := s.enteredNote(name)
	now := unix.NsecToTimespec(time.Now().UnixNano())
	err := unix.UtimesNanoAt(unix.AT_FDCWD, note, []unix.Timespec{now, now}, unix.AT_SYMLINK_NOFOLLOW)
	if !errors.Is(err, unix.ENOENT) || s.kind.CheckName(name) != nil || s.makeEnteredDir() != nil {
		return
	}
	file, err := disk.MakeFile(note, os.O_WRONLY|unix.O_NOFOLLOW, 0o600)
	if err == nil {
		file.Close()
	}
}

// makeEnteredDir makes the directory of the notes, where it is missing.
func (s Store) makeEnteredDir() error {
	if err := s.makeStateDir(""); err != nil {
		return err
	}
	return s.makeStateDir(enteredDir)
}

func (s Store) enteredNote(name string) string {
	return filepath.Join(s.stateDir(enteredDir), name)
}

// Entered returns when the environment called name was entered last; the zero time
// if it was not, or nobody has noted it.
func (s Store) Entered(name string) time.Time {
	info, err := os.Lstat(s.enteredNote(name))
	if err != nil || !info.Mode().IsRegular() {
		return time.Time{}
	}
	return info.ModTime()
}

// Made returns when the environment called name was made, as far as the file system
// keeps that, or else when pyvenv.cfg was written; the zero time if neither tells.
func (s Store) Made(name string) time.Time {
	path, err := filepath.EvalSymlinks(s.Path(name))
	if err != nil {
		return time.Time{}
	}
	if born := birthTime(path); born > 0 {
		return time.Unix(0, born)
	}
	if info, err := os.Stat(filepath.Join(path, "pyvenv.cfg")); err == nil {
		return info.ModTime()
	}
	return time.Time{}
}

// moveEntered has the note follow an environment to its new name.
func (s Store) moveEntered(name, to string) {
	os.Rename(s.enteredNote(name), s.enteredNote(to)) // there may be none
}

// dropEntered deletes the note of an environment that had the name before.
func (s Store) dropEntered(name string) {
	os.Remove(s.enteredNote(name)) // there may be none
}

// dropStaleEntered deletes the notes of environments that are neither there nor kept.
func (s Store) dropStaleEntered() {
	entries, err := s.readStateDir(enteredDir)
	if err != nil || len(entries) == 0 {
		return
	}
	kept, err := s.Kept()
	if err != nil {
		return
	}
	mayCome := make(map[string]bool)
	for _, k := range kept {
		mayCome[k.Name] = true
	}
	for _, entry := range entries {
		if _, err := os.Lstat(s.Path(entry.Name())); errors.Is(err, fs.ErrNotExist) && !mayCome[entry.Name()] {
			s.dropEntered(entry.Name())
		}
	}
}
