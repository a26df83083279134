// Package zsh has the record of zsh, 5.3 and later.
package zsh

import (
	_ "embed"
	"path/filepath"

	"den/shell"
	"den/shell/bourne"
)

var (
	//go:embed complete.zsh
	completion string
	//go:embed register.zsh
	registration string
	//go:embed keys.zsh
	keys string
	//go:embed prompt.zsh
	promptQuestion string
	//go:embed auto.zsh
	auto string
	//go:embed hang.zsh
	hang string
	//go:embed unhang.zsh
	unhang string
)

// Shell returns the record of zsh.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "zsh",
		Dialect: dialect(),
		Channel: bourne.Channel,

		RCFile:          rcFile,
		RCFileShown:     "~/.zshrc",
		RCFileElsewhere: "ZDOTDIR",
		WrapperFiles:    []string{".zshrc", ".zshenv", ".zprofile", ".zlogin"},

		Bare:  []string{"-f"},
		Trial: trial(),

		ActivateName: shell.ActivateName,
		Activate:     bourne.Activate,

		Completion: shell.Completion{
			Script: func(i shell.Integration) string { return bourne.Completion(completion+registration, i) },
			File:   func() string { return "#compdef den\n\n" + completion + "\n_den \"$@\"\n" },
			Place:  "share/zsh/site-functions/_den",
			Form:   shell.CompletionOfWordsRooted,
		},

		Keys: keys,
		Auto: bourne.Auto(dialect(), `IFS= \builtin read -r -u 0 -k 4096`, auto),
	}
}

func rcFile(getenv func(string) string) string {
	dir := getenv("ZDOTDIR")
	if dir == "" {
		dir = getenv("HOME")
	}
	return filepath.Join(dir, ".zshrc")
}

func dialect() bourne.Dialect {
	return bourne.Dialect{
		Name:          "zsh",
		Quoted:        shell.QuoteEscaped,
		Local:         `\builtin local`,
		Builtin:       `\builtin `,
		Assign:        bourne.AssignAtOnce,
		AssignPrompt:  bourne.AssignQuoted(bourne.ZshPrompt),
		AssignGlobal:  `\builtin typeset -g `,
		CdSilently:    "-q ",
		SourceBuiltin: `\builtin `,
		IsTaken:       `\builtin typeset -f DEN_NAME >/dev/null || \builtin alias DEN_NAME >/dev/null 2>&1`,
		HasDeactivate: `\builtin [ -n "${_OLD_VIRTUAL_PATH+x}" ] && \builtin typeset -f deactivate >/dev/null`,
		Guard:         bourne.GuardByType,
		Particular:    []string{"HISTSIZE", "KEYBOARD_HACK", "LISTMAX", "SAVEHIST"},
		Look:          bourne.HangLook,
		Hang:          hang,
		Unhang:        unhang,
		HangsOnCd:     true,
	}
}

// trial says how zsh is asked about its own start-up files.
func trial() shell.Trial {
	return shell.Trial{
		Parse:          []string{"-fn", "/dev/stdin"},
		MendCompletion: "autoload -Uz compinit && compinit",
		Ask:            []string{"-i", "-c", ""},
		AskLogin:       []string{"-l", "-i", "-c", ""},
		LoginOnly:      []string{".zprofile", ".zlogin"},
		ShowPrompt:     `show_env() { psvar[1]=$VIRTUAL_ENV_PROMPT; PS1="%(1V.(%1v) .)$PS1"; }; precmd_functions+=(show_env)`,
		Question: `__den_words=''
case $(\builtin whence -w workon):$(\builtin typeset -f workon) in
*': function:'*__den*) __den_words='workon words' ;;
*': none:'*) ;;
*) __den_words=workon ;;
esac
if \builtin typeset -f compdef >/dev/null; then __den_words="$__den_words completion"; fi
` + promptQuestion + `\builtin printf '\n` + shell.AnswerMark + `%s.\n' "$__den_words" >/dev/tty`,
	}
}
