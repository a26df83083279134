package shell

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

var (
	//go:embed activate.sh
	activateSh string
	//go:embed activate.fish
	activateFish string
	//go:embed activate.csh
	activateCsh string
)

// Scripts returns the activate scripts that the environment carries for those
// who source them by hand, by their file names. They do what den's integration
// does, but for the hooks, and need no den.
func (a Activation) Scripts() map[string]string {
	// What is exported cannot be known here; what is saved most often is.
	exported := func(string) (string, bool) { return "", true }
	enter := slices.DeleteFunc(a.Enter(exported), func(s Step) bool { return s == DefineDeactivate{} })
	fill := func(script string, render func(Plan) string) string {
		return strings.NewReplacer(
			"    # leave\n", indent(render(a.Leave(exported))),
			"# enter\n", render(enter),
		).Replace(script)
	}
	return map[string]string{
		"activate":      fill(activateSh, sh().renderSteps),
		"activate.fish": fill(activateFish, fish{}.Render),
		"activate.csh": strings.NewReplacer(
			"DEN_PATH", quoteCsh(a.Path),
			"DEN_PROMPT", quoteCsh(a.Prompt),
			"DEN_PREFIX", quoteCsh(strings.NewReplacer(`%`, `%%`, `!`, `\!`).Replace(a.prefix())),
		).Replace(activateCsh),
	}
}

func indent(code string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(code, "\n"), "\n", "\n    ") + "\n"
}

// sh is what the POSIX shell, bash and zsh all understand: the language of
// bin/activate.
func sh() posix {
	return posix{
		name:    "sh",
		quote:   quoteSingle,
		builtin: `\`,
		assignPrompt: func(d posix, text string) string {
			inBash, inZsh, inSh := bashPromptText(text), zshPromptText(text), shPromptText(text)
			if inBash == text && inZsh == text {
				return "__den_a=" + quoteSingle(text)
			}
			return fmt.Sprintf(`if [ -n "${BASH_VERSION-}" ]; then __den_a=%s; elif [ -n "${ZSH_VERSION-}" ]; then __den_a=%s; else __den_a=%s; fi`,
				quoteSingle(inBash), quoteSingle(inZsh), quoteSingle(inSh))
		},
	}
}

// shPromptText escapes for the one reading that POSIX gives PS1: parameters
// are expanded, as in double quotes.
func shPromptText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`").Replace(text)
}

// quoteCsh quotes for csh, where even in single quotes an exclamation mark and
// the end of a line need a backslash.
func quoteCsh(text string) string {
	return "'" + strings.NewReplacer(`'`, `'\''`, `!`, `\!`, "\n", "\\\n").Replace(text) + "'"
}
