package layout

import (
	"os"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// clone makes a new file share size bytes of another, from an offset that is
// the start of a block. The last block is shared whole, and then cut.
func clone(file int, source *os.File, offset int64, size int) error {
	blocks := (int64(size) + blockSize - 1) / blockSize * blockSize
	err := unix.IoctlFileCloneRange(file, &unix.FileCloneRange{
		Src_fd:     int64(source.Fd()),
		Src_offset: uint64(offset),
		Src_length: uint64(blocks),
	})
	if err == nil && blocks != int64(size) {
		err = disk.Retry(func() error { return unix.Ftruncate(file, int64(size)) })
	}
	return err
}
