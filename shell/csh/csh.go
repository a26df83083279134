// Package csh has what csh and tcsh need to enter an environment. den does not
// speak to them: they have no functions, and hardly any quoting.
package csh

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed activate.csh
var activate string

// ActivateName is the file name of the script that Activate returns.
const ActivateName = "activate.csh"

// Activate returns the script bin/activate.csh.
func Activate(a shell.Activation) string {
	return strings.NewReplacer(
		"DEN_PATH", quote(a.Path),
		"DEN_PROMPT", quote(a.Prompt),
		"DEN_PREFIX", quote(strings.NewReplacer(`%`, `%%`, `!`, `\!`).Replace(a.Prefix())),
	).Replace(activate)
}

// quote quotes for csh, where even in single quotes an exclamation mark and
// the end of a line need a backslash.
func quote(text string) string {
	return "'" + strings.NewReplacer(`'`, `'\''`, `!`, `\!`, "\n", "\\\n").Replace(text) + "'"
}
