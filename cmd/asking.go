package cmd

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"den/cmd/paths"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// askingShell returns the shell from which the person calls den: the one with the
// integration, or the program that started den, or else, where that is no shell,
// the one that they have at login.
func (a *app) askingShell() (*shell.Shell, error) {
	if a.shell != nil {
		return a.shell, nil
	}
	for _, parent := range parentPrograms() {
		if d, err := shells.ByName(parent); err == nil {
			return d, nil
		}
		if isShell(parent) {
			return nil, fmt.Errorf("this shell is %s, which den does not speak", parent)
		}
	}
	login := os.Getenv("SHELL")
	d, err := shells.ByName(login)
	if err != nil {
		return nil, fmt.Errorf("your shell ($SHELL) is %q, which den does not speak", login)
	}
	return d, nil
}

// isShell reports whether a program is one of the shells of this system.
func isShell(name string) bool {
	text, _ := disk.ReadSmall("/etc/shells")
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if line := lines.Text(); filepath.IsAbs(line) && filepath.Base(line) == name {
			return true
		}
	}
	return false
}

// denWord is how a line that a person types here calls this den.
func denWord() string {
	this, err := os.Executable()
	first, missing := exec.LookPath("den")
	if err == nil && missing == nil && disk.IsSame(first, this) {
		return "den"
	}
	return paths.Short(programPath())
}
