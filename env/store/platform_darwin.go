package store

// This file has what den asks of macOS alone.

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// bootID is a random number that the kernel makes when it starts.
func bootID() string {
	id, _ := unix.Sysctl("kern.bootsessionuuid")
	return id
}

// processSpace is the same for all processes: there are no containers.
func processSpace() string { return "" }

// machineID is the number of the machine (gethostuuid(2)).
func machineID() string {
	var id [16]byte
	var wait unix.Timespec
	_, _, errno := unix.Syscall(unix.SYS_GETHOSTUUID, uintptr(unsafe.Pointer(&id)), uintptr(unsafe.Pointer(&wait)), 0)
	if errno != 0 {
		return ""
	}
	return fmt.Sprintf("%x", id)
}

// zombie is the state of a process that has ended (SZOMB in sys/proc.h).
const zombie = 5

// startOf tells when a process was started.
func startOf(pid int) (string, error) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return "", err
	}
	if info.Proc.P_stat == zombie {
		return "", errEnded
	}
	start := info.Proc.P_starttime
	return fmt.Sprintf("%d.%06d", start.Sec, start.Usec), nil
}

func renameNoReplace(from, to string) error {
	return unix.RenamexNp(from, to, unix.RENAME_EXCL)
}

func renameExchange(one, other string) error {
	return unix.RenamexNp(one, other, unix.RENAME_SWAP)
}

// syncFileSystem: macOS has no such call.
func syncFileSystem(*os.File) error {
	return errors.ErrUnsupported
}
