// Package tomledit changes one key at the top of a TOML file. Comments, the order of
// the lines and everything else in the file stay as they are. It works on lines, and
// then has a parser read the result: where anything but the key would be another, it
// refuses.
package tomledit

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// ErrForm says that the key stands in the file in a form that cannot be changed
// without the rest.
var ErrForm = errors.New("it is written there in a form that den cannot change")

// Set returns the text with the value, a string or a bool, for the key. Where the
// key is there, its line keeps its place and its comment; else there is a new line
// after the last key that is in no table.
func Set(text, key string, value any) (string, error) {
	literal := quote(value)
	lines := strings.SplitAfter(text, "\n")
	if i := lineOf(lines, key); i >= 0 {
		before, after, ok := aroundValue(lines[i])
		if !ok {
			return "", ErrForm
		}
		lines[i] = before + literal + after
	} else {
		lines = insert(lines, key+" = "+literal)
	}
	changed := strings.Join(lines, "")
	return changed, check(text, changed, func(all map[string]any) { all[key] = value })
}

// Unset returns the text without the key.
func Unset(text, key string) (string, error) {
	lines := strings.SplitAfter(text, "\n")
	if i := lineOf(lines, key); i >= 0 {
		lines[i] = ""
	}
	changed := strings.Join(lines, "")
	return changed, check(text, changed, func(all map[string]any) { delete(all, key) })
}

// Has reports whether the key is in the text.
func Has(text, key string) bool {
	all, err := parse(text)
	_, ok := all[key]
	return err == nil && ok
}

// check returns an error unless the two texts say the same, but for the change.
func check(text, changed string, change func(map[string]any)) error {
	want, err := parse(text)
	if err != nil {
		return err
	}
	change(want)
	if got, err := parse(changed); err != nil || !reflect.DeepEqual(got, want) {
		return ErrForm
	}
	return nil
}

// parse returns the keys that are in no table, in lower case, as viper reads them.
func parse(text string) (map[string]any, error) {
	var all map[string]any
	if err := toml.Unmarshal([]byte(text), &all); err != nil {
		return nil, err
	}
	lower := make(map[string]any, len(all))
	for key, value := range all {
		lower[strings.ToLower(key)] = value
	}
	return lower, nil
}

// lineOf returns the index of the line with the key, and -1 where there is none.
func lineOf(lines []string, key string) int {
	for i, line := range lines {
		if isTable(line) {
			break
		}
		name, _, found := strings.Cut(line, "=")
		if found && strings.EqualFold(strings.Trim(strings.TrimSpace(name), `"'`), key) {
			return i
		}
	}
	return -1
}

func isTable(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "[") }

// aroundValue returns what is before and after the value in a line with a key. It
// reports false for a value that may go on in the next line.
func aroundValue(line string) (before, after string, ok bool) {
	name, rest, _ := strings.Cut(line, "=")
	value := strings.TrimLeft(rest, " \t")
	before = name + "=" + rest[:len(rest)-len(value)]
	end := endOfValue(value)
	if end < 0 {
		return "", "", false
	}
	return before, value[end:], true
}

// endOfValue returns the length of the value that the text begins with, and -1 where
// that does not end in it.
func endOfValue(text string) int {
	if text == "" || strings.ContainsRune("[{", rune(text[0])) || strings.HasPrefix(text, `"""`) || strings.HasPrefix(text, "'''") {
		return -1
	}
	delimiter := text[0]
	if delimiter != '"' && delimiter != '\'' {
		value, _, _ := strings.Cut(text, "#")
		return len(strings.TrimRight(value, " \t\r\n"))
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && delimiter == '"':
			i++
		case text[i] == delimiter:
			return i + 1
		}
	}
	return -1
}

// insert adds a line after the last one that is neither empty nor in a table.
func insert(lines []string, line string) []string {
	newline := "\n"
	if strings.HasSuffix(lines[0], "\r\n") {
		newline = "\r\n"
	}
	at := 0
	for i, other := range lines {
		if isTable(other) {
			break
		}
		if strings.TrimSpace(other) != "" {
			at = i + 1
		}
	}
	if at > 0 && !strings.HasSuffix(lines[at-1], "\n") {
		lines[at-1] += newline
	}
	return append(lines[:at:at], append([]string{line + newline}, lines[at:]...)...)
}

// quote writes a value as TOML has it.
func quote(value any) string {
	text, isText := value.(string)
	if !isText {
		return fmt.Sprint(value)
	}
	var quoted strings.Builder
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			quoted.WriteString(`\` + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&quoted, `\u%04X`, c)
		default:
			quoted.WriteRune(c)
		}
	}
	return `"` + quoted.String() + `"`
}
