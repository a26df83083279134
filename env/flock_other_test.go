//go:build !linux

package env

import "errors"

const noFlockVariable = "DEN_ENV_TEST_NO_FLOCK"

func forbidFlock(error) error { return errors.ErrUnsupported }
