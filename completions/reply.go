package completions

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode"
)

// Reply reads what a shell's script handed over for one completion, has it
// answered, and writes what the script waits for.
//
// words are the name of the command or function as it is known to the shell,
// then for zsh and fish the words after it, unquoted, the last of them up to
// the cursor; for bash the line up to the cursor, and the end of it that bash
// will replace.
//
// zsh and fish get a line with four fields, separated by tabs: what of the word
// precedes the candidates, what they are, the kind of paths that are meant
// besides, and the directory that these start from. Then a candidate a line, as
// it is, with a tab and its description if it has one. Matching and quoting is
// up to them. bash gets the texts to put in place, matched and quoted.
func Reply(w io.Writer, shellName string, words []string, answer func(name string, words []string) Answer) error {
	if len(words) < 2 {
		return fmt.Errorf("completing: %d words are too few", len(words))
	}
	out := bufio.NewWriter(w)
	switch name := words[0]; shellName {
	case "bash":
		replyBash(out, words[1], strings.Join(words[2:], ""), func(words []string) Answer { return answer(name, words) })
	case "zsh":
		writeRaw(out, answer(name, words[1:]))
	case "fish":
		writeRaw(out, answer(name, words[1:]).listed())
	default:
		return fmt.Errorf("completing: no support for the shell %q", shellName)
	}
	return out.Flush()
}

// listed is the answer with its paths among the candidates, where they start
// from a directory of their own: only zsh knows such.
func (a Answer) listed() Answer {
	if a.Paths == NoPaths || a.Root == "" {
		return a
	}
	dir, base := splitPath(a.Word)
	for _, name := range listPaths(filepath.Join(a.Root, dir), base, a.Paths) {
		a.Candidates = append(a.Candidates, Candidate{Text: dir + name})
	}
	a.Paths, a.Root = NoPaths, ""
	return a
}

func writeRaw(out *bufio.Writer, a Answer) {
	if len(a.Candidates) == 0 && a.Paths == NoPaths || !isOneLine(a.Prefix+a.Root) {
		return
	}
	fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", a.Prefix, a.What, a.Paths, a.Root)
	describing := 0
	for _, c := range a.Candidates {
		if !isOneLine(c.Text) {
			continue
		}
		out.WriteString(c.Text)
		if c.Describe != nil && strings.HasPrefix(c.Text, a.Word) {
			if describing++; describing <= maxDescribed {
				describe(out, c)
			}
		}
		out.WriteByte('\n')
	}
}

// maxDescribed is how many candidates are described: as many as a person may
// look through. To describe one can take a look at the disk.
const maxDescribed = 100

func describe(out *bufio.Writer, c Candidate) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, c.Describe())
	if text != "" {
		out.WriteByte('\t')
		out.WriteString(text)
	}
}
