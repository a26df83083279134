// Package bash has the record of bash, 3.2 and later.
package bash

import (
	_ "embed"
	"path/filepath"
	"strings"

	"den/shell"
	"den/shell/bourne"
)

var (
	//go:embed complete.bash
	completion string
	//go:embed keys.bash
	keys string
	//go:embed prompt.bash
	promptQuestion string
	//go:embed hang.bash
	hang string
	//go:embed unhang.bash
	unhang string
)

//go:embed auto.bash
var auto string

// Shell returns the record of bash.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "bash",
		Dialect: dialect(),
		Channel: bourne.Channel,

		RCFile:       func(getenv func(string) string) string { return filepath.Join(getenv("HOME"), ".bashrc") },
		RCFileShown:  "~/.bashrc",
		LoginFiles:   []string{".bash_profile", ".bash_login", ".profile"},
		WrapperFiles: []string{".bashrc", ".bash_profile", ".bash_login", ".profile", ".bash_aliases"},

		Bare:  []string{"--noprofile", "--norc"},
		Trial: trial(),

		ActivateName: shell.ActivateName,
		Activate:     bourne.Activate,

		Completion: shell.Completion{
			Script: func(i shell.Integration) string { return bourne.Completion(completion, i) },
			File:   func() string { return strings.Replace(completion, shell.NameList, "den", 1) },
			Place:  "share/bash-completion/completions/den",
			Needs:  "the package bash-completion",
			Form:   shell.CompletionOfLine,
		},

		Keys: keys,
		Auto: bourne.Auto(dialect(), `IFS= \builtin read -r -d '' -n 4096`, auto),
	}
}

func dialect() bourne.Dialect {
	return bourne.Dialect{
		Name:         "bash",
		Quoted:       shell.QuoteEscaped,
		Local:        `\builtin local`,
		Builtin:      `\builtin `,
		Assign:       bourne.AssignAfter,
		AssignPrompt: bourne.AssignQuoted(bourne.BashPrompt),
		// Not builtin: what it calls forgets, in bash, that errexit is to be
		// ignored here.
		SourceBuiltin: `\command `,
		EndsWithFile:  true, // bash 3.2
		HasDeactivate: `\builtin [ -n "${_OLD_VIRTUAL_PATH+x}" ] && \builtin declare -F deactivate >/dev/null`,
		IsTaken:       `\builtin declare -F DEN_NAME >/dev/null || \builtin alias DEN_NAME >/dev/null 2>&1`,
		Guard:         bourne.GuardByLocal,
		Look:          bourne.HangLook,
		Hang:          hang,
		Unhang:        unhang,
	}
}

// trial says how bash is asked about its own start-up files.
func trial() shell.Trial {
	return shell.Trial{
		Parse: []string{"--norc", "-n", "/dev/stdin"},
		// With -c, bash would set BASH_EXECUTION_STRING, by which some start-up
		// files decide whether to become another shell.
		Ask:       []string{"--rcfile", "/dev/fd/3", "-i"},
		AskLogin:  []string{"-l", "-i", "-c", ""},
		LoginOnly: []string{".bash_profile", ".bash_login", ".profile"},
		// A name is expanded once, when the prompt is shown, and so is no code.
		ShowPrompt: `show_env() { PS1='${VIRTUAL_ENV_PROMPT:+($VIRTUAL_ENV_PROMPT) }'$PS1; }; PROMPT_COMMAND+=$'\nshow_env'`,
		Question: `__den_words=''
case $(\builtin type -t workon):$(\builtin declare -f workon) in
function:*__den*) __den_words='workon words' ;;
:*) ;;
*) __den_words=workon ;;
esac
if \builtin complete -p workon >/dev/null 2>&1; then __den_words="$__den_words completion"; fi
` + promptQuestion + `\builtin printf '\n` + shell.AnswerMark + `%s.\n' "$__den_words" >/dev/tty`,
	}
}
