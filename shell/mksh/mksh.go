// Package mksh has the record of the MirBSD Korn shell.
package mksh

import (
	"den/shell"
	"den/shell/bourne"
)

// Shell returns the record of mksh.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "mksh",
		Dialect: dialect(),
		Channel: bourne.Channel,

		RCFile:          bourne.EnvFile(".mkshrc"),
		RCFileShown:     "~/.mkshrc",
		RCFileElsewhere: "ENV",

		Trial: bourne.KshTrial(),

		ActivateName: bourne.ActivateName,
		Activate:     bourne.Activate,

		Completion: shell.NoCompletion("mksh has no programmable completion"),
	}
}

func dialect() bourne.Dialect {
	return bourne.Dialect{
		Name:            "mksh",
		Quoted:          shell.QuoteSingle,
		Builtin:         `\command `,
		Local:           `\builtin typeset`,
		Assign:          bourne.AssignAfter,
		AssignPrompt:    bourne.AssignQuoted(bourne.MkshPrompt),
		PromptDelimited: true,
		SourceBuiltin:   `\command `,
		Forget:          "alias -tr",
		EndsWithFile:    true,
		HasDeactivate:   bourne.KshHasDeactivate,
		IsTaken:         bourne.KshIsTaken,
		Guard:           bourne.GuardBySubshell,
	}
}
