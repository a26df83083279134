package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed virtualenvwrapper.bash
var wrapperFunctions string

// Wrapper returns the record of the script that stands in for virtualenvwrapper.sh, in
// bash and zsh.
func Wrapper(bash, zsh *shell.Shell) shell.Wrapper {
	return shell.Wrapper{
		Script: func(i shell.Integration) string {
			auto := shell.Auto{Mode: shell.AutoOff} // unless DEN_AUTO says otherwise, and WORKON_HOME is set
			return wrapperScript(i, bash.Completion.Script(i), zsh.Completion.Script(i), bash.Auto(auto), zsh.Auto(auto))
		},
		IsScript: func(text string) bool { return strings.HasPrefix(text, wrapperHeader) },
		Line:     wrapperLine,
		InitFileLine: func(file, program string) string {
			return fileLine(shell.QuoteProgram(shell.QuoteEscaped, file), wrapperLine(program))
		},
		Word: wrapperWord,
	}
}

func wrapperLine(program string) string {
	return `eval "$(` + wrapperWord(program) + ` init virtualenvwrapper)"`
}

func wrapperWord(path string) string { return shell.QuoteProgram(shell.QuoteEscaped, path) }

// wrapperScript has den's functions, as Init has them, and the functions of
// virtualenvwrapper. completionBash and completionZsh are code for one shell each, and so
// are autoBash and autoZsh, which run only if the person asks for it. Nothing in the
// script depends on the place or the time at which it is made, so it can be kept in a
// file.
func wrapperScript(i shell.Integration, completionBash, completionZsh, autoBash, autoZsh string) string {
	i.Flags = "--words virtualenvwrapper"
	d := Dialect{Name: `"${BASH_VERSION+bash}${ZSH_VERSION+zsh}"`, Quoted: shell.QuoteEscaped, Builtin: `\builtin `, Local: `\builtin local`, Look: HangLook}
	_, functions, _ := strings.Cut(initScript, "\n") // the line that says for which shell it is
	// bash must be able to read what is for zsh, so it stands in quotes.
	completion := `if \builtin [ -n "${ZSH_VERSION-}" ]; then
\builtin eval ` + shell.QuoteSingle(completionZsh) + `
else
` + completionBash + "fi\n"
	check := d.check(`\builtin [ -e "$__den_config" ]`, `"$HOME/.virtualenvs"`, `"$__den_home"`, "1",
		`if \builtin [ ! -d "$__den_home" ]; then \builtin return 1; fi
    \builtin export WORKON_HOME="$__den_home" VIRTUALENVWRAPPER_HOOK_DIR="$__den_hooks"`)
	mark := shell.WrapperMark + shell.Fingerprint(completion)
	auto := `
case ${DEN_AUTO-}${ZSH_VERSION+:zsh} in
linked | on) \builtin eval ` + shell.QuoteSingle(autoBash) + ` ;;
linked:zsh | on:zsh) \builtin eval ` + shell.QuoteSingle(autoZsh) + ` ;;
esac
`
	return d.fill(wrapperHeader+functions+completion+check+wrapperFunctions+auto, i, mark, "")
}

const wrapperHeader = `# shellcheck shell=bash
# virtualenvwrapper.sh, by den: to be sourced in bash or zsh.
`
