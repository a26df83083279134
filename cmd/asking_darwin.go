package cmd

import (
	"os"

	"golang.org/x/sys/unix"
)

// parentPrograms returns the name of the program that started this one; none if that is
// not to be known. A script has the name of its shell.
func parentPrograms() []string {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", os.Getppid())
	if err != nil {
		return nil
	}
	return []string{unix.ByteSliceToString(info.Proc.P_comm[:])}
}
