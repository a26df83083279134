package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed virtualenvwrapper.bash
var wrapperFunctions string

// Virtualenvwrapper returns the script that stands in for virtualenvwrapper.sh,
// in bash and zsh alike. It has den's functions, as Init has them, and the
// functions of virtualenvwrapper. completionBash and completionZsh are code for one
// shell each, as autoBash and autoZsh are, which only those take who ask for it. Nothing in the script depends on the place or the time at which it is
// made, so it can be kept in a file.
func Virtualenvwrapper(i shell.Integration, completionBash, completionZsh, autoBash, autoZsh string) string {
	i.Flags = "--words virtualenvwrapper"
	d := Dialect{Name: `"${BASH_VERSION+bash}${ZSH_VERSION+zsh}"`, Quoted: QuoteEscaped, Builtin: `\builtin `, Local: `\builtin local`, Look: Look}
	_, functions, _ := strings.Cut(initScript, "\n") // the line that says for which shell it is
	// bash must be able to read what is for zsh, so it stands in quotes.
	completion := `if \builtin [ -n "${ZSH_VERSION-}" ]; then
\builtin eval ` + shell.QuoteSingle(completionZsh) + `
else
` + completionBash + "fi\n"
	plainly := d.plainly(`\builtin [ -e "$__den_config" ]`, `"$HOME/.virtualenvs"`, `"$__den_home"`, "1",
		`if \builtin [ ! -d "$__den_home" ]; then \builtin return 1; fi
    \builtin export WORKON_HOME="$__den_home" VIRTUALENVWRAPPER_HOOK_DIR="$__den_hooks"`)
	mark := shell.WrapperMark + shell.Fingerprint(completion)
	auto := `
case ${DEN_AUTO-}${ZSH_VERSION+:zsh} in
linked | on) \builtin eval ` + shell.QuoteSingle(autoBash) + ` ;;
linked:zsh | on:zsh) \builtin eval ` + shell.QuoteSingle(autoZsh) + ` ;;
esac
`
	return d.fill(wrapperHeader+functions+completion+plainly+wrapperFunctions+auto, i, mark, "")
}

const wrapperHeader = `# shellcheck shell=bash
# virtualenvwrapper.sh, by den: to be sourced in bash or zsh.
`

// IsVirtualenvwrapper reports whether the text is what Virtualenvwrapper
// returned, in this den or an earlier one.
func IsVirtualenvwrapper(text string) bool { return strings.HasPrefix(text, wrapperHeader) }

// VirtualenvwrapperLine is the line, in bash and zsh, that evaluates what the
// program prints to stand in for virtualenvwrapper.sh.
func VirtualenvwrapperLine(program string) string {
	return `eval "$(` + ProgramWord(program) + ` init virtualenvwrapper)"`
}

// VirtualenvwrapperKeptLine is the line that sources the file with what
// Virtualenvwrapper returns, or does as VirtualenvwrapperLine where there is none.
func VirtualenvwrapperKeptLine(file, program string) string {
	return keptLine(shell.QuoteProgram(QuoteEscaped, file), VirtualenvwrapperLine(program))
}

// ProgramWord is a program's path as a line of bash or zsh has it, with a leading
// "~/" left for the shell.
func ProgramWord(program string) string { return shell.QuoteProgram(QuoteEscaped, program) }
