package variables

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"den/env/disk"
)

// FileName is the name of the file in an environment.
const FileName = "den.env"

// DraftName is the name of a file that a person is editing, which belongs to this
// environment alone.
const DraftName = FileName + ".draft"

// largest bounds a file. Every program gets the variables when it starts, and none
// starts with many times as much.
const largest = 64 << 10

// ErrLink is in the error of Change where the file is a symbolic link, which is
// neither followed nor replaced.
var ErrLink = errors.New("it is a symbolic link")

// Read returns the file of the environment in dir; an empty one where there is none.
// A file that others could have written is a *disk.UntrustedError.
func Read(dir string) (File, error) {
	text, err := ReadText(filepath.Join(dir, FileName))
	return Parse(text), err
}

// ReadText returns the text of a file of variables; nothing where there is none.
func ReadText(path string) ([]byte, error) {
	text, err := disk.ReadTrusted(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && len(text) > largest {
		err = fmt.Errorf("%s is larger than %d KiB", path, largest>>10)
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// Change has change make another text of the file in dir, and writes that with the
// mode 0600. Whoever reads the file meanwhile finds the old text or the new one. Of
// two that change it at once, one waits for the other.
func Change(dir string, change func(old []byte) ([]byte, error)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := disk.LockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	path := filepath.Join(dir, FileName)
	if info, err := root.Lstat(FileName); err == nil && info.Mode().Type() == fs.ModeSymlink {
		return fmt.Errorf("changing %s: %w", path, ErrLink)
	}
	old, err := ReadText(path)
	if err != nil {
		return err
	}
	text, err := change(old)
	switch {
	case err != nil:
		return err
	case len(text) > largest:
		return fmt.Errorf("the variables would be larger than %d KiB", largest>>10)
	case bytes.Equal(text, old):
		return nil
	case len(text) == 0:
		err = root.Remove(FileName)
	default:
		err = disk.ReplaceIn(root, FileName, text, 0o600, disk.Mode(0o600), disk.Sync)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
