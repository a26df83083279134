package screen

import (
	"strings"
	"testing"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, in, want string }{
		{"lines", "one\r\ntwo", "one\ntwo\n"},
		{"carriage return", "one\rT", "Tne\n"},
		{"colours and titles", "\x1b]0;title\x07\x1b[1;31mred\x1b(B\x1b[m", "red\n"},
		{"erase to the end", "typed text\r\x1b[Knew", "new\n"},
		{"a character deleted", "abcd\r\x1b[1P", "bcd\n"},
		{"room made", "abcd\r\x1b[2@", "  abcd\n"},
		{"the mark for a missing newline", "out%" + strings.Repeat(" ", 19) + "\r \r$ ", "out%\n$\n"},
		{"the cursor moves", "ab\r\x1b[2Cc\x1b[3Dx", "xbc\n"},
		{"a row by its number", "one\r\ntwo\x1b[1;3Hxy\x1b[2;1H\x1b[JT", "onxy\nT\n"},
		{"a row by its number when others are gone", "1\r\n2\r\n3\r\n4\r\n5\x1b[HX", "1\n2\nX\n4\n5\n"},
		{"the cursor comes back", "ab\x1b7\x1b[1;20H\x1b8c", "abc\n"},
		{"a wrapped line", strings.Repeat("x", 21), strings.Repeat("x", 20) + "\nx\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := &Screen{Width: 20, Height: 3}
			for _, b := range []byte(row.in) {
				s.Write([]byte{b})
			}
			if got := s.String(); got != row.want {
				t.Errorf("%q shows\n%q, want\n%q", row.in, got, row.want)
			}
		})
	}
}

// A program that asks where the cursor is gets the row on the terminal.
func TestWhereTheCursorIs(t *testing.T) {
	t.Parallel()
	var answer string
	s := &Screen{Width: 20, Height: 3, Reply: func(text string) { answer = text }}
	s.Write([]byte("1\r\n2\r\n3\r\nfour\x1b[6n"))
	if want := "\x1b[3;5R"; answer != want {
		t.Errorf("the answer is %q, want %q", answer, want)
	}
}
