package bourne

import (
	_ "embed"
	"fmt"

	"den/shell"
)

//go:embed activate.sh
var activate string

// ActivateName is the file name of the script that Activate returns.
const ActivateName = "activate"

// Activate returns the script bin/activate, for sh, bash and zsh.
func Activate(a shell.Activation) string {
	return a.Fill(activate, shell.QuoteSingle(a.Path), func(p shell.Plan) string { return sh().guard(p) + sh().renderSteps(p) })
}

// sh is what the POSIX shell, bash and zsh all understand: the language of
// bin/activate.
func sh() Dialect {
	return Dialect{
		Name:     "sh",
		Quoted:   shell.QuoteSingle,
		Builtin:  `\`,
		Guard:    guardBySubshell,
		Assign:   AssignAtOnce,
		HasPydoc: `\[ "$(\command -v pydoc)" = pydoc ] || \alias pydoc >/dev/null 2>&1`,
		AssignPrompt: func(d Dialect, text string) string {
			inBash, inZsh, inSh := BashPrompt(text), ZshPrompt(text), shPrompt(text)
			if inBash == text && inZsh == text {
				return "__den_a=" + shell.QuoteSingle(text)
			}
			return fmt.Sprintf(`if [ -n "${BASH_VERSION-}" ]; then __den_a=%s; elif [ -n "${ZSH_VERSION-}" ]; then __den_a=%s; else __den_a=%s; fi`,
				shell.QuoteSingle(inBash), shell.QuoteSingle(inZsh), shell.QuoteSingle(inSh))
		},
	}
}
