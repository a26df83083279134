package pick

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A key is one that the person has typed.
type key struct {
	name keyName
	char rune // where it is text
}

// A keyName is what a key asks for.
type keyName int

const (
	none keyName = iota // a key that means nothing here
	text
	enter
	cancel
	up
	down
	pageUp
	pageDown
	first
	last
	mark
	erase
	eraseWord
	eraseAll
)

// controls are the control characters, as shells and fzf have them.
var controls = map[byte]keyName{
	'\r': enter, '\n': enter, '\t': mark,
	'C' - '@': cancel, 'G' - '@': cancel, 'D' - '@': cancel,
	'P' - '@': up, 'K' - '@': up, 'N' - '@': down,
	'A' - '@': first, 'E' - '@': last,
	'H' - '@': erase, 0x7f: erase, 'W' - '@': eraseWord, 'U' - '@': eraseAll,
}

// sequences are what terminals send for keys without a character, after ESC.
var sequences = map[string]keyName{
	"[A": up, "OA": up, "[B": down, "OB": down,
	"[5~": pageUp, "[6~": pageDown,
	"[H": first, "OH": first, "[1~": first, "[7~": first,
	"[F": last, "OF": last, "[4~": last, "[8~": last,
	"[Z": up, // Shift-Tab
}

// next reads one key from the beginning of what was typed, and returns how many bytes
// it takes: 0 where it is not whole yet, if more may come.
func next(typed []byte, more bool) (k key, size int) {
	switch c := typed[0]; {
	case c == '\x1b':
		return escape(typed, more)
	case c < ' ' || c == 0x7f:
		return key{name: controls[c]}, 1
	case !utf8.FullRune(typed) && more:
		return key{}, 0
	}
	char, size := utf8.DecodeRune(typed)
	if char == utf8.RuneError || !unicode.IsPrint(char) {
		return key{}, size
	}
	return key{text, char}, size
}

// escape reads a key that begins with ESC, which is one itself where nothing follows.
func escape(typed []byte, more bool) (k key, size int) {
	if len(typed) == 1 {
		if more {
			return key{}, 0
		}
		return key{name: cancel}, 1
	}
	if typed[1] != '[' && typed[1] != 'O' {
		return key{}, 2 // Alt and a key
	}
	for i, c := range typed[2:] {
		if typed[1] == 'O' || c >= '@' && c <= '~' {
			return key{name: sequences[string(typed[1:i+3])]}, i + 3
		}
	}
	if more {
		return key{}, 0
	}
	return key{}, len(typed)
}

// partOf returns as much of a text as can be shown in a line.
func partOf(text string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, text)
}
