package cmd

import (
	"fmt"
	"syscall"

	"den/cmd/hint"
)

// leastFiles is how many files den may need to have open at once. With fewer, the Go
// runtime may end den in the middle of its work, and prints a stack of calls.
const leastFiles = 24

const showLimits = `this shell sets limits, which "ulimit -a" shows; a new one may have others`

// checkLimits returns an error where den cannot open the files that it needs.
func checkLimits() error {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || uint64(files.Max) >= leastFiles {
		return nil
	}
	return hint.With(fmt.Errorf("den may have %d files open here, and needs %d", files.Max, leastFiles), showLimits)
}
