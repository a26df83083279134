package env

import "golang.org/x/sys/unix"

// born is when the file at path was made, in nanoseconds since 1970; 0 when
// that cannot be told.
func born(path string) int64 {
	var stat unix.Stat_t
	if err := unix.Lstat(path, &stat); err != nil {
		return 0
	}
	return stat.Btim.Nano()
}
