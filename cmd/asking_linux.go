package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// parentPrograms returns the names of the program that started this one: first the shell
// of a script, then the script, for a shell may be one. xonsh is a script of Python.
func parentPrograms() []string {
	process := fmt.Sprintf("/proc/%d/", os.Getppid())
	var names []string
	if program, err := os.Readlink(process + "exe"); err == nil {
		names = append(names, filepath.Base(strings.TrimSuffix(program, " (deleted)")))
	}
	name, _ := os.ReadFile(process + "comm")
	return append(names, strings.TrimSpace(string(name)))
}
