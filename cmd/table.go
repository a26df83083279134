package cmd

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/rodaine/table"
	"golang.org/x/term"
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

// printRows prints a table for a person, which fits if first names columns (see
// printFitting), or lines with tabs for a program. The first row has the names of the
// columns.
func (t *terminal) printRows(rows [][]string, first ...string) {
	if isTerminal(t.stdout) && len(rows) > 1 {
		t.printFitting(rows, first...)
		return
	}
	for _, row := range rows[1:] {
		t.printf("%s\n", strings.Join(row, "\t"))
	}
}

// narrowest is how many columns of a terminal the last column of a table has at least,
// if others can go.
const narrowest = 16

// printFitting prints rows as a table. The first row has the names of the columns. If the
// terminal is too narrow, it leaves out the columns named by first, and cuts the texts in
// the last column; without first, neither.
func (t *terminal) printFitting(rows [][]string, first ...string) {
	for _, name := range first {
		if tableWidth(rows, narrowest) <= widthOf(t.stdout) {
			break
		}
		i := slices.Index(rows[0], name)
		for r, row := range rows {
			rows[r] = slices.Delete(row, i, i+1)
		}
	}
	table := t.newTable(anys(rows[0])...)
	room := max(narrowest/2, widthOf(t.stdout)-tableWidth(rows, 0))
	for _, row := range rows[1:] {
		if last := len(row) - 1; len(first) > 0 && columns.String(row[last]) > room {
			row[last] = columns.TruncateString(row[last], room, "…")
		}
		table.AddRow(anys(row)...)
	}
	table.Print()
}

// tableWidth returns how many columns of a terminal the rows take as a table, if the
// texts in the last column take no more than that.
func tableWidth(rows [][]string, ofLast int) (width int) {
	for i := range rows[0] {
		widest := 0
		for _, row := range rows {
			widest = max(widest, columns.String(row[i]))
		}
		if i == len(rows[0])-1 {
			return width + min(widest, ofLast)
		}
		width += widest + table.DefaultPadding
	}
	return width
}

// widthOf returns how many columns a terminal has.
func widthOf(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

func anys(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
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
