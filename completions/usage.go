package completions

import "strings"

// An argument is one that a Use line shows.
type argument struct {
	names    []string // its name; several names are alternatives
	repeated bool     // it can be given again and again
}

// usage reads the arguments out of a Use line such as
// "run NAME COMMAND [ARGUMENT...]" or "setup [bash|zsh|fish]...".
func usage(use string) []argument {
	words := strings.Fields(use)
	var arguments []argument
	for _, word := range words[min(1, len(words)):] {
		name := strings.Trim(word, "[]<>.")
		if name == "flags" || strings.HasPrefix(name, "-") {
			continue
		}
		arguments = append(arguments, argument{strings.Split(name, "|"), strings.Contains(word, "...")})
	}
	return arguments
}

// at returns the argument that stands after n others.
func at(arguments []argument, n int) (argument, bool) {
	if n < len(arguments) {
		return arguments[n], true
	}
	if last := len(arguments) - 1; last >= 0 && arguments[last].repeated {
		return arguments[last], true
	}
	return argument{}, false
}

// isLiteral reports whether a name stands for itself: one of several, in lower
// case. Signs such as "-" are not worth a candidate.
func (a argument) isLiteral(name string) bool {
	return len(a.names) > 1 && strings.ToLower(name) == name && strings.ToUpper(name) != name
}
