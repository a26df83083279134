// Package mksh has the record of the MirBSD Korn shell.
package mksh

import (
	_ "embed"

	"den/shell"
	"den/shell/bourne"
)

//go:embed look.mksh
var look string

// Shell returns the record of mksh.
func Shell() *shell.Shell {
	return bourne.Ksh(bourne.Dialect{
		Name:            "mksh",
		Local:           `\builtin typeset`,
		AssignPrompt:    bourne.AssignQuoted(bourne.MkshPrompt),
		PromptDelimited: true,
		Forget:          "alias -tr",
		Look:            look,
		Particular:      []string{"HISTSIZE", "KSHEGID", "KSHGID", "KSHUID", "PGRP", "USER_ID"},
	})
}
