package disk

import (
	"fmt"
	"strings"
)

// ProcessStat returns the fields of /proc/PID/stat that come after the name, the state
// first (proc_pid_stat(5)). The error is fs.ErrNotExist where there is no such process, or
// no such file system.
func ProcessStat(pid int) ([]string, error) {
	text, err := ReadSmall(fmt.Sprintf("/proc/%d/stat", pid))
	// The name, in parentheses, may have anything in it.
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])), err
}
