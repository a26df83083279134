package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed auto.bash
var autoScript string

// Auto returns the Auto of a record: hook is code that has the shell call __den_auto, and
// read begins a command that reads the beginning of a file, whatever is in it.
func Auto(d Dialect, read, hook string) func(shell.Auto) string {
	return func(a shell.Auto) string {
		return strings.NewReplacer("DEN_READ", read, "DEN_HOME", d.Quote(a.Home), "DEN_MODE", a.Mode).Replace(d.own(autoScript + hook))
	}
}
