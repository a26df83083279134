//go:build !linux

package store

import "errors"

const noFlockVariable = "DEN_ENV_TEST_NO_FLOCK"

func forbidFlock(error) error { return errors.ErrUnsupported }
