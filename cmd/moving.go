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

	"den/cmd/startup"
	"den/env/disk"
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
	program := inLine(programPath())
	load := bourne.VirtualenvwrapperLine(program)
	if kept := a.keptFile(wrapper); kept != "" {
		load = bourne.VirtualenvwrapperKeptLine(inLine(kept), program)
	}
	change := func(line string) string { return changedLine(line, load, program) }
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
	return withHint(err, "if another file does, name it: den setup --from virtualenvwrapper FILE; to load den without: den setup")
}

// wrapperFiles are the files named, or those that bash and zsh, or the one of
// them that is named, read when they start.
func wrapperFiles(names []string) ([]string, error) {
	var paths []string
	if len(names) == 0 {
		names = []string{"bash", "zsh"}
	}
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
		var files []string
		switch dialect, err := shells.ByName(name); {
		case err != nil:
			return nil, withHint(usageError{err}, "a file is named by its path: ./%s", name)
		case name == "bash":
			files = []string{".bashrc", ".bash_profile", ".bash_login", ".profile", ".bash_aliases"}
		case name == "zsh":
			files = []string{".zshrc", ".zshenv", ".zprofile", ".zlogin"}
		default:
			return nil, withHint(usagef("there is no virtualenvwrapper for %s", dialect.Name), "den setup %s", dialect.Name)
		}
		dialect, _ := shells.ByName(name)
		dir := filepath.Dir(dialect.RCFile(os.Getenv))
		if !filepath.IsAbs(dir) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", name)
		}
		for _, file := range files {
			paths = append(paths, filepath.Join(dir, file))
		}
	}
	return existing(paths), nil
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
	done, err := a.replaceMoved(root, files, undo)
	if err != nil {
		return err
	}
	if done == 0 {
		return withHint(fmt.Errorf("den does not know how to change %s", plural(left, "that line", "those lines")), `load den yourself in place of virtualenvwrapper.sh: %s`, bourne.VirtualenvwrapperLine(inLine(programPath())))
	}
	if !undo {
		a.printf("\nIt works in new shells. Your environments and hooks stay as they are; the way back: den setup --from virtualenvwrapper --undo\n")
	}
	return nil
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
		if err != nil {
			return done, withHint(fmt.Errorf("changing %s: %w", file.Path, err), "if something else writes that file for you, change the line there")
		}
		a.printf("changed %s; the file as it was: %s\n", file.Path, backup)
		done++
	}
	if undo && done > 0 && !a.readsKept() {
		return done, removeKept(kept)
	}
	return done, nil
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
		if plugin().MatchString(withoutComment(line.old)) {
			a.hintf("take the plugin out, and add at the end of the file: %s", bourne.VirtualenvwrapperLine(inLine(programPath())))
		}
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

var (
	// sourceCommand matches a command that sources a file.
	sourceCommand = pattern(`(^|[\s;&|({])(?:\\?(?:builtin|command)\s+)?\\?(?:source|\.)\s+` + shellWordPattern)
	// asking matches what asks whether a file or a program is there.
	asking = pattern(`((?:^|[\s!])-[efrsxhLnz]\s+|\b(?:command -v|which|hash|type(?: -\w+)?|whence(?: -\w+)?)\s+)` + shellWordPattern)
	// namesWrapper matches where a word, or a line, names what virtualenvwrapper
	// is sourced from, as it was installed or as Debian has it.
	namesWrapper = pattern(`\bvirtualenvwrapper(?:_lazy)?\.sh\b|\b(?:bash_completion\.d|completions)/virtualenvwrapper\b|\$\{?VIRTUALENVWRAPPER_SCRIPT\b`)
	// setsScript matches a setting that names it, which may stay.
	setsScript = pattern(`^\s*(?:export\s+)?VIRTUALENVWRAPPER_SCRIPT=\S*\s*$`)
	// plugin matches a line that loads oh-my-zsh's plugin, or one of a list that
	// does.
	plugin = pattern(`^\s*plugins\+?=\(.*\bvirtualenvwrapper\b|^[\w\s-]*\bvirtualenvwrapper\b[\w\s-]*\)?\s*$|\bplugins/virtualenvwrapper\b|OMZP::virtualenvwrapper\b`)
)

// changedLine is the line with den in the place of virtualenvwrapper: where its
// script was sourced, load is done, and where it was looked for, the program is.
// It is the line itself where it has nothing to do with it, and "" where it has,
// in a way that is not understood.
func changedLine(line, load, program string) string {
	code := withoutComment(line)
	switch {
	case plugin().MatchString(code):
		return ""
	case !namesWrapper().MatchString(code), setsScript().MatchString(code), sourcesOwnWrapper(line):
		return line
	}
	replaceWord := func(pattern *regexp.Regexp, code, with string) string {
		return pattern.ReplaceAllStringFunc(code, func(match string) string {
			parts := pattern.FindStringSubmatch(match)
			if !namesWrapper().MatchString(parts[2]) {
				return match
			}
			return parts[1] + with
		})
	}
	changed := replaceWord(sourceCommand(), code, load)
	changed = replaceWord(asking(), changed, bourne.ProgramWord(program))
	if namesWrapper().MatchString(changed) || strings.HasSuffix(changed, `\`) {
		return ""
	}
	return strings.TrimRight(changed, " \t") + movedMark + strings.TrimLeft(line, " \t")
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
	var quote byte
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
			return line[:i]
		}
	}
	return line
}

// sourcesOwnWrapper reports whether the line sources a file in which den's own
// stand-in for virtualenvwrapper.sh is kept.
func sourcesOwnWrapper(line string) bool {
	parts := sourceCommand().FindStringSubmatch(withoutComment(line))
	if parts == nil || !namesWrapper().MatchString(parts[2]) {
		return false
	}
	content, err := disk.ReadSmall(expandUser(expandVariables(strings.NewReplacer(`"`, "", `'`, "").Replace(parts[2]))))
	return err == nil && bourne.IsVirtualenvwrapper(string(content))
}
