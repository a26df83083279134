package bourne

import "den/shell"

// Trial implements Dialect.
func (bash) Trial() shell.Trial {
	return shell.Trial{
		Parse: []string{"--norc", "-n", "/dev/stdin"},
		// With -c, bash would set BASH_EXECUTION_STRING, by which some start-up
		// files decide whether to become another shell.
		Ask: []string{"--rcfile", "/dev/fd/3", "-i"},
		Question: `__den_words=''
case $(\builtin type -t workon):$(\builtin declare -f workon) in function:*__den*) __den_words=words ;; esac
if \builtin complete -p workon >/dev/null 2>&1; then __den_words="$__den_words completion"; fi
\builtin printf '\n` + shell.AnswerMark + `%s.\n' "$__den_words" >/dev/tty`,
	}
}

// Trial implements Dialect.
func (zsh) Trial() shell.Trial {
	return shell.Trial{
		Parse:          []string{"-fn", "/dev/stdin"},
		MendCompletion: "autoload -Uz compinit && compinit",
		Ask:            []string{"-i", "-c", ""},
		Question: `__den_words=''
case $(\builtin whence -w workon):$(\builtin typeset -f workon) in *': function:'*__den*) __den_words=words ;; esac
if \builtin typeset -f compdef >/dev/null; then __den_words="$__den_words completion"; fi
\builtin printf '\n` + shell.AnswerMark + `%s.\n' "$__den_words" >/dev/tty`,
	}
}
