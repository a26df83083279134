package cmd

// This file is "den setup --from virtualenvwrapper": in the start-up files, the
// lines that source virtualenvwrapper.sh become lines that load den.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/lazy"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/bourne"
	"den/shell/shells"
)

// movedMark ends each line that was changed; the line as it was follows, so
// that it can be put back whatever else has been changed since.
const movedMark = " # by den setup, in place of: "

// A moved file is a start-up file with lines to change.
type movedFile struct {
	startup.File
	lines []movedLine
}

// A movedLine is one that has to do with virtualenvwrapper.
type movedLine struct {
	number   int
	old, new string // new is "" for a line that only the person can change
}

// moveOver changes the start-up files, or back again.
func (a *app) moveOver(ctx context.Context, root *cobra.Command, names []string, undo, dryRun bool) error {
	paths, err := wrapperFiles(names)
	if err != nil {
		return err
	}
	change := a.wrapperReplacement().changedLine
	if undo {
		change = restoredLine
	}
	var files []movedFile
	already := false
	for _, path := range paths {
		file, err := readMoved(path, change)
		if err != nil {
			return err
		}
		if !undo {
			file.keepParsing(a.readerOf(path))
		}
		already = already || strings.Contains(file.Content, movedMark)
		if len(file.lines) > 0 {
			files = append(files, file)
		}
	}
	switch {
	case len(files) > 0:
		return a.changeFiles(ctx, root, files, undo, dryRun)
	case undo:
		a.printf("no line that \"den setup\" has changed: nothing to undo\n")
		return nil
	case already:
		a.printf("den is loaded in virtualenvwrapper's place already\n")
		return nil
	}
	err = fmt.Errorf("no start-up file sources virtualenvwrapper.sh; looked at %s", joinWords(paths, " and "))
	return hint.With(err, "if another file does, name it: den setup --from virtualenvwrapper FILE; to load den without: den setup")
}

// wrapperFiles are the files named, or those that the shells that virtualenvwrapper
// is for, or those of them that are named, read when they start.
func wrapperFiles(names []string) ([]string, error) {
	if len(names) == 0 {
		for _, s := range wrapperShells() {
			names = append(names, s.Name)
		}
	}
	var paths []string
	for _, name := range names {
		if strings.Contains(name, "/") {
			if _, err := os.Stat(name); err != nil {
				return nil, fmt.Errorf("reading a start-up file: %w", err)
			}
			path, err := filepath.Abs(name)
			if err != nil {
				return nil, err
			}
			paths = append(paths, path)
			continue
		}
		s, err := shells.ByName(name)
		switch {
		case err != nil:
			return nil, hint.With(usageError{err}, "a file is named by its path: ./%s", name)
		case len(s.WrapperFiles) == 0:
			return nil, hint.With(usagef("there is no virtualenvwrapper for %s", s.Name), "den setup %s", s.Name)
		}
		dir := filepath.Dir(s.RCFile(os.Getenv))
		if !filepath.IsAbs(dir) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", name)
		}
		for _, file := range s.WrapperFiles {
			paths = append(paths, filepath.Join(dir, file))
		}
	}
	return existing(paths), nil
}

// wrapperShells are those that can source virtualenvwrapper.sh.
func wrapperShells() []*shell.Shell {
	return slices.DeleteFunc(slices.Clone(shells.All()), func(s *shell.Shell) bool { return len(s.WrapperFiles) == 0 })
}

// existing keeps one path of each file that is there.
func existing(paths []string) []string {
	var kept []string
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !slices.ContainsFunc(kept, func(other string) bool { return sameFile(path, other) }) {
			kept = append(kept, path)
		}
	}
	return kept
}

func readMoved(path string, change func(string) string) (movedFile, error) {
	read, err := readStartup(path)
	if err != nil {
		return movedFile{}, err
	}
	file := movedFile{File: read}
	number := 0
	for line := range strings.Lines(file.Content) {
		number++
		old := strings.TrimRight(line, "\r\n")
		changed := change(old)
		if changed == old {
			continue
		}
		file.lines = append(file.lines, movedLine{number, old, changed})
	}
	return file, nil
}

// changed is the content with the new lines in it, their ends as they were.
func (f movedFile) changed() string {
	var b strings.Builder
	number, next := 0, f.lines
	for line := range strings.Lines(f.Content) {
		number++
		if len(next) > 0 && next[0].number == number {
			if next[0].new != "" {
				line = next[0].new + line[len(next[0].old):]
			}
			next = next[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// changeFiles shows what changes, and changes it.
func (a *app) changeFiles(ctx context.Context, root *cobra.Command, files []movedFile, undo, dryRun bool) error {
	left := 0
	for _, file := range files {
		left += a.printDiff(file)
	}
	if dryRun {
		return nil
	}
	shells := a.readersOf(files)
	before := a.ask(ctx, shells)
	done, err := a.replaceMoved(root, files, undo)
	if err != nil {
		return err
	}
	if done == 0 {
		return fmt.Errorf("den does not know how to change %s", plural(left, "that line", "those lines"))
	}
	if undo {
		return nil
	}
	return a.sayMoved(files, shells, before, a.ask(ctx, shells))
}

// A reader is a shell that reads start-up files that have been changed.
type reader struct {
	dialect *shell.Shell
	file    string // its start-up file
	login   bool   // whether only a login shell reads them
}

// readersOf returns, for each kind of shell, one that reads the files that change.
func (a *app) readersOf(files []movedFile) []reader {
	var readers []reader
	for _, file := range files {
		if file.changed() == file.Content {
			continue
		}
		d := a.readerOf(file.Path)
		r := reader{d, d.RCFile(os.Getenv), slices.Contains(d.Trial.LoginOnly, filepath.Base(file.Path))}
		switch i := slices.IndexFunc(readers, func(other reader) bool { return other.dialect.Name == d.Name }); {
		case i < 0:
			readers = append(readers, r)
		case !r.login:
			readers[i] = r
		}
	}
	return readers
}

// readerOf is the shell that reads a start-up file: the one that its name tells,
// or else the one that asks.
func (a *app) readerOf(path string) *shell.Shell {
	base, all := filepath.Base(path), wrapperShells()
	for _, s := range all {
		if slices.Contains(s.WrapperFiles, base) || strings.Contains(base, s.Name) {
			return s
		}
	}
	if asking, err := a.askingShell(); err == nil && len(asking.WrapperFiles) > 0 {
		return asking
	}
	return all[0]
}

// ask starts each of the shells and asks it. One that cannot be asked says nothing.
func (a *app) ask(ctx context.Context, readers []reader) []startup.Answer {
	stop := a.spin("starting a new shell")
	defer stop()
	answers := make([]startup.Answer, len(readers))
	for i, r := range readers {
		answers[i], _ = startup.Try(ctx, r.dialect, r.file, r.login)
	}
	return answers
}

// sayMoved says what is true of new shells. If one had workon before, and has none
// of den's now, the files are as they were again.
func (a *app) sayMoved(files []movedFile, readers []reader, before, after []startup.Answer) error {
	works := true
	for i, r := range readers {
		if before[i].Workon && !after[i].Words {
			err := fmt.Errorf("a new %s would not have den's words", r.dialect.Name)
			for _, file := range files {
				err = errors.Join(err, file.putBack())
			}
			if !a.readsKept() {
				err = errors.Join(err, removeKept(a.keptFile(wrapper)))
			}
			a.printf("put back what was there\n")
			return hint.With(err, "load den yourself in place of virtualenvwrapper.sh: %s", bourne.VirtualenvwrapperLine(paths.Short(programPath())))
		}
		if !after[i].Words {
			works = false
			a.notef("a new %s does not have den's words from the start, as it did not have virtualenvwrapper's", r.dialect.Name)
		}
	}
	a.printf("\n")
	if works {
		a.printf("It works in new shells. ")
	}
	a.printf("Your environments and hooks stay as they are; the way back: den setup --from virtualenvwrapper --undo\n")
	return nil
}

// putBack makes the file what it was before it was changed.
func (f movedFile) putBack() error {
	if f.changed() == f.Content {
		return nil
	}
	now, err := startup.Read(f.Path)
	if err == nil {
		_, err = now.Replace(f.Content)
	}
	return err
}

// keepParsing leaves to the person each line that the shell's own parser does not
// read as code, or with which it would not take the file any more.
func (f movedFile) keepParsing(d *shell.Shell) {
	breaks := func(lines []movedLine) bool {
		return startup.Breaks(d, f.Content, movedFile{f.File, lines}.changed())
	}
	lines := strings.SplitAfter(f.Content, "\n")
	for i, line := range f.lines {
		before, after := lines[:line.number-1], lines[line.number:]
		if startup.IsText(d, strings.Join(before, ""), strings.Join(after, "")) || breaks(f.lines[i:i+1]) {
			f.lines[i].new = ""
		}
	}
	if !breaks(f.lines) {
		return
	}
	for i := range f.lines {
		f.lines[i].new = ""
	}
}

// replaceMoved changes the files, after what their lines read is there and before
// it goes, for a shell may start at any moment. It returns how many it changed.
func (a *app) replaceMoved(root *cobra.Command, files []movedFile, undo bool) (done int, err error) {
	kept := a.keptFile(wrapper)
	_, err = os.Stat(kept)
	isNew := errors.Is(err, fs.ErrNotExist)
	for _, file := range files {
		changed := file.changed()
		if changed == file.Content {
			continue
		}
		err = nil
		if !undo && kept != "" {
			err = a.keepWrapper(root)
		}
		var backup string
		if err == nil {
			backup, err = file.Replace(changed)
		}
		if err != nil && isNew && done == 0 && !undo {
			err = errors.Join(err, removeKept(kept))
		}
		if _, untrusted := errors.AsType[*disk.UntrustedError](err); untrusted {
			return done, err // of the directory in which the functions are kept
		}
		if err != nil {
			return done, hint.With(fmt.Errorf("changing %s: %w", file.Path, err), "if something else writes that file for you, change the line there")
		}
		a.printf("changed %s%s\n", file.Path, backupNote(backup))
		a.noteNames(file.File)
		done++
	}
	if undo && done > 0 && !a.readsKept() {
		return done, removeKept(kept)
	}
	return done, nil
}

func backupNote(backup string) string {
	if backup == "" { // it is as it was before den came
		return ""
	}
	return "; the file as it was: " + backup
}

// readsKept reports whether a start-up file still has a line that setup has
// changed. One elsewhere that has does without what is kept.
func (a *app) readsKept() bool {
	paths, _ := wrapperFiles(nil)
	return slices.ContainsFunc(paths, func(path string) bool {
		text, err := disk.ReadSmall(path)
		return err == nil && strings.Contains(string(text), movedMark)
	})
}

// printDiff shows the lines that change, and tells of those that only the
// person can change; it returns how many these are.
func (a *app) printDiff(file movedFile) (left int) {
	for _, line := range file.lines {
		if line.new != "" {
			a.printf("%s, line %d:\n%s\n%s\n", file.Path, line.number,
				a.colored(red, "- "+printable(line.old)), a.colored(green, "+ "+printable(line.new)))
			continue
		}
		left++
		a.warnf("line %d of %s has to do with virtualenvwrapper, and is left for you to change: %s", line.number, file.Path, printable(strings.TrimSpace(line.old)))
		how := "load den yourself in place of virtualenvwrapper.sh"
		if plugin().MatchString(withoutComment(line.old)) {
			how = "take the plugin out, and add at the end of the file"
		}
		a.hintf("%s: %s", how, bourne.VirtualenvwrapperLine(paths.Short(programPath())))
	}
	return left
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// A word of the shell, for as much as lines that source a file use.
const shellWordPattern = `((?:"(?:\$\([^()]*\)|[^"])*"|'[^']*'|\$\([^()]*\)|\$\{[^}]*\}|` + "`[^`]*`" + `|[^\s;&|(){}<>"'` + "`" + `])+)`

// findCommand matches a command that tells where a program is.
const findCommand = `(?:command -v|which|hash|type(?: -\w+)?|whence(?: -\w+)?)`

var (
	// sourceCommand matches a command that sources a file.
	sourceCommand = lazy.Pattern(`(^|[\s;&|({])(?:\\?(?:builtin|command)\s+)?\\?(?:source|\.)\s+` + shellWordPattern)
	// asking matches what asks whether a file or a program is there.
	asking = lazy.Pattern(`((?:(?:^|[\s!])-[aefrsxhLnz]|\b` + findCommand + `)\s+)` + shellWordPattern)
	// noting matches what keeps the path of a program in a variable.
	noting = lazy.Pattern(`(\b\w+="?(?:\$\(|` + "`" + `)\s*\\?` + findCommand + `\s+)` + shellWordPattern)

	// commandStarts matches the code in front of a command, commandEnds what
	// follows one that has no more arguments, and afterAssignments the code in
	// front of a command to which variables are given.
	commandStarts    = lazy.Pattern(`(?:^|[;&|(){}` + "`" + `]|\b(?:then|do|else|elif|if|while|until|time)\s|!\s)\s*$`)
	commandEnds      = lazy.Pattern(`^\s*(?:$|[;&|)}` + "`" + `]|\d?[<>])`)
	afterAssignments = lazy.Pattern(`(?:^|[;&|({]|\b(?:then|do|else)\s)\s*(?:\w+=\S*\s+)+$`)
	// printsAnswer matches the code in front of the word of a command that prints
	// the path that it finds, inSubstitution that of one in a substitution, piped
	// what follows one in a pipe; inTest matches the code in front of an operand.
	printsAnswer   = lazy.Pattern(`\b` + findCommand + `\s+$`)
	inSubstitution = lazy.Pattern("(?:\\$\\(|`)\\s*\\\\?" + findCommand + `\s+$`)
	piped          = lazy.Pattern(`^\s*(?:\d?>\s*[^\s|]+\s*)*\|(?:$|[^|])`)
	inTest         = lazy.Pattern(`(?:^|[\s;&|!({])(?:\[\[?|test)\s[^;]*$`)

	// namesWrapper matches where a word, or a line, names what virtualenvwrapper
	// is sourced from, as it was installed or as Debian has it.
	namesWrapper = lazy.Pattern(`\bvirtualenvwrapper(?:_lazy)?\.sh\b|\b(?:bash_completion\.d|completions)/virtualenvwrapper\b|\$\{?VIRTUALENVWRAPPER_SCRIPT\b`)
	// setsScript matches a setting that names it, which may stay.
	setsScript = lazy.Pattern(`^\s*(?:export\s+)?VIRTUALENVWRAPPER_SCRIPT=\S*\s*$`)
	// plugin matches a line that loads oh-my-zsh's plugin or pyenv's, or one of a
	// list that does.
	plugin = lazy.Pattern(`^\s*plugins\+?=\(.*\bvirtualenvwrapper\b|^[\w\s-]*\bvirtualenvwrapper\b[\w\s-]*\)?\s*$|\bplugins/virtualenvwrapper\b|OMZP::virtualenvwrapper\b|\bpyenv\s+virtualenvwrapper(?:_lazy)?\b`)
)

// A replacement is what stands for virtualenvwrapper.sh in a line.
type replacement struct {
	load    string // a command, for the one that sources it
	program string // a path, where it is only looked for
	script  string // a path, where it is sourced as a word, or noted to be so later
}

func (a *app) wrapperReplacement() replacement {
	program := paths.Short(programPath())
	r := replacement{load: bourne.VirtualenvwrapperLine(program), program: bourne.ProgramWord(program)}
	if kept := a.keptFile(wrapper); kept != "" {
		r.load = bourne.VirtualenvwrapperKeptLine(paths.Short(kept), program)
		r.script = bourne.ProgramWord(paths.Short(kept))
	}
	return r
}

// changedLine is the line with den in the place of virtualenvwrapper: where its
// script was sourced, load is done; where it was looked for, the program is; where
// it was found and noted, to be sourced later, the script is. It is the line itself
// where it has nothing to do with it, and "" where it has, in a way that is not
// understood.
func (r replacement) changedLine(line string) string {
	code := withoutComment(line)
	switch {
	case plugin().MatchString(code):
		return ""
	case !namesWrapper().MatchString(code), setsScript().MatchString(code), sourcesOwnWrapper(line):
		return line
	}
	changed := replaceWord(noting(), code, func(string, string) string { return r.script })
	changed = replaceWord(sourceCommand(), changed, r.sourced)
	changed = replaceWord(asking(), changed, r.asked)
	if namesWrapper().MatchString(changed) || strings.HasSuffix(changed, `\`) {
		return ""
	}
	return strings.TrimRight(changed, " \t") + movedMark + strings.TrimLeft(line, " \t")
}

// sourced is what stands for a command that sources the script, between what is
// before it and after it: a command only where a command may stand.
func (r replacement) sourced(before, after string) string {
	switch {
	case isQuoted(before):
		return ""
	case commandStarts().MatchString(before) && commandEnds().MatchString(after):
		return r.load
	case r.script != "" && (commandStarts().MatchString(before) || afterAssignments().MatchString(before)):
		return ". " + r.script
	}
	return ""
}

// asked is what stands for the script where something asks for it, if the answer
// is not kept.
func (r replacement) asked(before, after string) string {
	if isQuoted(before) || printsAnswer().MatchString(before) && (inSubstitution().MatchString(before) || piped().MatchString(after)) {
		return ""
	}
	if !printsAnswer().MatchString(before) && !inTest().MatchString(before) {
		return ""
	}
	return r.program
}

// replaceWord replaces what the pattern matches, but for its first group, by what
// with returns for the code before and after it, wherever its second group is a
// word that names virtualenvwrapper's script. "" leaves it.
func replaceWord(pattern *regexp.Regexp, code string, with func(before, after string) string) string {
	var b strings.Builder
	end := 0
	for _, match := range pattern.FindAllStringSubmatchIndex(code, -1) {
		if !namesWrapper().MatchString(code[match[4]:match[5]]) {
			continue
		}
		if text := with(code[:match[3]], code[match[1]:]); text != "" {
			b.WriteString(code[end:match[3]] + text)
			end = match[1]
		}
	}
	return b.String() + code[end:]
}

// restoredLine is the line as it was before changedLine.
func restoredLine(line string) string {
	changed, old, found := strings.Cut(line, movedMark)
	if !found {
		return line
	}
	return changed[:len(changed)-len(strings.TrimLeft(changed, " \t"))] + old
}

// withoutComment is the line up to a comment.
func withoutComment(line string) string {
	line, _ = cutComment(line)
	return line
}

// isQuoted reports whether what follows the code is in quotes.
func isQuoted(code string) bool {
	_, quote := cutComment(code)
	return quote != 0
}

// cutComment returns the line up to a comment, and the quote that is open there.
func cutComment(line string) (code string, quote byte) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#' && (i == 0 || strings.IndexByte(" \t;&|()", line[i-1]) >= 0):
			return line[:i], 0
		}
	}
	return line, quote
}

// sourcesOwnWrapper reports whether the line sources a file in which den's own
// stand-in for virtualenvwrapper.sh is kept.
func sourcesOwnWrapper(line string) bool {
	parts := sourceCommand().FindStringSubmatch(withoutComment(line))
	if parts == nil || !namesWrapper().MatchString(parts[2]) && !strings.HasSuffix(parts[2], keptName(wrapper)) {
		return false
	}
	content, err := disk.ReadSmall(paths.Expand(strings.NewReplacer(`"`, "", `'`, "").Replace(parts[2])))
	return err == nil && bourne.IsVirtualenvwrapper(string(content))
}
