package bourne

import (
	_ "embed"
	"path/filepath"
	"strings"

	"den/shell"
)

//go:embed init.bash
var bashInit string

type bash struct{ posix }

// Bash is the dialect of bash, 3.2 and later.
func Bash() shell.Dialect {
	return bash{posix{
		name:         "bash",
		quote:        quoteEscaped,
		builtin:      `\builtin `,
		assign:       assignAfter,
		assignPrompt: assignQuoted(bashPromptText),
		// Not builtin: what it calls forgets, in bash, that errexit is to be
		// ignored here.
		sourceBuiltin: `\command `,
		hasDeactivate: `\builtin [ -n "${_OLD_VIRTUAL_PATH+x}" ] && \builtin declare -F deactivate >/dev/null`,
	}}
}

// bashPromptText escapes for both of bash's readings of PS1: first backslash
// escapes are decoded, then (with the option promptvars, the default) the
// result is expanded like a word in double quotes.
func bashPromptText(text string) string {
	return strings.NewReplacer(`\`, `\\\\`, `$`, `\\$`, "`", "\\\\`").Replace(text)
}

// Init implements Dialect.
func (d bash) Init(program string, commands []string, resume shell.Plan) string {
	return d.fillInit(bashInit, program, commands, "", d.resumeNow(resume))
}

// Keep implements Dialect.
func (d bash) Keep(program string, commands []string, kept shell.Kept) string {
	return d.keep(bashInit, program, commands, kept)
}

// RCFile implements Dialect.
func (bash) RCFile(getenv func(string) string) string {
	return filepath.Join(getenv("HOME"), ".bashrc")
}

// RCLine implements Dialect.
func (d bash) RCLine(program string) string { return d.evalLine(program) }
