package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// A form is a way in which a path is written down.
type form struct {
	from  string // the path, in this form
	write func(to string, before []byte, language string) string
}

// formsOf are the ways in which one of the paths may be written down, and how
// the path to is then written in its place. Where a path needs no quoting it is
// the same in all of them, and what goes before it, or the language of the
// file, tells which it is.
func formsOf(paths []string, to string) []form {
	var forms []form
	seen := make(map[string]bool)
	add := func(from string, write func(to string, before []byte, language string) string) {
		if !seen[from] {
			seen[from] = true
			forms = append(forms, form{from, write})
		}
	}
	for _, path := range paths {
		add(path, writeAsFound)
		add(quoteURL(path), func(to string, _ []byte, _ string) string { return quoteURL(to) })
		add(quoteJSON(path), func(to string, _ []byte, _ string) string { return quoteJSON(to) })
		add(quotePython(path, '\''), func(to string, _ []byte, _ string) string { return quotePython(to, '\'') })
		add(quotePython(path, '"'), func(to string, _ []byte, _ string) string { return quotePython(to, '"') })
		add(insideQuotes(quoteTwice(path)), func(to string, _ []byte, _ string) string { return insideQuotes(quoteTwice(to)) })
		add(quoteSh(path), func(to string, _ []byte, _ string) string { return quoteSh(to) })
	}
	return forms
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

// replaceForms replaces the paths in text, where they are whole names of files
// and not the beginning or the end of others, by what write says.
func replaceForms(text []byte, forms []form, write func(form form, before []byte) string) []byte {
	var replaced []byte
	kept := 0
	for at := 0; at < len(text); at++ {
		if text[at] != '/' || at > 0 && isNameByte(text[at-1]) {
			continue
		}
		for _, form := range forms {
			rest, ok := bytes.CutPrefix(text[at:], []byte(form.from))
			if ok && (len(rest) == 0 || !isNameByte(rest[0])) {
				replaced = append(append(replaced, text[kept:at]...), write(form, text[:at])...)
				kept = at + len(form.from)
				at = kept - 1
				break
			}
		}
	}
	return append(replaced, text[kept:]...)
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
