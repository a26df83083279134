// Package gotenv reads nothing: den's settings are in no such file.
package gotenv

import (
	"errors"
	"io"
)

// StrictParse returns errors.ErrUnsupported.
func StrictParse(io.Reader) (map[string]string, error) { return nil, errors.ErrUnsupported }
