package layout

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"
)

// A header is what makes a script run under a Python, read from its first
// lines; body is what follows it.
type header struct {
	python  string
	options []string
	body    []byte
}

// ScriptPython returns the path of the Python that a script runs under by its
// first lines, as Shebang, distlib or uv write them. Of a script for something
// else, or one that looks for its Python (/usr/bin/env), it returns "".
func ScriptPython(script []byte) string {
	h, _ := readHeader(script, []string{""})
	return h.python
}

// readHeader reads the header of a script that a Python in one of the directories roots
// runs. It understands the headers that Shebang, distlib (in pip and virtualenv) and uv
// write: distlib has put paths between double quotes as they are, and in its early
// versions did so after "#!" too.
func readHeader(script []byte, roots []string) (header, bool) {
	if rest, ok := bytes.CutPrefix(script, []byte(shLine)); ok {
		return readTrampoline(rest, roots)
	}
	line, body, _ := bytes.Cut(script, []byte("\n"))
	text, ok := strings.CutPrefix(string(line), "#!")
	if !ok {
		return header{}, false
	}
	python, rest, ok := cutPath(strings.TrimLeft(text, " \t"), roots)
	if !ok {
		return header{}, false
	}
	h := header{python: python, body: body}
	if option := strings.TrimSpace(rest); option != "" {
		h.options = []string{option}
	}
	return h, true
}

// readTrampoline reads what comes after #!/bin/sh.
func readTrampoline(script []byte, roots []string) (header, bool) {
	cookie := codingCookie(script)
	line, body, ok := bytes.Cut(script[len(cookie):], []byte(trampolineArguments+trampolineEnd))
	if !ok {
		return header{}, false
	}
	command, ok := strings.CutPrefix(string(line), execCommand)
	if !ok {
		return header{}, false
	}
	python, rest, ok := cutPath(command, roots)
	if !ok {
		python, rest, ok = cutWord(command)
	}
	if !ok || !isPythonIn(python, roots) {
		return header{}, false
	}
	h := header{python: python, body: append(bytes.Clone(cookie), body...)}
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		var option string
		if option, rest, ok = cutWord(rest); !ok {
			return header{}, false
		}
		h.options = append(h.options, option)
	}
	return h, true
}

// render returns the script with its header written anew, to run under python.
func (h header) render(python string) []byte {
	script := Shebang(python, h.options...)
	rest, trampoline := bytes.CutPrefix(script, []byte(shLine))
	if !trampoline {
		return append(script, h.body...)
	}
	// Python looks for the encoding in the first two lines only (PEP 263).
	cookie := codingCookie(h.body)
	return bytes.Join([][]byte{[]byte(shLine), cookie, rest, h.body[len(cookie):]}, nil)
}

// cutPath reads the path of a Python in one of roots, as it is or between
// double quotes, from the start of text.
func cutPath(text string, roots []string) (python, rest string, ok bool) {
	text, quoted := strings.CutPrefix(text, `"`)
	for _, root := range roots {
		inside, ok := strings.CutPrefix(text, root+"/")
		if !ok {
			continue
		}
		end := strings.IndexAny(inside+" ", " \t\r\"")
		if quote := strings.IndexByte(inside, '"'); quoted && quote >= 0 {
			end = quote
		}
		python, rest = root+"/"+inside[:end], inside[end:]
		if quoted {
			rest = strings.TrimPrefix(rest, `"`)
		}
		return python, rest, isPythonIn(python, roots)
	}
	return "", "", false
}

// isPythonIn reports whether path names a Python in one of roots.
func isPythonIn(path string, roots []string) bool {
	name := filepath.Base(path)
	if !strings.HasPrefix(name, "python") && !strings.HasPrefix(name, "pypy") {
		return false
	}
	_, ok := rebase(path, roots, "")
	return ok
}

// rebase replaces the one of roots that path begins with.
func rebase(path string, roots []string, to string) (string, bool) {
	for _, root := range roots {
		if inside, ok := strings.CutPrefix(path, root); ok && (inside == "" || inside[0] == '/') {
			return to + inside, true
		}
	}
	return "", false
}

// cutWord reads a word of sh from the start of text, where it is made of
// single quotes, double quotes, and the one command that quoteTwice uses.
func cutWord(text string) (word, rest string, ok bool) {
	var read strings.Builder
	for text != "" && text[0] != ' ' {
		var piece string
		switch text[0] {
		case '\'':
			piece, text, ok = strings.Cut(text[1:], "'")
		case '"':
			piece, text, ok = cutDoubleQuoted(text[1:])
		default:
			piece, text, ok = text[:1], text[1:], !strings.ContainsAny(text[:1], "$`\\|&;<>()*?[")
		}
		if !ok {
			return "", "", false
		}
		read.WriteString(piece)
	}
	return read.String(), text, true
}

// cutDoubleQuoted reads up to a closing double quote.
func cutDoubleQuoted(text string) (piece, rest string, ok bool) {
	var read strings.Builder
	for text != "" {
		switch {
		case text[0] == '"':
			return read.String(), text[1:], true
		case strings.HasPrefix(text, `$(printf '`):
			octal, after, ok := strings.Cut(text[len(`$(printf '`):], `')`)
			if !ok || !readOctal(&read, octal) {
				return "", "", false
			}
			text = after
		case text[0] == '\\' && len(text) > 1 && strings.IndexByte("$`\"\\", text[1]) >= 0:
			read.WriteByte(text[1])
			text = text[2:]
		case text[0] == '$' || text[0] == '`':
			return "", "", false
		default:
			read.WriteByte(text[0])
			text = text[1:]
		}
	}
	return "", "", false
}

// readOctal reads bytes written as \303\251.
func readOctal(read *strings.Builder, text string) bool {
	for ; text != ""; text = text[4:] {
		if len(text) < 4 || text[0] != '\\' {
			return false
		}
		b, err := strconv.ParseUint(text[1:4], 8, 8)
		if err != nil {
			return false
		}
		read.WriteByte(byte(b))
	}
	return true
}

// codingCookie returns the first line of source if it is a comment that tells
// the encoding, as PEP 263 defines: ^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)
func codingCookie(source []byte) []byte {
	line, _, ended := bytes.Cut(source, []byte("\n"))
	text := strings.TrimLeft(string(line), " \t\f")
	if !ended || !strings.HasPrefix(text, "#") {
		return nil
	}
	for {
		_, after, ok := strings.Cut(text, "coding")
		if !ok {
			return nil
		}
		text = after
		if text == "" || text[0] != ':' && text[0] != '=' {
			continue
		}
		if value := strings.TrimLeft(text[1:], " \t"); value != "" && isCodingName(value[0]) {
			return source[:len(line)+1]
		}
	}
}

func isCodingName(c byte) bool {
	return c == '-' || c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
