package bourne

import "strings"

// BashPrompt escapes for both of bash's readings of PS1: first backslash
// escapes are decoded, then (with the option promptvars, the default) the
// result is expanded like a word in double quotes.
func BashPrompt(text string) string {
	return strings.NewReplacer(`\`, `\\\\`, `$`, `\\$`, "`", "\\\\`").Replace(text)
}

// ZshPrompt escapes the percent sign, which starts prompt sequences, and
// sees to it that nothing is expanded when the option prompt_subst is or later
// gets set: a dollar sign or a backslash is followed by %{%}, which shows as
// nothing; for the backquote there is no such spelling, so it becomes a quote.
func ZshPrompt(text string) string {
	return strings.NewReplacer(`%`, `%%`, `$`, `$%{%}`, `\`, `\%{%}`, "`", `'`).Replace(text)
}

// KshPrompt escapes for the readings of ksh: quotes are taken away, as in a word,
// and a "!" is the number of the command unless there are two.
func KshPrompt(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`", `"`, `\"`, `'`, `\'`, `!`, `!!`).Replace(text)
}

// MkshPrompt escapes for those of mksh, which reads quotes as shPrompt does.
func MkshPrompt(text string) string { return strings.ReplaceAll(shPrompt(text), "!", "!!") }

// shPrompt escapes for the one reading that POSIX gives PS1: parameters
// are expanded, as in double quotes.
func shPrompt(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`").Replace(text)
}
