package shell

import "strings"

// QuoteSingle quotes for every shell of the Bourne family: in single quotes nothing is
// special but the single quote.
func QuoteSingle(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

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
