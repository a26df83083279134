package serve

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Each file has a language of its own, and each of these functions writes a text in
// one. A *QuoteError is what the language cannot say.

// A QuoteError says that a text cannot stand in a file.
type QuoteError struct{ Text, File, Reason string }

func (e *QuoteError) Error() string {
	return fmt.Sprintf("%q cannot stand in the configuration of %s: it has %s in it", e.Text, e.File, e.Reason)
}

// isControl reports whether a text has a character that no line of a file can hold.
func isControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// pythonText is a string of Python.
func pythonText(text string) string { return strconv.QuoteToASCII(text) }

// nginxText is a parameter in nginx's configuration. A $ begins a variable there, and
// nothing takes that meaning from it.
func nginxText(text string) (string, error) {
	if strings.Contains(text, "$") {
		return "", &QuoteError{text, "nginx", "a $"}
	}
	if isControl(text) {
		return "", &QuoteError{text, "nginx", "a control character"}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`, nil
}

// iniText is a value in uWSGI's configuration, which takes all of a line but the blanks
// around it, and replaces %x, $(x) and @(x) in it.
func iniText(text string) (string, error) {
	for _, part := range []string{"%", "$(", "@("} {
		if strings.Contains(text, part) {
			return "", &QuoteError{text, "uWSGI", "a " + part}
		}
	}
	if isControl(text) || text != strings.TrimSpace(text) {
		return "", &QuoteError{text, "uWSGI", "a control character, or a blank at an end,"}
	}
	return text, nil
}

// iniHome is iniText for the environment. uWSGI hands its path to Python in the C locale,
// which ends a path at the first letter that is not ASCII: then Python would be another
// one, without a word.
func iniHome(text string) (string, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return "", &QuoteError{text, "uWSGI", "a letter that is not ASCII"}
	}
	return iniText(text)
}

// unitWord is one of several words in a unit of systemd (systemd.service(5), "Command
// lines", and systemd.unit(5), "Specifiers").
func unitWord(text string) (string, error) {
	if isControl(text) {
		return "", &QuoteError{text, "systemd", "a control character"}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%").Replace(text) + `"`, nil
}

// unitArgument is unitWord for an argument of a command, where $ begins a variable.
func unitArgument(text string) (string, error) {
	return unitWord(strings.ReplaceAll(text, "$", "$$"))
}

// unitValue is a value in a unit that takes all of a line.
func unitValue(text string) (string, error) {
	if isControl(text) || text != strings.TrimSpace(text) || strings.HasSuffix(text, `\`) {
		return "", &QuoteError{text, "systemd", "a control character, a blank at an end, or a backslash at its end,"}
	}
	return strings.ReplaceAll(text, "%", "%%"), nil
}

// unitName escapes a name as systemd-escape does, but for dashes.
func unitName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if isWordByte(c) || c == '-' || c == '.' || c == ':' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return b.String()
}

// identifier is a name with letters, digits and underscores alone, another one for each
// name.
func identifier(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if isWordByte(c) && c != '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// largestSocket is the longest path of a socket, in bytes (unix(7); BSD has 104).
const largestSocket = 103

// CheckSocket returns an error for a directory in which a socket's path is too long.
func (s Site) CheckSocket() error {
	if n := len(s.Socket()); n > largestSocket {
		return fmt.Errorf("the path of the socket, %s, has %d bytes, and may have %d", s.Socket(), n, largestSocket)
	}
	return nil
}

// DefaultRun is the directory of the socket of a site: below /run for a service of the
// system's, and else below state, a directory of the person's.
func DefaultRun(name string, isSystem bool, state string) string {
	if isSystem {
		return filepath.Join("/run", "den-"+unitName(name))
	}
	return filepath.Join(state, "den", "serve", name)
}
