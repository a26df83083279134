package completions

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"testing"

	"den/shell/shelltest"
)

// FuzzQuoteBash: what completion puts on the line is read by bash as the name
// that it stands for, in whatever quotes have been opened, and nothing in it is
// expanded or executed.
func FuzzQuoteBash(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
	}
	f.Fuzz(newQuoteProbe(f))
}

func TestQuoteBashManyTexts(t *testing.T) {
	read := newQuoteProbe(t)
	for _, text := range shelltest.Texts(2000, 3) {
		read(t, text)
	}
}

func newQuoteProbe(t testing.TB) func(t *testing.T, text string) {
	bash := shelltest.Start(t, "bash")
	return func(t *testing.T, text string) {
		if !isOneLine(text) || text == "" {
			return // it is not offered
		}
		var code strings.Builder
		code.WriteString(`builtin printf '%s\0'`)
		for _, quotes := range [][2]string{{"", ""}, {`"`, `"`}, {"'", "'"}, {"$'", "'"}} {
			quote := byte(0)
			if quotes[0] != "" {
				quote = quotes[0][0]
			}
			code.WriteString(" " + quotes[0] + quoteBash(text, quote) + quotes[1])
		}
		if got, want := bash.Eval(t, code.String()), []string{text, text, text, text}; !slices.Equal(got, want) {
			t.Errorf("%q: bash reads %q in %s", text, got, code.String())
		}
	}
}

// FuzzReply: whatever is offered, and whatever has been typed, the reply is made
// of lines that hold one candidate each, and no more.
func FuzzReply(f *testing.F) {
	for i, text := range shelltest.Hostile {
		f.Add(text, shelltest.Hostile[len(shelltest.Hostile)-1-i], text)
	}
	f.Fuzz(func(t *testing.T, candidate, typed, description string) {
		answer := func(string, Line) Answer {
			return Answer{Offer: Offer{What: "thing", Candidates: []Candidate{{Text: candidate, Describe: func() string { return description }}}}}
		}
		for _, shell := range []string{"bash", "zsh", "fish"} {
			words := []string{"den", typed}
			if shell == "bash" {
				words = []string{"den", "den " + typed, typed}
			}
			var out bytes.Buffer
			if err := Reply(&out, formOf(shell), words, answer); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for scan := bufio.NewScanner(&out); scan.Scan(); {
				lines = append(lines, scan.Text())
			}
			switch {
			case shell == "bash" && len(lines) <= 1:
			case shell != "bash" && len(lines) == 1 && !isOneLine(candidate):
			case shell != "bash" && len(lines) == 2 && isOneLine(candidate):
				offered, told, _ := strings.Cut(lines[1], "\t")
				if offered != candidate || !isOneLine(told) {
					t.Errorf("%s: %q", shell, lines)
				}
			default:
				t.Errorf("%s: %q", shell, lines)
			}
		}
	})
}
