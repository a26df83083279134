package cmd

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/rodaine/table"
)

// columns measures text as a terminal shows it.
var columns = displaywidth.Options{ControlSequences: true}

// newTable returns a table in den's look: columns and nothing else.
func (t *terminal) newTable(header ...any) table.Table {
	return table.New(header...).WithWriter(lineEnds{t.stdout}).WithWidthFunc(columns.String)
}

// lineEnds writes lines without the blanks at their end.
type lineEnds struct{ w io.Writer }

func (l lineEnds) Write(line []byte) (int, error) {
	if _, err := l.w.Write(append(bytes.TrimRight(line, " \n"), '\n')); err != nil {
		return 0, err
	}
	return len(line), nil
}

// A color is how a terminal shows a text: what ECMA-48 calls a graphic
// rendition.
type color string

const (
	bold   color = "1"
	red    color = "31"
	green  color = "32"
	yellow color = "33"
)

// colored returns the text in a colour where the terminal wants colours
// (https://no-color.org).
func (t *terminal) colored(c color, s string) string {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(t.stdout) {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

// printable returns the text with what a terminal would act on made visible:
// directories and files that others have named may hold anything.
func printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		return s
	}
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}
