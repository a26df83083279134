// Package csh has what csh and tcsh need to enter an environment. den does not
// speak to them: they have no functions, and hardly any quoting.
package csh

import (
	_ "embed"
	"fmt"
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
		"# set variables\n", setVariables(a.Variables),
		"RESTORE; ", restoreVariables(a.Variables),
		"DEN_PREFIX", quote(strings.NewReplacer(`%`, `%%`, `!`, `\!`).Replace(a.Prefix())),
	).Replace(activate)
}

// setVariables is code that sets variables, and notes what they were and are.
func setVariables(variables []shell.Set) string {
	var b strings.Builder
	for _, v := range variables {
		fmt.Fprintf(&b, "if ($?%s) then\n    set _den_was_%s = $%s:q\nendif\n", v.Name, v.Name, v.Name)
		fmt.Fprintf(&b, "setenv %s %s\nset _den_put_%s = $%s:q\n", v.Name, quote(v.Value), v.Name, v.Name)
	}
	return b.String()
}

// restoreVariables is code for the alias deactivate, in which there is no if: it puts
// a variable back that has the value that setVariables gave it.
func restoreVariables(variables []shell.Set) string {
	var b strings.Builder
	for _, v := range variables {
		b.WriteString(strings.NewReplacer("NAME", v.Name).Replace(
			"test $?NAME = 1 && test x$NAME:q = x$_den_put_NAME:q && unsetenv NAME && set _den_back; " +
				"test $?_den_back$?_den_was_NAME = 11 && setenv NAME $_den_was_NAME:q; " +
				"unset _den_back _den_was_NAME _den_put_NAME; "))
	}
	return b.String()
}

// quote quotes for csh, where even in single quotes an exclamation mark and
// the end of a line need a backslash.
func quote(text string) string {
	return "'" + strings.NewReplacer(`'`, `'\''`, `!`, `\!`, "\n", "\\\n").Replace(text) + "'"
}
