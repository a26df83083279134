//go:build !linux && !darwin

package env

func born(string) int64 { return 0 }
