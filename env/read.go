package env

import (
	"io/fs"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// longestNote is more than any note of an environment has, in bytes.
const longestNote = 1 << 20

// readNote is os.ReadFile for the small files of an environment, at a third of
// the system calls: what reads the notes of hundreds of environments, to list or
// to complete them, does little else. One that somebody has put there to be
// waited for, such as a pipe, is empty, and one without an end is an error, EFBIG.
// The error is a *fs.PathError.
func readNote(path string) ([]byte, error) {
	fd, err := disk.OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	text := make([]byte, 0, 1024)
	for {
		n, err := disk.Read(fd, text[len(text):cap(text)])
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: path, Err: err}
		}
		if n == 0 {
			return text, nil
		}
		text = text[:len(text)+n]
		if len(text) > longestNote {
			return nil, &fs.PathError{Op: "read", Path: path, Err: unix.EFBIG}
		}
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
	}
}
