package pip

import (
	"os"
	"slices"
	"strings"
)

// Words returns the words that pip is given for packages that a person
// has named. Several may stand in one argument, with options of pip before them;
// virtualenvwrapper splits such an argument at its blanks. A path, and a
// requirement with blanks in it (PEP 508), is one word.
func Words(arguments []string) []string {
	var words []string
	for _, argument := range arguments {
		if _, err := os.Stat(argument); err == nil || isOneRequirement(argument) {
			words = append(words, argument)
		} else {
			words = append(words, strings.Fields(argument)...)
		}
	}
	return words
}

// isOneRequirement reports whether a text is one requirement that has blanks in it:
// around a comparison, in brackets, before a URL or a marker.
func isOneRequirement(text string) bool {
	words := strings.Fields(text)
	return slices.ContainsFunc(words, func(word string) bool {
		return strings.ContainsAny(word[:1], "<>=!~;@,([") || strings.ContainsAny(word[len(word)-1:], "<>=~;@,([")
	})
}
