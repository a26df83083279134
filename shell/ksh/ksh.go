// Package ksh has the record of ksh93, in the edition 93u+m.
package ksh

import (
	_ "embed"

	"den/shell"
	"den/shell/bourne"
)

//go:embed look.ksh
var look string

// Shell returns the record of ksh.
func Shell() *shell.Shell {
	s := bourne.Ksh(bourne.Dialect{
		Name: "ksh",
		// A function does not see the variables of the one that calls it, but for
		// exported ones.
		Local:        `\command typeset`,
		LocalBelow:   `\command typeset -x`,
		AssignPrompt: bourne.AssignQuoted(bourne.KshPrompt),
		// An interrupt would end all functions, before den has ended. A trap is the
		// function's own. And a subshell that is no process loses what comes on
		// descriptor 3, the first time in a file that a start-up file sources:
		// ulimit makes one of it.
		AdaptCall:  `__den_call="\command trap : INT; ${__den_call/'$('/'$(\command ulimit -t >/dev/null; '}; \command trap - INT"`,
		Look:       look,
		Particular: []string{"JOBMAX"},
	})
	s.OtherNames = []string{"ksh93"}
	s.Bare = []string{"+E"}
	return s
}
