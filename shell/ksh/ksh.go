// Package ksh has the record of ksh93, in the edition 93u+m.
package ksh

import (
	"den/shell"
	"den/shell/bourne"
)

// Shell returns the record of ksh.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:       "ksh",
		OtherNames: []string{"ksh93"},
		Dialect:    dialect(),
		Channel:    bourne.Channel,

		RCFile:          bourne.EnvFile(".kshrc"),
		RCFileShown:     "~/.kshrc",
		RCFileElsewhere: "ENV",

		Bare:  []string{"+E"},
		Trial: bourne.KshTrial(),

		ActivateName: bourne.ActivateName,
		Activate:     bourne.Activate,

		Completion: shell.NoCompletion("ksh has no programmable completion"),
	}
}

// dialect says how ksh differs. A function does not see the variables of the one
// that calls it, but for exported ones.
func dialect() bourne.Dialect {
	return bourne.Dialect{
		Name:         "ksh",
		Quoted:       shell.QuoteSingle,
		Builtin:      `\command `,
		Local:        `\command typeset`,
		LocalBelow:   `\command typeset -x`,
		Assign:       bourne.AssignAfter,
		AssignPrompt: bourne.AssignQuoted(bourne.KshPrompt),
		// An interrupt would end all functions, before den has ended. A trap is the
		// function's own. And a subshell that is no process loses what comes on
		// descriptor 3, the first time in a file that a start-up file sources:
		// ulimit makes one of it.
		AdaptCall:     `__den_call="\command trap : INT; ${__den_call/'$('/'$(\command ulimit -t >/dev/null; '}; \command trap - INT"`,
		SourceBuiltin: `\command `,
		EndsWithFile:  true,
		HasDeactivate: bourne.KshHasDeactivate,
		IsTaken:       bourne.KshIsTaken,
		Guard:         bourne.GuardBySubshell,
	}
}
