package env

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// isMountRoot reports whether the open directory is a mount's uppermost, and
// whether the kernel tells (Linux 5.8 and later do).
func isMountRoot(fd int) (is, known bool) {
	var stat unix.Statx_t
	err := disk.Retry(func() error { return unix.Statx(fd, "", unix.AT_EMPTY_PATH, 0, &stat) })
	known = err == nil && stat.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT != 0
	return stat.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0, known
}

// mountPoints returns the paths at which something is mounted: the fifth field
// of each line, in which blanks and backslashes are octal (proc_pid_mountinfo(5)).
func mountPoints() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.SplitN(line, " ", 6); len(fields) == 6 {
			paths = append(paths, unescapeOctal(fields[4]))
		}
	}
	return paths, nil
}

func unescapeOctal(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if c, err := strconv.ParseUint(after[:min(3, len(after))], 8, 8); err == nil && len(after) >= 3 {
			b.WriteByte(byte(c))
			after = after[3:]
		} else {
			b.WriteByte('\\')
		}
		text = after
	}
}
