//go:build !linux && !darwin

package env

import "errors"

func renameNoReplace(from, to string) error {
	return errors.ErrUnsupported
}

func renameExchange(one, other string) error {
	return errors.ErrUnsupported
}
