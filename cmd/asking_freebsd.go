package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// parentProgram is the name of the program that started this one; "" if that is
// not to be known. A script has the name of its shell.
func parentProgram() string {
	name, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(os.Getppid())).Output()
	if err != nil {
		return ""
	}
	return filepath.Base(strings.TrimSpace(string(name)))
}
