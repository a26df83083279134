package completions

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"den/shell"
)

// Reply answers one question of a shell's completion script, in the form of that shell.
//
// args are the name of the command or function as it is known to the shell,
// then the words after it, unquoted, the last of them up to the cursor; or, with
// CompletionOfLine, what replyBash takes.
//
// The answer to words begins with a line of five fields, separated by tabs: the part of
// the word in front of the candidates, what they are, the kind of paths to offer too, the
// directory for these, and patterns for the names of files, separated by blanks. A line
// for each candidate follows: its text, and a tab and its description if it has one. The
// script matches and quotes.
//
// For an argument of another command, the kind is "command", the directory is the first
// one to look for programs in, and the last field is the number of words between the
// command's name and the end.
//
// The answer to a line are the texts to put in place, matched and quoted.
func Reply(w io.Writer, form shell.CompletionForm, args []string, answer func(name string, line Line) Answer) error {
	if len(args) < 2 {
		return fmt.Errorf("completing: %d words are too few", len(args))
	}
	out := bufio.NewWriter(w)
	switch name := args[0]; form {
	case shell.CompletionOfLine:
		replyBash(out, args[1:], func(line Line) Answer { return answer(name, line) })
	case shell.CompletionOfWordsRooted:
		writeRaw(out, answer(name, Line{Words: args[1:]}))
	case shell.CompletionOfWords:
		a := answer(name, Line{Words: args[1:]})
		if a.Root != "" {
			a = a.listed(nil)
		}
		writeRaw(out, a)
	case shell.CompletionOfWordsListed:
		a := answer(name, Line{Words: args[1:]})
		_, base := splitPath(a.Word)
		writeRaw(out, a.listed(func(name string) bool { return hasPrefixFold(name, base) }))
	default:
		return errors.New("completing: the shell has no form of answer")
	}
	return out.Flush()
}

// listed is the answer with its paths among the candidates, after the others: those
// with a name that fits.
func (a Answer) listed(fits func(name string) bool) Answer {
	if a.Paths == NoPaths {
		return a
	}
	dir, base := splitPath(a.Word)
	listed := withHome(dir)
	if a.Root != "" {
		listed = filepath.Join(a.Root, dir)
	}
	for _, name := range a.listPaths(listed, base, fits) {
		a.Candidates = append(a.Candidates, Candidate{Text: dir + name})
	}
	a.Paths, a.Root = NoPaths, ""
	return a
}

// header are the fields of the first line of an answer to words.
func (a Answer) header() []string {
	if a.Command != nil {
		return []string{a.Prefix, a.What, "command", a.Command.Bin, strconv.Itoa(a.After)}
	}
	pattern := ""
	if len(a.Preferred) > 0 {
		dir, base := splitPath(os.ExpandEnv(a.Word))
		entries, _ := readDir(withHome(dir))
		pattern = a.preferred(entries, func(name string) bool { return hasPrefixFold(name, base) })
	}
	return []string{a.Prefix, a.What, string(a.Paths), a.Root, pattern}
}

// withHome returns the path with the home directory for a "~" at its beginning.
func withHome(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return os.Getenv("HOME") + "/" + rest
	}
	return path
}

func writeRaw(out *bufio.Writer, a Answer) {
	header := a.header()
	if len(a.Candidates) == 0 && header[2] == "" || !isOneLine(strings.Join(header, "")) {
		return
	}
	fmt.Fprintln(out, strings.Join(header, "\t"))
	descriptions := a.describe()
	for i, c := range a.Candidates {
		if !isOneLine(c.Text) {
			continue
		}
		out.WriteString(c.Text)
		if text := descriptions[i]; text != "" {
			out.WriteByte('\t')
			out.WriteString(text)
		}
		out.WriteByte('\n')
	}
}

// maxDescribed is how many candidates are described: more than a person looks
// through. To describe one can take a look at the disk.
const maxDescribed = 250

// describe returns the descriptions of the candidates, in their order; "" for
// those that are not described.
func (a Answer) describe() []string {
	texts := make([]string, len(a.Candidates))
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var describing sync.WaitGroup
	left := maxDescribed
	for i, c := range a.Candidates {
		if c.Describe == nil || left == 0 || !strings.HasPrefix(c.Text, a.Word) {
			continue
		}
		left--
		turns <- struct{}{}
		describing.Go(func() {
			texts[i] = onOneLine(c.Describe())
			<-turns
		})
	}
	describing.Wait()
	return texts
}

// onOneLine is the text with blanks for line ends and the like.
func onOneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
