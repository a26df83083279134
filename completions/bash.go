package completions

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bash's programmable completion hands over the line as it was typed and wants
// back texts to put in place of its end. Its own splitting (COMP_WORDS) is at
// every character of COMP_WORDBREAKS, which people set, and leaves the quotes.
// So the line is read here as bash would read it, but that nothing is run.

// A bashWord is a word of a line, as far as it is typed.
type bashWord struct {
	start    int    // where in the line it begins
	raw      string // as typed
	value    string // without its quotes; $VARIABLES and ~ stay
	expanded string // with $VARIABLES and ~ replaced
	quote    byte   // the quote that is open at the end: ' or ", $ for $'…', 0 for none
}

// replyBash writes what may stand in place of the end of a line that bash
// replaces, in the quotes that are open before it. args are the line up to the
// cursor; that end of it; what of the line comes after the cursor; and "on"
// where readline is to ignore case.
//
// In the place of an argument of another command there is a line first that
// begins with a tab: the directory in which its programs are looked for first,
// a tab, and the line from the name of that command on.
func replyBash(out *bufio.Writer, args []string, answer func(Line) Answer) {
	args = append(args, make([]string, 4)...) // none is missing
	line := args[0]
	words, redirected := readBash(line)
	p := bashPlace{bashWord: words[len(words)-1], ignoreCase: args[3] == "on"}
	kept, ok := strings.CutSuffix(p.raw, args[1])
	p.kept = lastBashWord(kept)
	p.rest, ok = p.after(args[2]), ok && strings.HasPrefix(p.value, p.kept.value)
	var a Answer
	switch {
	case !ok:
	case redirected:
		a = Answer{Offer: Offer{Paths: AnyFile}, Word: p.value}
	case len(words) > 1:
		values := make([]string, len(words)-1)
		for i, w := range words[1:] {
			values[i] = w.value
		}
		a = answer(Line{Words: values, Fits: p.fits})
	}
	if a.Command != nil {
		if text := line[words[len(words)-1-a.After].start:]; isOneLine(a.Command.Bin + text) {
			fmt.Fprintf(out, "\t%s\t%s\n", a.Command.Bin, text)
		}
	}
	for _, reply := range p.replies(a) {
		out.WriteString(reply)
		out.WriteByte('\n')
	}
}

// A bashPlace is the word that the cursor is in.
type bashPlace struct {
	bashWord            // up to the cursor
	kept       bashWord // the part of it that bash does not replace
	rest       string   // the part after the cursor, without its quotes
	ignoreCase bool
}

// after is the rest of the word at the beginning of the line after the cursor.
func (w bashWord) after(line string) string {
	if w.quote != 0 {
		line = openingQuote[w.quote] + line
	}
	if words, _ := readBash(line); words[0].start == 0 {
		return words[0].value
	}
	return ""
}

// openingQuote is how each quote begins.
var openingQuote = map[byte]string{'\'': "'", '"': `"`, '$': "$'"}

// fits reports whether the word can become the text. The parts before and after the
// cursor stay, but for the case of the replaced letters.
func (p bashPlace) fits(text string) bool {
	text, ok := strings.CutPrefix(text, p.kept.value)
	text, ends := strings.CutSuffix(text, p.rest)
	typed := p.value[len(p.kept.value):]
	return ok && ends && (strings.HasPrefix(text, typed) || p.ignoreCase && hasPrefixFold(text, typed))
}

// replies are the texts that go in the place.
func (p bashPlace) replies(a Answer) []string {
	var replies []string
	for _, c := range a.Candidates {
		if full := a.Prefix + c.Text; p.fits(full) && isOneLine(full) {
			full = strings.TrimSuffix(full, p.rest)
			replies = append(replies, quoteBash(full[len(p.kept.value):], p.kept.quote))
		}
	}
	if a.Paths != NoPaths {
		replies = append(replies, p.pathReplies(a)...)
	}
	return balance(replies, p.kept.quote)
}

// pathReplies keeps the directory as it was typed, with its $VARIABLES, where
// the rest of the word is quoted in one way.
func (p bashPlace) pathReplies(a Answer) []string {
	dir := p.directory()
	if len(dir.raw) < len(p.kept.raw) || dir.quote != p.quote {
		dir = p.kept
	}
	typed, base := splitPath(a.Word)
	listed, _ := splitPath(strings.TrimPrefix(p.expanded, a.Prefix))
	if a.Root != "" {
		listed = filepath.Join(a.Root, listed)
	}
	var replies []string
	for _, name := range a.listPaths(listed, base, func(name string) bool { return p.fits(a.Prefix + typed + name) }) {
		if p.rest != "" {
			name = strings.TrimSuffix(strings.TrimSuffix(name, "/"), p.rest)
		}
		path := a.Prefix + typed + name
		replies = append(replies, dir.raw[len(p.kept.raw):]+quoteBash(path[len(dir.value):], dir.quote))
	}
	return replies
}

// directory is the part of the word up to its last slash.
func (w bashWord) directory() bashWord {
	for i := len(w.raw); i > 0; i-- {
		if w.raw[i-1] != '/' {
			continue
		}
		if part := lastBashWord(w.raw[:i]); strings.HasSuffix(part.value, "/") {
			return part
		}
	}
	return bashWord{}
}

// balance makes the replies go with what readline does about an open quote. It
// closes the quote after a reply, unless that ends in such a character already,
// and takes a first character that is one for the opening quote itself.
func balance(replies []string, quote byte) []string {
	mark := "'"
	switch quote {
	case 0:
		return replies
	case '"':
		mark = `"`
	}
	opening := ""
	for _, reply := range replies {
		if strings.HasPrefix(reply, mark) {
			opening = mark
		}
	}
	for i, reply := range replies {
		if strings.HasSuffix(reply, mark) {
			reply += mark
		}
		replies[i] = opening + reply
	}
	return replies
}

// quoteBash writes a text so that bash reads it as it is, inside the quote that
// is open. An exclamation mark stands outside of double quotes, where only that
// keeps it from being taken for history.
func quoteBash(text string, quote byte) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case quote == '\'' && c == '\'':
			b.WriteString(`'\''`)
			continue
		case quote == '"' && c == '!':
			b.WriteString(`"\!"`)
			continue
		case quote == '"' && strings.IndexByte("\"\\$`", c) >= 0,
			quote == '$' && (c == '\'' || c == '\\'),
			quote == 0 && (strings.IndexByte(" \"'\\$`!&|;<>()[]{}*?#^", c) >= 0 || c == '~' && i == 0):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// lastBashWord reads a part of a word, or several.
func lastBashWord(raw string) bashWord {
	words, _ := readBash(raw)
	return words[len(words)-1]
}

// readBash splits the last command of a line into words. There is at least one: the
// last word, empty after a blank. redirected reports whether the last word is the
// target of a redirection; readBash leaves other such targets out.
func readBash(line string) (words []bashWord, redirected bool) {
	r := bashReader{line: line}
	for r.at < len(line) {
		r.step()
	}
	return append(r.words, r.word()), r.redirected
}

// A bashReader reads a line.
type bashReader struct {
	line  string
	at    int
	words []bashWord

	start           int // of the present word
	quote           byte
	value, expanded strings.Builder
	redirected      bool // the present word is the target of a redirection
}

// word is the present word.
func (r *bashReader) word() bashWord {
	return bashWord{r.start, r.line[r.start:r.at], r.value.String(), r.expanded.String(), r.quote}
}

// end ends the present word, if one has begun.
func (r *bashReader) end() {
	if r.at > r.start {
		if !r.redirected {
			r.words = append(r.words, r.word())
		}
		r.redirected = false
	}
	r.value.Reset()
	r.expanded.Reset()
}

// take takes the next byte, if there is one, for a literal part of the word.
func (r *bashReader) take() {
	if r.at < len(r.line) {
		r.value.WriteByte(r.line[r.at])
		r.expanded.WriteByte(r.line[r.at])
		r.at++
	}
}

// open begins or ends a quote, n bytes long.
func (r *bashReader) open(quote byte, n int) {
	r.quote = quote
	r.at += n
}

// next is the byte after the present one, or 0.
func (r *bashReader) next() byte {
	if r.at+1 < len(r.line) {
		return r.line[r.at+1]
	}
	return 0
}

// step reads on, by a character or a few.
func (r *bashReader) step() {
	c := r.line[r.at]
	switch {
	case r.quote == 0:
		r.stepUnquoted(c)
	case r.quote == '"' && c == '"', r.quote != '"' && c == '\'':
		r.open(0, 1)
	case r.quote == '"' && c == '$':
		r.variable()
	case r.quote == '"' && c == '\\' && strings.IndexByte("\"\\$`", r.next()) >= 0, r.quote == '$' && c == '\\':
		r.at++
		r.take()
	default:
		r.take()
	}
}

func (r *bashReader) stepUnquoted(c byte) {
	switch c {
	case '\\':
		r.at++
		r.take()
	case '\'', '"':
		r.open(c, 1)
	case '$':
		if r.next() == '\'' {
			r.open('$', 2)
		} else {
			r.variable()
		}
	case '~':
		r.tilde()
	case ' ', '\t', '\n':
		r.end()
		r.at++
		r.start = r.at
	case '<', '>':
		r.redirection()
	case ';', '|', '&', '(', ')':
		r.end()
		r.at++
		r.start = r.at
		if c != '&' || !strings.HasPrefix(r.line[r.at:], ">") { // &> redirects
			r.words, r.redirected = nil, false
		}
	default:
		r.take()
	}
}

// redirection reads the sign of one. Digits right before it are part of it.
func (r *bashReader) redirection() {
	if strings.Trim(r.line[r.start:r.at], "0123456789") != "" {
		r.end()
	}
	r.value.Reset()
	r.expanded.Reset()
	for r.at < len(r.line) && strings.IndexByte("<>&|", r.line[r.at]) >= 0 {
		r.at++
	}
	r.start = r.at
	r.redirected = true
}

// tilde reads one, which is the home directory only at the start of a word and
// of a path.
func (r *bashReader) tilde() {
	home := os.Getenv("HOME")
	if r.at == r.start && r.next() == '/' && home != "" {
		r.value.WriteByte('~')
		r.expanded.WriteString(home)
		r.at++
		return
	}
	r.take()
}

// variable reads $NAME or ${NAME}; another dollar sign stands for itself.
func (r *bashReader) variable() {
	rest := r.line[r.at+1:]
	braced := strings.HasPrefix(rest, "{")
	rest = strings.TrimPrefix(rest, "{")
	n := 0
	for n < len(rest) && (rest[n] == '_' || isLetter(rest[n]) || n > 0 && '0' <= rest[n] && rest[n] <= '9') {
		n++
	}
	name, length := rest[:n], n+1
	if braced {
		if !strings.HasPrefix(rest[n:], "}") {
			name = ""
		}
		length += 2
	}
	if name == "" {
		r.take()
		return
	}
	r.value.WriteString(r.line[r.at : r.at+length])
	r.expanded.WriteString(os.Getenv(name))
	r.at += length
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
