package bourne

import (
	_ "embed"
	"path/filepath"
	"strings"

	"den/shell"
)

//go:embed init.zsh
var zshInit string

type zsh struct{ posix }

// Zsh is the dialect of zsh, 5.3 and later.
func Zsh() shell.Dialect {
	return zsh{posix{
		name:          "zsh",
		quote:         quoteEscaped,
		builtin:       `\builtin `,
		assign:        assignAtOnce,
		assignPrompt:  assignQuoted(zshPromptText),
		assignGlobal:  `\builtin typeset -g `,
		cdSilently:    "-q ",
		sourceBuiltin: `\builtin `,
		hasDeactivate: `\builtin [ -n "${_OLD_VIRTUAL_PATH+x}" ] && \builtin typeset -f deactivate >/dev/null`,
	}}
}

// zshPromptText escapes the percent sign, which starts prompt sequences, and
// sees to it that nothing is expanded when the option prompt_subst is or later
// gets set: a dollar sign or a backslash is followed by %{%}, which shows as
// nothing; for the backquote there is no such spelling, so it becomes a quote.
func zshPromptText(text string) string {
	return strings.NewReplacer(`%`, `%%`, `$`, `$%{%}`, `\`, `\%{%}`, "`", `'`).Replace(text)
}

// Init implements Dialect.
func (d zsh) Init(program string, commands []string, resume shell.Plan) string {
	return d.fillInit(zshInit, program, commands, "", d.resumeNow(resume))
}

// Keep implements Dialect.
func (d zsh) Keep(program string, commands []string, kept shell.Kept) string {
	return d.keep(zshInit, program, commands, kept)
}

// RCFile implements Dialect.
func (zsh) RCFile(getenv func(string) string) string {
	dir := getenv("ZDOTDIR")
	if dir == "" {
		dir = getenv("HOME")
	}
	return filepath.Join(dir, ".zshrc")
}

// RCLine implements Dialect.
func (d zsh) RCLine(program string) string { return d.evalLine(program) }
