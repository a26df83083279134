package shell

import (
	"fmt"
	"strings"
)

// QuoteSingle quotes for every shell of the Bourne family: in single quotes nothing is
// special but the single quote.
func QuoteSingle(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// QuoteEscaped is QuoteSingle for bash and zsh. Control characters, which zsh's
// csh_junkie_quotes would stumble over, become escapes in $'…'.
func QuoteEscaped(text string) string {
	if strings.IndexFunc(text, isControl) < 0 {
		return QuoteSingle(text)
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(text) {
		switch c := text[i]; {
		case isControl(rune(c)):
			fmt.Fprintf(&b, `\%03o`, c)
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }

// QuoteProgram quotes a program's path where it has to be. Below "~/" only what
// follows is quoted, so that the shell puts the home directory in.
func QuoteProgram(quote func(string) string, program string) string {
	below, inHome := strings.CutPrefix(program, "~/")
	if strings.ContainsFunc(below, isSpecial) {
		below = quote(below)
	}
	if inHome {
		return "~/" + below
	}
	return below
}

// isSpecial reports whether a character may need quoting in some shell.
func isSpecial(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("/._-+@%", c))
}

// QuoteWords returns the words quoted, each with a space before it.
func QuoteWords(quote func(string) string, words []string) string {
	var b strings.Builder
	for _, word := range words {
		b.WriteByte(' ')
		b.WriteString(quote(word))
	}
	return b.String()
}
