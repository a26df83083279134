package startup

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"den/cmd/hint"
	"den/lazy"
	"den/shell"
	"den/shell/shells"
)

// A Loader is the line in a start-up file that loads den.
type Loader struct {
	Shell    *shell.Shell
	Path     string // of the file
	Line     string // without the mark at its end
	InitFile string // the file that the line reads
}

// SetupMark ends each line that setup has added, and endMark the mark of one that
// came after a line without a newline.
const (
	SetupMark = " # added by den setup"
	endMark   = ", after a line without an end"
)

// IsOurs reports whether setup has written a line: it has the mark, and the code in front
// of the mark is setup's, for this den or for one at another path.
func (f Loader) IsOurs(line string) bool {
	line = strings.TrimSuffix(strings.TrimRight(line, "\r\n"), endMark)
	line, marked := strings.CutSuffix(line, SetupMark)
	return marked && slices.ContainsFunc(f.forms(), func(form string) bool {
		any := strings.NewReplacer("FILE", ".+", "PROGRAM", ".+").Replace(regexp.QuoteMeta(form))
		return regexp.MustCompile("^" + any + "$").MatchString(line)
	})
}

// forms returns the lines that setup writes in this shell, with FILE and PROGRAM for the
// paths. A shell may name what is below the home in another way.
func (f Loader) forms() (forms []string) {
	for _, program := range []string{"PROGRAM", "~/PROGRAM"} {
		forms = append(forms, f.Shell.RCLine(program))
		for _, file := range []string{"FILE", "~/FILE"} {
			forms = append(forms, f.Shell.InitFileLine(file, program))
		}
	}
	return forms
}

// Without is the file without the line that setup has written, and without the
// newline that this line needed in front of it.
func (f Loader) Without(lines []string) string {
	last := len(lines) - 1
	if lines[last] == "" { // what follows the last newline
		last--
	}
	if f.IsOurs(lines[last]) && strings.HasSuffix(strings.TrimRight(lines[last], "\r\n"), endMark) && last > 0 {
		lines[last-1] = strings.TrimSuffix(lines[last-1], "\n")
	}
	return strings.Join(slices.DeleteFunc(lines, f.IsOurs), "")
}

// attaching is the line in which ble.sh takes the prompt over: it does not show one
// that is set after that.
var attaching = lazy.Pattern(`(?m)^[^#\n]*\bble-attach\b`)

// With is the content with the line at its end, or before the line that attaches
// ble.sh; an error where it would not be a line of its own there.
func (f Loader) With(content string) (string, error) {
	if at := attaching().FindStringIndex(content); at != nil {
		before, after := content[:at[0]], content[at[0]:]
		added := before + f.Line + SetupMark + "\n" + after
		if !IsText(f.Shell, before, after) && !Breaks(f.Shell, content, added) {
			return added, nil
		}
	}
	added := content + f.Line + SetupMark + "\n"
	if content != "" && !strings.HasSuffix(content, "\n") {
		added = content + "\n" + f.Line + SetupMark + endMark + "\n"
	}
	if IsText(f.Shell, content, "") || Breaks(f.Shell, content, added) {
		err := fmt.Errorf("%s ends in the middle of a command or a here-document, and a line at its end would become a part of that", f.Path)
		return "", hint.With(err, "complete its last lines, and try again: den setup %s", f.Shell.Name)
	}
	return added, nil
}

// Loads reports whether a line loads the integration, whoever wrote it.
func Loads(line string) bool { return loadsDen().MatchString(line) || SourcesOwnWrapper(line) }

var loadsDen = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[^#]*\bden['"\x60, ]+init['", ]+(` + strings.Join(shells.Names(), "|") + "|" + Wrapper + `)\b`)
})
