package variables_test

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// asDotenv reads a text of lines as python-dotenv does: without an environment, so
// that a ${NAME} is replaced by nothing or its default. It reports false where
// python-dotenv warns of a line, or cannot read the file.
func asDotenv(text string) (values map[string]string, ok bool) {
	if !utf8.ValidString(text) {
		return nil, false
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	values, ok = map[string]string{}, true
	for strings.TrimSpace(text) != "" {
		m := dotenvBinding.FindStringSubmatch(text)
		if m == nil || dotenvExport.MatchString(text) {
			return values, false
		}
		text = text[len(m[0]):]
		if name := strings.Trim(m[1], "'"); name != "" {
			values[name] = dotenvReference.ReplaceAllStringFunc(dotenvValue(m[2]), func(reference string) string {
				m := dotenvReference.FindStringSubmatch(reference)
				if value, is := values[m[1]]; is {
					return value
				}
				return m[2]
			})
		}
	}
	return values, ok
}

// dotenvSpace is Python's \s but for the ends of lines.
const dotenvSpace = `[\t\v\f \x1c-\x1f\x{85}\p{Z}]`

var (
	dotenvBinding = regexp.MustCompile(`^(?:` + dotenvSpace + `|\n)*(?:export` + dotenvSpace + `+)?(?:#[^\n]*|([^=#\s\x1c-\x1f\x{85}\p{Z}]+)` + dotenvSpace + `*=` +
		`(` + dotenvSpace + `*(?:(?s:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")` + dotenvSpace + `*(?:#[^\n]*)?|(?:[^'"\n][^\n]*)?)))` + dotenvSpace + `*(?:\n|$)`)
	dotenvReference = regexp.MustCompile(`\$\{([^}:]*)(?::-([^}]*))?\}`)
	dotenvComment   = regexp.MustCompile(dotenvSpace + `+#.*`)
	dotenvEscape    = regexp.MustCompile(`\\[\\'"abfnrtv]`)
	dotenvEnd       = regexp.MustCompile(dotenvSpace + `+$`)
	dotenvStart     = regexp.MustCompile(`^` + dotenvSpace + `+`)
	dotenvExport    = regexp.MustCompile(`^(?:` + dotenvSpace + `|\n)*export` + dotenvSpace + `+=`)
)

func dotenvValue(text string) string {
	plain := dotenvEnd.ReplaceAllString(dotenvComment.ReplaceAllString(text, ""), "")
	text = dotenvStart.ReplaceAllString(text, "")
	if text == "" || text[0] != '\'' && text[0] != '"' {
		return dotenvStart.ReplaceAllString(plain, "")
	}
	quote, closing := text[0], 1
	for ; text[closing] != quote; closing++ {
		if text[closing] == '\\' {
			closing++
		}
	}
	return dotenvEscape.ReplaceAllStringFunc(text[1:closing], func(escape string) string {
		switch c := escape[1]; {
		case quote == '\'' && c != '\\' && c != '\'':
			return escape
		case strings.IndexByte(`\'"`, c) >= 0:
			return string(c)
		}
		return strings.NewReplacer(`\a`, "\a", `\b`, "\b", `\f`, "\f", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\v`, "\v").Replace(escape)
	})
}

// asSystemd reads a text of lines as systemd's EnvironmentFile= does: the states of
// its parser. It reports false where systemd leaves out a line, or the file.
func asSystemd(text string) (values map[string]string, ok bool) {
	const (
		preKey = iota
		key
		preValue
		value
		valueEscape
		single
		double
		doubleEscape
		comment
		commentEscape
	)
	values, ok = map[string]string{}, utf8.ValidString(text)
	state, name, content, blanks := preKey, "", "", 0
	end := func() {
		if state == value {
			content = content[:len(content)-blanks]
		}
		name = strings.TrimRight(name, " \t")
		isGood := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) &&
			!strings.ContainsFunc(content, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0x7f })
		if ok = ok && isGood; isGood {
			values[name] = content
		}
		name, content, blanks, state = "", "", 0, preKey
	}
	for i := range len(text) {
		c := text[i]
		isEnd, isBlank := c == '\n' || c == '\r', c == ' ' || c == '\t'
		switch state {
		case preKey:
			switch {
			case c == '#' || c == ';':
				state = comment
			case !isEnd && !isBlank:
				state, name = key, string(c)
			}
		case key:
			switch {
			case isEnd:
				state, name, ok = preKey, "", false
			case c == '=':
				state = preValue
			default:
				name += string(c)
			}
		case preValue, value:
			switch {
			case isEnd:
				end()
			case c == '\\':
				state, blanks = valueEscape, 0
			case state == preValue && c == '\'':
				state = single
			case state == preValue && c == '"':
				state = double
			case state == value || !isBlank:
				if blanks++; !isBlank {
					blanks = 0
				}
				state, content = value, content+string([]byte{c})
			}
		case valueEscape:
			if state = value; !isEnd {
				content += string([]byte{c})
			}
		case single:
			if c == '\'' {
				state = preValue
			} else {
				content += string([]byte{c})
			}
		case double:
			switch c {
			case '"':
				state = preValue
			case '\\':
				state = doubleEscape
			default:
				content += string([]byte{c})
			}
		case doubleEscape:
			switch state = double; {
			case strings.IndexByte("\"\\`$", c) >= 0:
				content += string([]byte{c})
			case c != '\n':
				content += `\` + string([]byte{c})
			}
		case comment, commentEscape:
			switch {
			case state == comment && c == '\\':
				state = commentEscape
			case isEnd && state == comment:
				state = preKey
			case isEnd: // since version 254 the comment ends here, before it did not
				ok, state = false, preKey
			default:
				state = comment
			}
		}
	}
	switch state {
	case preValue, value, valueEscape, single, double, doubleEscape:
		end()
	case key:
		ok = false
	}
	return values, ok
}
