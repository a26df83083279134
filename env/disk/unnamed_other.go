//go:build !linux

package disk

import (
	"errors"
	"io/fs"
	"os"
)

// openUnnamed returns nil: this system has no files without a name.
func openUnnamed(string, fs.FileMode) *os.File { return nil }

func nameFile(*os.File, string) error { return errors.ErrUnsupported }
