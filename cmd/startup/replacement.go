package startup

import (
	"regexp"
	"strings"

	"den/cmd/paths"
	"den/env/disk"
	"den/lazy"
	"den/shell/shells"
)

// MovedMark ends each line that was changed; the line as it was follows, so
// that it can be put back whatever else has been changed since.
const MovedMark = " # by den setup, in place of: "

// A word of the shell, for as much as lines that source a file use.
const shellWordPattern = `((?:"(?:\$\([^()]*\)|[^"])*"|'[^']*'|\$\([^()]*\)|\$\{[^}]*\}|` + "`[^`]*`" + `|[^\s;&|(){}<>"'` + "`" + `])+)`

// findCommand matches a command that tells where a program is.
const findCommand = `(?:command -v|which|hash|type(?: -\w+)?|whence(?: -\w+)?)`

var (
	// sourceCommand matches a command that sources a file.
	sourceCommand = lazy.Pattern(`(^|[\s;&|({])(?:\\?(?:builtin|command)\s+)?\\?(?:source|\.)\s+` + shellWordPattern)
	// asking matches what asks whether a file or a program is there.
	asking = lazy.Pattern(`((?:(?:^|[\s!])-[aefrsxhLnz]|\b` + findCommand + `)\s+)` + shellWordPattern)
	// noting matches what keeps the path of a program in a variable.
	noting = lazy.Pattern(`(\b\w+="?(?:\$\(|` + "`" + `)\s*\\?` + findCommand + `\s+)` + shellWordPattern)

	// commandStarts matches the code in front of a command, commandEnds what
	// follows one that has no more arguments, and afterAssignments the code in
	// front of a command to which variables are given.
	commandStarts    = lazy.Pattern(`(?:^|[;&|(){}` + "`" + `]|\b(?:then|do|else|elif|if|while|until|time)\s|!\s)\s*$`)
	commandEnds      = lazy.Pattern(`^\s*(?:$|[;&|)}` + "`" + `]|\d?[<>])`)
	afterAssignments = lazy.Pattern(`(?:^|[;&|({]|\b(?:then|do|else)\s)\s*(?:\w+=\S*\s+)+$`)
	// printsAnswer matches the code in front of the word of a command that prints
	// the path that it finds, inSubstitution that of one in a substitution, piped
	// what follows one in a pipe; inTest matches the code in front of an operand.
	printsAnswer   = lazy.Pattern(`\b` + findCommand + `\s+$`)
	inSubstitution = lazy.Pattern("(?:\\$\\(|`)\\s*\\\\?" + findCommand + `\s+$`)
	piped          = lazy.Pattern(`^\s*(?:\d?>\s*[^\s|]+\s*)*\|(?:$|[^|])`)
	inTest         = lazy.Pattern(`(?:^|[\s;&|!({])(?:\[\[?|test)\s[^;]*$`)

	// namesWrapper matches where a word, or a line, names what virtualenvwrapper
	// is sourced from, as it was installed or as Debian has it.
	namesWrapper = lazy.Pattern(`\bvirtualenvwrapper(?:_lazy)?\.sh\b|\b(?:bash_completion\.d|completions)/virtualenvwrapper\b|\$\{?VIRTUALENVWRAPPER_SCRIPT\b`)
	// setsScript matches a setting that names it, which may stay.
	setsScript = lazy.Pattern(`^\s*(?:export\s+)?VIRTUALENVWRAPPER_SCRIPT=\S*\s*$`)
	// plugin matches a line that loads oh-my-zsh's plugin or pyenv's, or one of a
	// list that does.
	plugin = lazy.Pattern(`^\s*plugins\+?=\(.*\bvirtualenvwrapper\b|^[\w\s-]*\bvirtualenvwrapper\b[\w\s-]*\)?\s*$|\bplugins/virtualenvwrapper\b|OMZP::virtualenvwrapper\b|\bpyenv\s+virtualenvwrapper(?:_lazy)?\b`)
)

// A Replacement is what stands for virtualenvwrapper.sh in a line.
type Replacement struct {
	Load    string // a command, for the one that sources it
	Program string // a path, where it is only looked for
	Script  string // a path, where it is sourced as a word, or noted to be so later
}

// ChangedLine is the line with den in the place of virtualenvwrapper: where its
// script was sourced, load is done; where it was looked for, the program is; where
// it was found and noted, to be sourced later, the script is. It is the line itself
// where it has nothing to do with it, and "" where it has, in a way that is not
// understood.
func (r Replacement) ChangedLine(line string) string {
	code := withoutComment(line)
	switch {
	case plugin().MatchString(code):
		return ""
	case !namesWrapper().MatchString(code), setsScript().MatchString(code), SourcesOwnWrapper(line):
		return line
	}
	changed := replaceWord(noting(), code, func(string, string) string { return r.Script })
	changed = replaceWord(sourceCommand(), changed, r.sourced)
	changed = replaceWord(asking(), changed, r.asked)
	if namesWrapper().MatchString(changed) || strings.HasSuffix(changed, `\`) {
		return ""
	}
	return strings.TrimRight(changed, " \t") + MovedMark + strings.TrimLeft(line, " \t")
}

// sourced returns the replacement for a command that sources the script, with the code
// before and after it. It is a command only where the shell allows one.
func (r Replacement) sourced(before, after string) string {
	switch {
	case isQuoted(before):
		return ""
	case commandStarts().MatchString(before) && commandEnds().MatchString(after):
		return r.Load
	case r.Script != "" && (commandStarts().MatchString(before) || afterAssignments().MatchString(before)):
		return ". " + r.Script
	}
	return ""
}

// asked is what stands for the script where something asks for it, if the answer
// is not kept.
func (r Replacement) asked(before, after string) string {
	if isQuoted(before) || printsAnswer().MatchString(before) && (inSubstitution().MatchString(before) || piped().MatchString(after)) {
		return ""
	}
	if !printsAnswer().MatchString(before) && !inTest().MatchString(before) {
		return ""
	}
	return r.Program
}

// replaceWord replaces each match of the pattern in which the second group names
// virtualenvwrapper's script. It keeps the first group and puts in what with returns for
// the code before and after the match. If that is "", the match stays.
func replaceWord(pattern *regexp.Regexp, code string, with func(before, after string) string) string {
	var b strings.Builder
	end := 0
	for _, match := range pattern.FindAllStringSubmatchIndex(code, -1) {
		if !namesWrapper().MatchString(code[match[4]:match[5]]) {
			continue
		}
		if text := with(code[:match[3]], code[match[1]:]); text != "" {
			b.WriteString(code[end:match[3]] + text)
			end = match[1]
		}
	}
	return b.String() + code[end:]
}

// RestoredLine is the line as it was before ChangedLine.
func RestoredLine(line string) string {
	changed, old, found := strings.Cut(line, MovedMark)
	if !found {
		return line
	}
	return changed[:len(changed)-len(strings.TrimLeft(changed, " \t"))] + old
}

// LoadsWrapper reports whether a line loads virtualenvwrapper, or looks for it, and not
// den in its place.
func LoadsWrapper(line string) bool {
	return !Loads(line) && Replacement{}.ChangedLine(line) != line
}

// LoadsPlugin reports whether a line loads a plugin that sources virtualenvwrapper.
func LoadsPlugin(line string) bool { return plugin().MatchString(withoutComment(line)) }

// withoutComment is the line up to a comment.
func withoutComment(line string) string {
	line, _ = cutComment(line)
	return line
}

// isQuoted reports whether what follows the code is in quotes.
func isQuoted(code string) bool {
	_, quote := cutComment(code)
	return quote != 0
}

// cutComment returns the line up to a comment, and the quote that is open there.
func cutComment(line string) (code string, quote byte) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#' && (i == 0 || strings.IndexByte(" \t;&|()", line[i-1]) >= 0):
			return line[:i], 0
		}
	}
	return line, quote
}

// SourcesOwnWrapper reports whether the line sources a file in which den's own
// stand-in for virtualenvwrapper.sh is kept.
func SourcesOwnWrapper(line string) bool {
	parts := sourceCommand().FindStringSubmatch(withoutComment(line))
	if parts == nil || !namesWrapper().MatchString(parts[2]) && !strings.HasSuffix(parts[2], InitFileName(Wrapper)) {
		return false
	}
	content, err := disk.ReadSmall(paths.Expand(strings.NewReplacer(`"`, "", `'`, "").Replace(parts[2])))
	return err == nil && shells.Wrapper().IsScript(string(content))
}
