package cmd

import (
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// newTable returns a table in den's look: columns and nothing else.
func (t *terminal) newTable() table.Writer {
	w := table.NewWriter()
	w.SetOutputMirror(t.stdout)
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft = ""
	style.Box.PaddingRight = "  "
	w.SetStyle(style)
	w.SuppressTrailingSpaces()
	return w
}

// colored returns the text in a colour where the terminal wants colours
// (https://no-color.org).
func (t *terminal) colored(color text.Color, s string) string {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(t.stdout) {
		return s
	}
	return color.EscapeSeq() + s + text.Reset.EscapeSeq()
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
