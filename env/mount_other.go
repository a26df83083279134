//go:build !linux && !darwin

package env

func isMountRoot(int) (is, known bool) { return false, false }

func mountPoints() ([]string, error) { return nil, nil }
