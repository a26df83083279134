//go:build !linux

package env

import (
	"errors"
	"os"
)

// syncFileSystem is for Linux, the only system that has it.
func syncFileSystem(*os.File) error {
	return errors.ErrUnsupported
}
