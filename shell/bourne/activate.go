package bourne

import (
	_ "embed"
	"fmt"
	"slices"

	"den/shell"
)

//go:embed activate.sh
var activate string

// Activate returns the script bin/activate, for sh and all shells of the family.
func Activate(a shell.Activation) string {
	return a.Fill(activate, shell.QuoteSingle(a.Path), func(p shell.Plan) string { return sh().guard(p) + sh().renderSteps(p) })
}

// SetLine returns the line with which bin/activate sets a variable.
func SetLine(v shell.Set) string {
	r := &renderer{Dialect: sh()}
	r.Set(v)
	return r.code.String()
}

// sh is what the POSIX shell, bash, zsh, ksh and mksh all understand: the language of
// bin/activate.
func sh() Dialect {
	return Dialect{
		Name:    "sh",
		Quoted:  shell.QuoteSingle,
		Builtin: `\`,
		Guard: func(names, typed []string) string {
			return `if \[ -n "${ZSH_VERSION-}" ]; then \eval ` + shell.QuoteSingle(GuardByType(names, typed)) + "; else\n" + GuardBySubshell(names, typed) + "\nfi"
		},
		Particular: []string{"HISTSIZE", "JOBMAX", "KEYBOARD_HACK", "KSHEGID", "KSHGID", "KSHUID", "LISTMAX", "PGRP", "SAVEHIST", "USER_ID"},
		Assign:     AssignAtOnce,
		IsTaken:    `\[ "$(\command -v DEN_NAME)" = DEN_NAME ] || \alias DEN_NAME >/dev/null 2>&1`,
		AssignPrompt: func(d Dialect, text string) string {
			in := []string{BashPrompt(text), ZshPrompt(text), MkshPrompt(text), KshPrompt(text), shPrompt(text)}
			if !slices.ContainsFunc(in, func(escaped string) bool { return escaped != text }) {
				return "__den_a=" + shell.QuoteSingle(text)
			}
			return fmt.Sprintf(`case ${BASH_VERSION:+bash}${ZSH_VERSION:+zsh}${KSH_VERSION-} in bash*) __den_a=%s ;; zsh) __den_a=%s ;; *MIRBSD*) __den_a=%s ;; ?*) __den_a=%s ;; *) __den_a=%s ;; esac`, quoted(in)...)
		},
	}
}

// quoted returns the texts quoted, for Sprintf.
func quoted(texts []string) []any {
	var words []any
	for _, text := range texts {
		words = append(words, shell.QuoteSingle(text))
	}
	return words
}
