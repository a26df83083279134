// Package screen shows what a person would see of what a program writes to a
// terminal. It is there for tests.
package screen

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Screen is what a terminal shows of the bytes written to it: enough of
// ECMA-48 and of xterm for the line editors of the shells. Colours, titles and
// modes are read and dropped.
type Screen struct {
	Width int
	// Height is how many rows the terminal has, for programs that ask where the cursor is
	// and go to a row by its number. Where it is 0, such a number means nothing.
	Height int
	rows   [][]rune // all there were, none scrolls away
	top    int      // the first row that the terminal shows, if it has a Height
	x, y   int
	saved  struct{ x, y int }
	unread []byte       // the beginning of a sequence or character that is not whole
	Reply  func(string) // is called with what a terminal answers; may be nil
}

// sequence matches one whole control sequence at the beginning of the input:
// CSI, OSC, a character set, or a single character after ESC.
var sequence = regexp.MustCompile(`^\x1b(?:\[([<-?]?)([0-9;:]*)[ -/]*([@-~])|[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|([78])|[0-OQ-Z\\^` + "`" + `a-~])`)

// partial matches input that may yet become a control sequence.
var partial = regexp.MustCompile(`^\x1b(?:\[[ -?]*|[\]P^_][^\x07\x1b]*\x1b?|[ -/]*)$`)

// Strip takes control sequences out of a text.
func Strip(text string) string {
	var plain strings.Builder
	for len(text) > 0 {
		if m := sequence.FindString(text); m != "" {
			text = text[len(m):]
			continue
		}
		plain.WriteByte(text[0])
		text = text[1:]
	}
	return plain.String()
}

// Write shows some output. It never fails.
func (s *Screen) Write(p []byte) (int, error) {
	s.unread = append(s.unread, p...)
	for len(s.unread) > 0 {
		n := s.step(s.unread)
		if n == 0 {
			break
		}
		s.unread = s.unread[n:]
	}
	return len(p), nil
}

// step acts on the first control sequence or character of in and tells how
// long it was: 0 when the rest of it has still to come.
func (s *Screen) step(in []byte) int {
	if in[0] == '\x1b' {
		if m := sequence.FindSubmatch(in); m != nil {
			switch {
			case len(m[3]) > 0:
				s.control(string(m[1]), string(m[2]), m[3][0])
			case string(m[4]) == "7":
				s.saved.x, s.saved.y = s.x, s.y
			case string(m[4]) == "8":
				s.x, s.y = s.saved.x, s.saved.y
			}
			return len(m[0])
		}
		if partial.Match(in) {
			return 0
		}
		return 1
	}
	if !utf8.FullRune(in) {
		return 0
	}
	r, n := utf8.DecodeRune(in)
	s.put(r)
	return n
}

// put shows a character or does what a control character asks.
func (s *Screen) put(r rune) {
	switch {
	case r == '\r':
		s.x = 0
	case r == '\n':
		s.y++
	case r == '\b':
		s.x = max(0, min(s.x, s.Width-1)-1)
	case r == '\t':
		s.x = min(s.Width-1, s.x/8*8+8)
	case r < ' ' || r == 0x7f:
	default:
		if s.x == s.Width {
			s.x, s.y = 0, s.y+1
		}
		s.row()[s.x] = r
		s.x++
	}
}

// row is the row that the cursor is in.
func (s *Screen) row() []rune {
	if s.Height > 0 {
		s.top = max(s.top, s.y-s.Height+1)
	}
	for len(s.rows) <= s.y {
		s.rows = append(s.rows, []rune(strings.Repeat(" ", s.Width)))
	}
	return s.rows[s.y]
}

// control does what a CSI sequence asks.
func (s *Screen) control(private, parameters string, final byte) {
	n := parameter(parameters)
	count := max(1, n)
	column := min(s.x, s.Width-1)
	switch final {
	case 'A':
		s.y = max(0, s.y-count)
	case 'B':
		s.y += count
	case 'C':
		s.x = min(s.Width-1, column+count)
	case 'D':
		s.x = max(0, column-count)
	case 'G':
		s.x = min(s.Width, count) - 1
	case 'H':
		s.position(parameters)
	case 'K':
		s.erase(s.row(), n, column)
	case 'J':
		s.erase(s.row(), n, column)
		if n == 0 {
			s.rows = s.rows[:s.y+1]
		}
	case 'P':
		row := s.row()
		copy(row[column:], row[min(s.Width, column+count):])
		s.erase(row, 0, max(column, s.Width-count))
	case '@':
		row := s.row()
		copy(row[min(s.Width, column+count):], row[column:])
		s.erase(row[:min(s.Width, column+count)], 0, column)
	case 'c':
		if private == "" && s.Reply != nil {
			s.Reply("\x1b[?62c") // a plain VT220; fish from 4.0 on waits for an answer
		}
	case 'n':
		if private == "" && n == 6 && s.Reply != nil {
			s.row()
			s.Reply(fmt.Sprintf("\x1b[%d;%dR", s.y-s.top+1, column+1))
		}
	}
}

// position goes to a row and a column by their numbers, from 1 on.
func (s *Screen) position(parameters string) {
	if s.Height == 0 {
		s.x, s.y = 0, len(s.rows)
		return
	}
	row, column, _ := strings.Cut(parameters, ";")
	s.y = s.top + min(s.Height, max(1, parameter(row))) - 1
	s.x = min(s.Width, max(1, parameter(column))) - 1
}

// erase blanks a row: from the column on (0), up to it (1), or all of it (2).
func (s *Screen) erase(row []rune, how, column int) {
	from, to := column, len(row)
	switch how {
	case 1:
		from, to = 0, column+1
	case 2:
		from = 0
	}
	for i := from; i < to; i++ {
		row[i] = ' '
	}
}

// parameter reads the first parameter of a CSI sequence; none is 0.
func parameter(text string) int {
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			break
		}
		n = min(n*10+int(r-'0'), 1<<16)
	}
	return n
}

// Line is the text of the cursor's row, without blanks at its end.
func (s *Screen) Line() string {
	return strings.TrimRight(string(s.row()), " ")
}

// Row is the number of the cursor's row, from 0 on.
func (s *Screen) Row() int { return s.y }

// From is the text of a row and all below it, for a person to read.
func (s *Screen) From(row int) string {
	rows := *s
	rows.rows = rows.rows[min(row, len(rows.rows)):]
	return rows.String()
}

// String is the whole text that the terminal showed, for a person to read.
func (s *Screen) String() string {
	var text strings.Builder
	for _, row := range s.rows {
		text.WriteString(strings.TrimRight(string(row), " "))
		text.WriteByte('\n')
	}
	return text.String()
}
