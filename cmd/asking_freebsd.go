package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// parentPrograms returns the name of the program that started this one; none if that is
// not to be known. A script has the name of its shell.
func parentPrograms() []string {
	name, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(os.Getppid())).Output()
	if err != nil {
		return nil
	}
	return []string{filepath.Base(strings.TrimSpace(string(name)))}
}
