package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed auto.bash
var autoScript string

// Auto returns the Auto of a record: hook is code that has the shell call __den_auto.
func Auto(d Dialect, hook string) func(shell.Auto) string {
	return func(a shell.Auto) string {
		return strings.NewReplacer("DEN_HOME", d.Quote(a.Home), "DEN_MODE", a.Mode).Replace(d.own(autoScript + hook))
	}
}
