package bourne

import (
	_ "embed"
	"fmt"
	"strings"

	"den/shell"
)

//go:embed activate.sh
var activate string

// Activate returns the script bin/activate, for sh, bash and zsh.
func Activate(a shell.Activation) string { return a.Fill(activate, sh().renderSteps) }

// sh is what the POSIX shell, bash and zsh all understand: the language of
// bin/activate.
func sh() posix {
	return posix{
		name:    "sh",
		quote:   shell.QuoteSingle,
		builtin: `\`,
		assign:  assignAtOnce,
		assignPrompt: func(d posix, text string) string {
			inBash, inZsh, inSh := bashPromptText(text), zshPromptText(text), shPromptText(text)
			if inBash == text && inZsh == text {
				return "__den_a=" + shell.QuoteSingle(text)
			}
			return fmt.Sprintf(`if [ -n "${BASH_VERSION-}" ]; then __den_a=%s; elif [ -n "${ZSH_VERSION-}" ]; then __den_a=%s; else __den_a=%s; fi`,
				shell.QuoteSingle(inBash), shell.QuoteSingle(inZsh), shell.QuoteSingle(inSh))
		},
	}
}

// shPromptText escapes for the one reading that POSIX gives PS1: parameters
// are expanded, as in double quotes.
func shPromptText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`").Replace(text)
}
