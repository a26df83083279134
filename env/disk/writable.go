package disk

import (
	"errors"
	"io/fs"
)

// InWritable calls write, which changes a directory. Where the directory turns
// out to be read-only, InWritable makes it writable, calls write again, and gives
// the directory its mode back. stat and chmod are for the directory.
func InWritable(stat func() (fs.FileInfo, error), chmod func(mode fs.FileMode) error, write func() error) error {
	err := write()
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	info, statErr := stat()
	if statErr != nil || info.Mode()&0o200 != 0 || chmod(info.Mode()|0o200) != nil {
		return err
	}
	return errors.Join(write(), chmod(info.Mode()))
}
