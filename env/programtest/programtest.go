// Package programtest writes programs for tests to start.
package programtest

import (
	"io/fs"
	"os"
	"syscall"
)

// Write is os.WriteFile for a program. No other test starts a program meanwhile. A new
// process inherits the open files for a moment, and a file that is open for writing
// cannot be started (ETXTBSY, https://go.dev/issue/22315).
func Write(path string, content []byte, mode fs.FileMode) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, content, mode)
}
