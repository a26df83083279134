// Package added finds what a person has added by hand to a script bin/activate, be it of
// den, venv, virtualenv or uv.
package added

import (
	"slices"
	"strings"

	"den/shell"
	"den/shell/bourne"
)

// Lines are what a person has added to a script.
type Lines struct {
	Entering []string // lines for when the environment is entered
	Leaving  []string // lines in the function deactivate
	Rest     string   // the script without them
}

// All returns all of them.
func (a Lines) All() []string { return slices.Concat(a.Entering, a.Leaving) }

// Shown returns the lines as they may be shown: what is assigned may be a secret.
func Shown(lines []string) []string {
	shown := make([]string, len(lines))
	for i, line := range lines {
		name, _, assigns := strings.Cut(strings.TrimSpace(line), "=")
		if assigns {
			name += "=…"
		}
		shown[i] = name
	}
	return shown
}

// Into puts the lines where they belong in another script of den's.
func (a Lines) Into(script string) string {
	const start = "deactivate() {\n"
	if at := strings.Index(script, start); at >= 0 && len(a.Leaving) > 0 {
		at += len(start)
		script = script[:at] + "    " + strings.Join(a.Leaving, "\n    ") + "\n" + script[at:]
	}
	if len(a.Entering) > 0 {
		script += "\n" + strings.Join(a.Entering, "\n") + "\n"
	}
	return script
}

// In finds the lines that a person has added to the script: all lines after its end, and
// before that the commands, and blocks of commands (if … fi), that export, source or
// unset something of the person's. workon calls it each time, so it has no regular
// expressions.
func In(script string) (added Lines) {
	lines := strings.SplitAfter(script, "\n")
	end := endOfScript(lines)
	if end == 0 {
		return Lines{Rest: script} // another kind of script
	}
	var rest strings.Builder
	rest.Grow(len(script))
	leaving := false
	commands := commandsIn(lines[:end])
	persons := personsAmong(commands, ownVariables(lines[:end]))
	for i, line := range commands {
		command, word := commandOf(line)
		switch {
		case strings.HasPrefix(command, "deactivate") && strings.Contains(line, "{"),
			command == "function" && strings.HasPrefix(word, "deactivate"):
			leaving = true
		case strings.HasPrefix(line, "}"):
			leaving = false
		}
		switch {
		case !persons[i]:
			rest.WriteString(line)
		case leaving:
			added.Leaving = append(added.Leaving, strings.TrimSpace(line))
		default:
			added.Entering = append(added.Entering, strings.TrimSpace(line))
		}
	}
	if tail := strings.Trim(strings.Join(lines[end:], ""), "\n"); hasCommand(tail) {
		for _, command := range commandsIn(strings.SplitAfter(tail, "\n")) {
			added.Entering = append(added.Entering, strings.TrimSuffix(command, "\n"))
		}
	} else {
		rest.WriteString(strings.Join(lines[end:], ""))
	}
	added.Rest = rest.String()
	return added
}

// commandsIn joins the lines of a command that goes on in the next line: with open
// quotes, or after a backslash.
func commandsIn(lines []string) (commands []string) {
	open := byte(0)
	for _, line := range lines {
		if open == 0 {
			commands = append(commands, line)
		} else {
			commands[len(commands)-1] += line
		}
		open = openAfter(line, open)
	}
	if open != 0 {
		return lines // of a script that is not understood
	}
	return commands
}

// openAfter returns what is open at the end of a line that begins with open: a kind
// of quote, a backslash, or 0.
func openAfter(line string, open byte) byte {
	if open == '\\' {
		open = 0
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case open == '\'' && c != open:
		case c == open:
			open = 0
		case c == '\\' && open == 0 && strings.Trim(line[i+1:], "\r\n") == "":
			return '\\'
		case c == '\\':
			i++
		case open != 0:
		case c == '\'' || c == '"':
			open = c
		case c == '#' && (i == 0 || strings.IndexByte(" \t;&|(", line[i-1]) >= 0):
			return 0
		}
	}
	return open
}

// blockEnds are the words that end a block, by those that begin one.
var blockEnds = map[string]string{"if": "fi", "for": "done", "while": "done", "until": "done", "select": "done", "case": "esac"}

// personsAmong reports for each command whether a person has added it: by itself, or in a
// block in which there are no others. A command that sets one of the variables own is not
// theirs.
func personsAmong(commands, own []string) []bool {
	type block struct {
		start         int
		added, others bool // whether it has such commands
	}
	persons := make([]bool, len(commands))
	open := []block{{}}
	for i, line := range commands {
		command, word := commandOf(line)
		last := &open[len(open)-1]
		switch {
		case blockEnds[command] != "" && !slices.Contains(strings.Fields(line), blockEnds[command]):
			open = append(open, block{start: i})
		case len(open) > 1 && slices.Contains([]string{"fi", "done", "esac"}, strings.TrimRight(command, ";")):
			open = open[:len(open)-1]
			outer := &open[len(open)-1]
			outer.added = outer.added || last.added
			outer.others = outer.others || last.others || !last.added
			for j := last.start; j <= i && last.added && !last.others; j++ {
				persons[j] = true
			}
		case isAdded(command, word) && !isOwn(line, word, own):
			persons[i], last.added = true, true
		case !separates(command):
			last.others = true
		}
	}
	return persons
}

// separates reports whether the first word of a line stands between the commands of
// a block.
func separates(command string) bool {
	return command == "" || command[0] == '#' || strings.HasSuffix(command, ")") ||
		slices.Contains([]string{"then", "else", "elif", "do", ";;"}, command)
}

// endOfScript returns the number of lines up to the end of the script: each of these
// scripts ends with the command hash, and the ends of blocks after it. It is 0 where
// there is none.
func endOfScript(lines []string) int {
	end := len(lines)
	for end > 0 {
		if command, word := commandOf(lines[end-1]); command == "hash" && word == "-r" {
			break
		}
		end--
	}
	for end > 0 && end < len(lines) && closes(lines[end]) {
		end++
	}
	return end
}

// closes reports whether a line may stand after the last command of a script.
func closes(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line == "fi" || line == "}" || strings.HasPrefix(line, `\unset `)
}

// commandOf returns the first two words of a line.
func commandOf(line string) (command, word string) {
	line = strings.TrimLeft(line, " \t\\")
	command, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	word, _, _ = strings.Cut(strings.TrimLeft(rest, " \t"), " ")
	return command, word
}

// isAdded reports whether a command before the end of a script is a person's.
func isAdded(command, word string) bool {
	switch command {
	case "source", ".":
		return word != ""
	case "alias", "unalias":
		return word != "pydoc"
	case "export", "unset":
		name, _, _ := strings.Cut(word, "=")
		return name != "" && !strings.HasPrefix(name, "-") && !isOfScripts(name)
	}
	return false
}

// ownVariables are the variables of the environment that den has put into the script.
func ownVariables(lines []string) []string {
	const assignment = `\export ` + shell.VarVariables + "="
	for _, line := range lines {
		if _, names, ok := strings.Cut(line, assignment); ok {
			return strings.Fields(strings.Trim(names, "'\n"))
		}
	}
	return nil
}

// SetsVariables reports whether a script of den's sets these variables, and no others.
func SetsVariables(script string, variables []shell.Set) bool {
	for _, v := range variables {
		if !strings.Contains(script, " "+bourne.SetLine(v)) {
			return false
		}
	}
	return len(ownVariables(strings.SplitAfter(script, "\n"))) == len(variables)
}

// isOwn reports whether a line is one by which den sets or unsets one of them: den
// writes \export, where a person writes export.
func isOwn(line, word string, own []string) bool {
	name, _, _ := strings.Cut(word, "=")
	return strings.HasPrefix(strings.TrimLeft(line, " "), `\`) && slices.Contains(own, name)
}

// isOfScripts reports whether an activate script sets the variable.
func isOfScripts(name string) bool {
	for _, prefix := range []string{"_", "$", "VIRTUAL_ENV", "DEN_", "CURRENT_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains([]string{"PATH", "PS1", "PYTHONHOME", "PKG_CONFIG_PATH", "TCL_LIBRARY", "TK_LIBRARY", "SCRIPT_PATH"}, name)
}

// hasCommand reports whether there is a line that is no comment.
func hasCommand(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return true
		}
	}
	return false
}
