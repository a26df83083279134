package bourne

import (
	"os"
	"path/filepath"
	"strings"

	"den/shell"
)

// This file has what ksh and mksh share.

// Ksh returns the record that ksh and mksh have in common. Their language is d, with the
// rest of what they share.
func Ksh(d Dialect) *shell.Shell {
	d.Quoted = shell.QuoteSingle
	d.Builtin = `\command `
	d.SourceBuiltin = `\command `
	d.Assign = AssignAfter
	d.EndsWithFile = true
	d.HasDeactivate = `\command [ -n "${_OLD_VIRTUAL_PATH+x}" ] && \command typeset -f deactivate >/dev/null`
	d.IsTaken = `\command typeset -f DEN_NAME >/dev/null || \command alias DEN_NAME >/dev/null 2>&1`
	d.Guard = GuardBySubshell
	rcFile := "." + d.Name + "rc"
	return &shell.Shell{
		Name:    d.Name,
		Dialect: d,
		Channel: Channel,

		RCFile:          envFile(rcFile),
		RCFileShown:     "~/" + rcFile,
		RCFileElsewhere: "ENV",

		Trial: kshTrial(),

		ActivateName: shell.ActivateName,
		Activate:     Activate,

		Completion: shell.NoCompletion(d.Name + " has no programmable completion"),
	}
}

// envFile returns an RCFile: the file that the variable ENV names, in which the shell
// expands variables, or else the one with that name in the home directory.
func envFile(name string) func(getenv func(string) string) string {
	return func(getenv func(string) string) string {
		home := getenv("HOME")
		file := os.Expand(getenv("ENV"), getenv)
		if below, found := strings.CutPrefix(file, "~/"); found {
			file = filepath.Join(home, below)
		}
		if filepath.IsAbs(file) {
			return file
		}
		return filepath.Join(home, name)
	}
}

// kshTrial says how ksh and mksh are asked about their own start-up files.
func kshTrial() shell.Trial {
	return shell.Trial{
		Parse:    []string{"-n", "/dev/stdin"},
		Ask:      []string{"-i", "-c", ""},
		AskLogin: []string{"-l", "-i", "-c", ""},
		Question: `__den_words=''
case $(\command typeset -f workon):$(\command alias workon 2>/dev/null) in
*__den*) __den_words='workon words' ;;
:) ;;
*) __den_words=workon ;;
esac
\command echo "
` + shell.AnswerMark + `$__den_words." >/dev/tty`,
	}
}
