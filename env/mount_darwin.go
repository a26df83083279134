package env

import "golang.org/x/sys/unix"

func isMountRoot(int) (is, known bool) { return false, false }

// mountPoints returns the paths at which something is mounted.
func mountPoints() ([]string, error) {
	count, err := unix.Getfsstat(nil, unix.MNT_NOWAIT)
	if err != nil {
		return nil, err
	}
	mounts := make([]unix.Statfs_t, count)
	if count, err = unix.Getfsstat(mounts, unix.MNT_NOWAIT); err != nil {
		return nil, err
	}
	var paths []string
	for _, mount := range mounts[:count] {
		paths = append(paths, unix.ByteSliceToString(mount.Mntonname[:]))
	}
	return paths, nil
}
