// Package yaml reads and writes nothing: den's settings are in no such file.
package yaml

import "errors"

// Marshal returns errors.ErrUnsupported.
func Marshal(any) ([]byte, error) { return nil, errors.ErrUnsupported }

// Unmarshal returns errors.ErrUnsupported.
func Unmarshal([]byte, any) error { return errors.ErrUnsupported }
