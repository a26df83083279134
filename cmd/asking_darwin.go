package cmd

import (
	"os"

	"golang.org/x/sys/unix"
)

// parentProgram is the name of the program that started this one; "" if that is
// not to be known. A script has the name of its shell.
func parentProgram() string {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", os.Getppid())
	if err != nil {
		return ""
	}
	return unix.ByteSliceToString(info.Proc.P_comm[:])
}
