// Package variables reads and writes the variables of an environment: den.env, a
// file in it. The file is data. It is parsed, and never evaluated.
//
// Its lines are NAME=value, in the subset of dotenv that systemd's EnvironmentFile=
// (systemd.exec(5)) and python-dotenv read alike. A line on which they differ is no
// part of the subset, and neither is a value of more than one line.
package variables

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Variable has a name that CheckName admits and a value that CheckValue does.
type Variable struct{ Name, Value string }

// A LineError says why a line sets nothing. No value is in it.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err) }

func (e *LineError) Unwrap() error { return e.Err }

// A File is the text of a den.env, by lines.
type File struct{ lines []line }

// A line is one of a File; one that sets nothing has no name.
type line struct {
	text     string
	variable Variable
	err      error
}

// Parse reads the text of a file.
func Parse(text []byte) File {
	var f File
	for text := range strings.Lines(string(text)) {
		l := line{text: strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")}
		l.variable, l.err = parseLine(l.text)
		f.lines = append(f.lines, l)
	}
	return f
}

// Variables are those that the file sets, in its order. Where there are several
// lines for one, the last holds.
func (f File) Variables() []Variable {
	var all []Variable
	for _, l := range f.lines {
		if l.variable.Name == "" {
			continue
		}
		all = slices.DeleteFunc(all, func(v Variable) bool { return v.Name == l.variable.Name })
		all = append(all, l.variable)
	}
	return all
}

// Errors are the *LineErrors of the lines that set nothing and should.
func (f File) Errors() (errs []error) {
	for i, l := range f.lines {
		if l.err != nil {
			errs = append(errs, &LineError{i + 1, l.err})
		}
	}
	return errs
}

// Set gives a variable a value, in its line or in a new one.
func (f *File) Set(name, value string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if err := CheckValue(value); err != nil {
		return fmt.Errorf("the value of %s %w", name, err)
	}
	fresh := line{text: name + "=" + quote(value), variable: Variable{name, value}}
	at := slices.IndexFunc(f.lines, func(l line) bool { return l.variable.Name == name })
	if at < 0 {
		f.lines = append(f.lines, fresh)
		return nil
	}
	f.Unset(name)
	f.lines = slices.Insert(f.lines, at, fresh)
	return nil
}

// Unset takes a variable out, and reports whether it was there.
func (f *File) Unset(name string) bool {
	before := len(f.lines)
	f.lines = slices.DeleteFunc(f.lines, func(l line) bool { return l.variable.Name == name && name != "" })
	return len(f.lines) < before
}

// Text is the text of the file.
func (f File) Text() []byte {
	var b bytes.Buffer
	for _, l := range f.lines {
		b.WriteString(l.text + "\n")
	}
	return b.Bytes()
}

func (v Variable) String() string { return v.Name + "=" + quote(v.Value) }

func parseLine(text string) (none Variable, err error) {
	if err := checkText(text); err != nil {
		return none, fmt.Errorf("it %w", err)
	}
	text = strings.Trim(text, " \t")
	if text == "" {
		return none, nil
	}
	if text[0] == '#' {
		if strings.HasSuffix(text, `\`) {
			return none, errors.New("for systemd, a comment that ends with a backslash goes on in the next line")
		}
		return none, nil
	}
	name, value, found := strings.Cut(text, "=")
	name = strings.TrimRight(name, " \t")
	if first := strings.Fields(name); len(first) > 1 && first[0] == "export" {
		return none, errors.New(`systemd does not know "export": leave it out`)
	}
	if !found {
		return none, errors.New("it is not NAME=value")
	}
	if err := CheckName(name); err != nil {
		return none, err
	}
	value, err = unquote(strings.Trim(value, " \t"))
	if err == nil {
		err = CheckValue(value)
	}
	if err != nil {
		return none, fmt.Errorf("the value of %s %w", name, err)
	}
	return Variable{name, value}, nil
}

// CheckValue returns an error, which continues "the value", where a value cannot be
// written so that systemd and python-dotenv read it alike.
func CheckValue(value string) error {
	switch {
	case strings.ContainsAny(value, "\n\r"):
		return errors.New("has more than one line, which a den.env cannot hold")
	case strings.Contains(value, "${"):
		return errors.New("has ${ in it, which python-dotenv takes for another variable")
	case strings.HasSuffix(value, `\`):
		return errors.New("ends with a backslash, after which some versions of python-dotenv do not see the closing quote")
	}
	return checkText(value)
}

// checkText returns an error for what systemd or python-dotenv take no file with.
func checkText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("is not UTF-8")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return errors.New("has a control character in it")
	}
	return nil
}

// unquote returns the value that is written as text.
func unquote(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	switch text[0] {
	case '\'':
		value, rest, closed := strings.Cut(text[1:], "'")
		if strings.Contains(value, `\`) {
			return "", errors.New("has a backslash in single quotes, which not every program reads alike: use double ones, and \\\\")
		}
		return value, checkClosed(closed, rest)
	case '"':
		return unquoteDouble(text[1:])
	}
	return text, checkPlain(text)
}

// unquoteDouble reads what follows an opening double quote.
func unquoteDouble(text string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), checkClosed(true, text[i+1:])
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '"'):
			i++
			b.WriteByte(text[i])
		default:
			return "", errors.New(`has a backslash before something else than \ and ", which is not read alike`)
		}
	}
	return "", checkClosed(false, "")
}

func checkClosed(closed bool, rest string) error {
	switch {
	case !closed:
		return errors.New("has an opening quote, and no closing one on the line")
	case rest != "":
		return errors.New("goes on after the closing quote, which not every program reads alike")
	}
	return nil
}

// checkPlain returns an error for a value without quotes that needs them.
func checkPlain(text string) error {
	isOddSpace := func(r rune) bool { return unicode.IsSpace(r) && r != ' ' && r != '\t' }
	switch {
	case text[0] == '#', strings.Contains(text, " #"), strings.Contains(text, "\t#"):
		return errors.New("has a # that only python-dotenv takes for a comment: put the value in quotes")
	case strings.Contains(text, `\`):
		return errors.New("has a backslash outside of quotes, which not every program reads alike: use double quotes, and \\\\")
	case strings.ContainsFunc(text, isOddSpace):
		return errors.New("has a space other than the plain one: put the value in quotes")
	}
	return nil
}

// quote writes a value so that unquote returns it.
func quote(value string) string {
	isPlain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_@%+=:,./~-", r)
	}
	switch {
	case !strings.ContainsFunc(value, func(r rune) bool { return !isPlain(r) }):
		return value
	case !strings.ContainsAny(value, `'\`):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
