package disk

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// KeepFiles keeps from the programs that this process starts what whoever started it has
// open beside the standard three, such as a lock, or the pipe to a process substitution:
// who waits for that would wait for them to end.
func KeepFiles() {
	entries, _ := os.ReadDir("/dev/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
}
