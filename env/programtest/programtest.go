// Package programtest writes programs for tests to start.
package programtest

import (
	"io/fs"
	"os"
	"syscall"
)

// Write is os.WriteFile for a file that is to be started: it keeps other tests
// from starting theirs meanwhile. A program that is started inherits, for a
// moment, what is open, and a file that is open to be written cannot be started
// (ETXTBSY, https://go.dev/issue/22315).
func Write(path string, content []byte, mode fs.FileMode) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, content, mode)
}
