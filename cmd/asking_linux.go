package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// parentProgram is the name of the program that started this one; "" if that is
// not to be known. A script has the name of its shell.
func parentProgram() string {
	process := fmt.Sprintf("/proc/%d/", os.Getppid())
	if program, err := os.Readlink(process + "exe"); err == nil {
		return filepath.Base(strings.TrimSuffix(program, " (deleted)"))
	}
	name, _ := os.ReadFile(process + "comm")
	return strings.TrimSpace(string(name))
}
