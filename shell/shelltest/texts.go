package shelltest

import (
	"math/rand/v2"
	"strings"
)

// Hostile are texts that a shell might do something with.
var Hostile = []string{
	"plain",
	" leading and  inner spaces ",
	`it's $HOME; rm -rf`,
	`$(touch pwned)`,
	"`touch pwned`",
	`${IFS}`,
	`a\b\\c\`,
	`"double"`,
	`''`,
	`'`,
	`%n%%{%F{red}`,
	`!!`,
	`!$`,
	`*?[a]`,
	`=ls`,
	`~root`,
	`-n`,
	`#comment`,
	`a&b|c<d>e`,
	`{a,b}`,
	"naïve π 漢字 🐍",
	"tab\there",
	"two\nlines",
	"\x01\x1b[31m\x7f",
	"not utf-8 \xff\xfe",
}

// fragments are the parts from which Texts makes texts: the special characters of all
// shells, and combinations that mean something.
var fragments = []string{
	"'", `"`, "`", `\`, "$", "$(", "${", "$((", ")", "}", "(", "{", "[", "]", "<", ">", "<(", "=(", "|", "&", ";", ";;", "#", "!", "!!", "!$", "^",
	"*", "?", "~", "~root", "%", "%%", "%n", "%(", "%{", "%}", "%F{red}", "=", "=ls", "@", "+", "-", "--", "-n", ",", ".", "..", "/", ":", "\n", "\r", "\t", " ", "  ",
	`\n`, `\u`, `\w`, `\$`, `\[`, `\]`, `\e`, `\x41`, `\101`, `$'`, `'\''`, `\'`, `\\`, `$"`, "$$", "$?", "$1", "$@", "$#", "$0", "${IFS}", "$HOME", "${x-y}", "${(e)x}", "$[1+1]", "$((1+1))",
	"touch pwned", "$(touch pwned)", "`touch pwned`", ";touch pwned;", "\ntouch pwned\n", "&& touch pwned", "(touch pwned)", "<(touch pwned)", "exit 1", "\nexit\n", "EOF", "\nEOF\n", "end", "fi", "done", "esac", "a", "web", "x y",
	"é", "漢", "🐍", "e\u0301", "\u202e", "\u200b", "\u00a0", "\u0085", "\ufeff", "\ufffd", "\ue000", "\uf600", "\uf627", "\uf6ff", "\uf8ff", "\ufdd0", "\ufdd5", "\ufdda", "\ufde8", "\ufdef", "\ufffe", "\U0010ffff",
	"\x01", "\x02", "\x03", "\x04", "\x07", "\x08", "\x0b", "\x0c", "\x16", "\x1b", "\x1b[31m", "\x1f", "\x7f", "\x80", "\x83", "\x84", "\x9f", "\xa0", "\xc0", "\xc3", "\xe6\xbc", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xfe", "\xff",
}

// Texts returns n texts, always the same for a seed: Hostile, then every byte
// but NUL, within and at the end of a text, then what chance makes of fragments.
func Texts(n int, seed uint64) []string {
	texts := append([]string{"", strings.Repeat("x", 255), strings.Repeat(`'\`, 127), strings.Repeat(`\'`, 2000)}, Hostile...)
	for c := 1; c < 256; c++ {
		texts = append(texts, string([]byte{'a', byte(c), byte(c), 'b', byte(c)}))
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for len(texts) < n {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			b.WriteString(fragments[random.IntN(len(fragments))])
		}
		texts = append(texts, b.String())
	}
	return texts[:n]
}
