package store

// This file has what den asks of FreeBSD alone.

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// bootID is when the kernel was started. Setting the clock changes it; then those
// from before count as unknown.
func bootID() string {
	started, err := unix.SysctlTimeval("kern.boottime")
	if err != nil {
		return ""
	}
	return fmt.Sprint(started.Sec)
}

// processSpace names the jail, from which processes in others are not seen.
func processSpace() string {
	name, _ := os.Hostname()
	return name
}

// machineID is not known: bootID would tell too little beside it.
func machineID() string { return "" }

// The layout of struct kinfo_proc (sys/user.h), where a long has eight bytes.
const (
	processSize = 1088
	startedAt   = 336 // ki_start, a struct timeval
	stateAt     = 388 // ki_stat
	zombie      = 5   // SZOMB in sys/proc.h
)

// startOf tells when a process was started.
func startOf(pid int) (string, error) {
	info, err := unix.SysctlRaw("kern.proc.pid", pid)
	if err != nil {
		return "", err
	}
	if len(info) != processSize {
		return "", errors.ErrUnsupported
	}
	if info[stateAt] == zombie {
		return "", errEnded
	}
	return fmt.Sprintf("%x", info[startedAt:startedAt+16]), nil
}

// renameNoReplace and renameExchange: FreeBSD has no such calls.
func renameNoReplace(_, _ string) error { return errors.ErrUnsupported }

func renameExchange(_, _ string) error { return errors.ErrUnsupported }

// syncFileSystem: FreeBSD has no such call.
func syncFileSystem(*os.File) error {
	return errors.ErrUnsupported
}
