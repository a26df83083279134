//go:build !linux

package disk

import "golang.org/x/sys/unix"

// lookAt succeeds when there is something at path, from the open directory dir
// on, be it a dangling link.
func lookAt(dir int, path string) error {
	var stat unix.Stat_t
	return unix.Fstatat(dir, path, &stat, unix.AT_SYMLINK_NOFOLLOW)
}
