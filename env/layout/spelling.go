package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A spelling is a way in which a path is written down. write writes another path in
// the place of the one at the end of the text before it, in a file of a language.
type spelling struct {
	from  []byte
	write func(to string, before []byte, language string) string
}

// spellingsOf are the ways in which one of the paths may be written down. Where a
// path needs no quoting it is the same in all of them, and what goes before it, or
// the language of the file, tells which it is.
func spellingsOf(paths []string) []spelling {
	var all []spelling
	for _, path := range paths {
		all = append(all, spelling{[]byte(path), writeAsFound})
		for _, quote := range []func(string) string{
			quoteURL,
			quoteJSON,
			func(text string) string { return quotePython(text, '\'') },
			func(text string) string { return quotePython(text, '"') },
			func(text string) string { return insideQuotes(quoteTwice(text)) },
			quoteSh,
		} {
			all = addSpelling(all, path, quote)
		}
	}
	return all
}

// addSpelling adds the path as quote writes it, unless it is there already.
func addSpelling(all []spelling, path string, quote func(string) string) []spelling {
	from := []byte(quote(path))
	if slices.ContainsFunc(all, func(s spelling) bool { return bytes.Equal(s.from, from) }) {
		return all
	}
	return append(all, spelling{from, func(to string, _ []byte, _ string) string { return quote(to) }})
}

// writeAsFound writes the path to in the place of one that needs no quoting.
func writeAsFound(to string, before []byte, language string) string {
	switch {
	case bytes.HasSuffix(before, []byte("file://")):
		return quoteURL(to)
	case language == ".json" || language == ".ipynb":
		return quoteJSON(to)
	case language == ".py" && len(before) > 0 && (before[len(before)-1] == '\'' || before[len(before)-1] == '"'):
		return quotePython(to, before[len(before)-1])
	}
	return to
}

// escapes are ways to write a path between quotes, as pairs for a
// strings.Replacer: as it is; with single quotes as shlex.quote does it (uv for
// every shell, virtualenv for sh, and, with more pairs, for csh); with single
// quotes as sh and fish (virtualenv) can have them, as fish and Python can; and
// with double quotes.
var escapes = [...][]string{
	{},
	{`'`, `'"'"'`},
	{`'`, `'"'"'`, `\`, `'\\'`, `!`, `'\!'`},
	{`'`, `'\''`},
	{`'`, `'\''`, `\`, `'\\'`},
	{`'`, `\'`, `\`, `\\`},
	{`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`"},
}

// escapedSpellings are the ways in which tools write one of the paths into the
// scripts of a new environment.
func escapedSpellings(paths []string) []spelling {
	var all []spelling
	for _, path := range paths {
		for _, pairs := range escapes {
			all = addSpelling(all, path, strings.NewReplacer(pairs...).Replace)
		}
	}
	return all
}

// replacePaths writes the path to in the place of others in text, where they are
// whole names of files and not the beginning or the end of others.
func replacePaths(text []byte, spellings []spelling, to, language string) []byte {
	var replaced []byte
	done := 0
	for at := 0; at < len(text); at++ {
		if text[at] != '/' || at > 0 && isNameByte(text[at-1]) {
			continue
		}
		for _, s := range spellings {
			rest, ok := bytes.CutPrefix(text[at:], s.from)
			if ok && (len(rest) == 0 || !isNameByte(rest[0])) {
				replaced = append(append(replaced, text[done:at]...), s.write(to, text[:at], language)...)
				done = at + len(s.from)
				at = done - 1
				break
			}
		}
	}
	return append(replaced, text[done:]...)
}

// isNameByte tells the characters that next to a path are likely to belong to
// it: the end of another's name or the beginning of more of its own.
func isNameByte(c byte) bool {
	return isCodingName(c) || c >= 0x80 || strings.IndexByte("+@~", c) >= 0
}

// quoteURL is a path as pip writes it into a file: URL (urllib.parse.quote).
func quoteURL(path string) string {
	var quoted strings.Builder
	for _, b := range []byte(path) {
		if b == '/' || b == '~' || isCodingName(b) {
			quoted.WriteByte(b)
		} else {
			fmt.Fprintf(&quoted, "%%%02X", b)
		}
	}
	return quoted.String()
}

// quoteJSON is text between the quotes of a JSON string, in ASCII, as Python
// writes it.
func quoteJSON(text string) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string is encoded, and a buffer takes it
	plain := strings.TrimSuffix(quoted.String(), "\n")
	var ascii strings.Builder
	for _, r := range plain[1 : len(plain)-1] {
		switch {
		case r < 0x80:
			ascii.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return ascii.String()
}

// quotePython is text between quotes of that kind, as Python's repr writes it.
func quotePython(text string, quote byte) string {
	return strings.NewReplacer(`\`, `\\`, string(quote), `\`+string(quote)).Replace(text)
}

// insideQuotes is quoted text without the quotes around it.
func insideQuotes(quoted string) string { return quoted[1 : len(quoted)-1] }

// quoteSh is text between single quotes of sh.
func quoteSh(text string) string { return strings.ReplaceAll(text, "'", `'\''`) }
