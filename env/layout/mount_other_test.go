//go:build !linux

package layout

import "errors"

// mountSmall is for Linux.
func mountSmall(string, int) (unmount func(), err error) { return nil, errors.ErrUnsupported }
