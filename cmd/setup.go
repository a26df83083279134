package cmd

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
	"sync"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/installer"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

func (a *app) setupCommand() *cobra.Command {
	var undo, dryRun bool
	var from string
	c := &cobra.Command{
		Use:   "setup [" + shellChoice() + "]...",
		Short: "Add den's integration to your shell",
		Long: `Adds the line that loads den's integration to the start-up file of your shell (this
shell, or the named ones), once, at the end. Keeps a copy of the old file beside it.
With --undo, takes that line out again. Then starts that shell once, as a terminal
does, checks that it has den's words, and prints the result; the exit status is 1
if it has not. At the end, prints the command that updates den: with apt, brew,
pipx, uv, or another program that installed it.

` + shellLines(func(s *shell.Shell) (left, right string) { return s.Name, rcFileText(s) }) + `

den keeps the output of "den init" in ~/.local/share/den (in $XDG_DATA_HOME). The
line reads that file, so a new shell starts no process to load it. den writes it
anew after an update and when the settings change. If the shell cannot read it, as
on another machine with the same start-up file, the line has den print the code.

With --from virtualenvwrapper, den takes virtualenvwrapper's place: in all
start-up files of ` + joinWords(wrapperShellNames(), " and ") + ` (or of the named shells, or in files named by a
path), it changes lines that source virtualenvwrapper.sh or
virtualenvwrapper_lazy.sh. They then load den with virtualenvwrapper's functions,
from a file that den keeps likewise. It shows each line before and after; --undo
puts it back, exactly. Settings, environments and hooks stay as they are.`,
		Example: `  den setup
  den setup ` + strings.Join(shells.Names(), " ") + `
  den setup --undo
  den setup --from virtualenvwrapper --dry-run
  den setup --from virtualenvwrapper ~/dotfiles/python.sh`,
		ValidArgs: shells.Names(),
		Args:      cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			by := installer.Of(cmd.Context(), programPath())
			if err := by.CheckLasting(); err != nil && !undo {
				return err
			}
			switch from {
			case "":
			case wrapper:
				return a.moveOver(cmd.Context(), cmd.Root(), args, undo, dryRun)
			default:
				return hint.With(usagef("den cannot take the place of %q", from), "only that of virtualenvwrapper: den setup --from virtualenvwrapper")
			}
			files, err := a.startupFiles(args)
			if err != nil {
				return err
			}
			var failed exitStatus // some shell does not load it, as has been said
			for _, f := range files {
				if err := a.setUp(cmd.Context(), cmd.Root(), f, undo, dryRun); err != nil && !errors.As(err, &failed) {
					return err
				}
			}
			if undo {
				a.printf("\nTo remove den itself (it is from %s): %s\n", by.Name, by.Remove)
			} else {
				a.printf("\nTo update den (it is from %s): %s\n", by.Name, by.Update)
			}
			if failed != statusDone {
				return failed
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "", "take the place of this `tool`: virtualenvwrapper")
	c.Flags().BoolVar(&undo, "undo", false, "take the line out again")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be done and do nothing")
	return c
}

// A startupFile is the file that a shell reads when it starts, and the line in
// it that is den's.
type startupFile struct {
	dialect *shell.Shell
	path    string
	line    string // without the mark at its end
	kept    string // the file that the line reads
}

// setupMark ends each line that setup has added, and endMark the mark of one that
// came after a line without a newline.
const (
	setupMark = " # added by den setup"
	endMark   = ", after a line without an end"
)

// startupFiles returns those of the named shells, or else of the person's own.
func (a *app) startupFiles(names []string) ([]startupFile, error) {
	if len(names) == 0 {
		asking, err := a.askingShell()
		if err != nil {
			return nil, hint.With(usageError{err}, "name the shell: den setup %s", strings.Join(shells.Names(), "|"))
		}
		names = []string{asking.Name}
	}
	var files []startupFile
	for _, name := range names {
		dialect, err := shells.ByName(name)
		if err != nil {
			return nil, usageError{err}
		}
		path := dialect.RCFile(os.Getenv)
		if !filepath.IsAbs(path) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", dialect.Name)
		}
		kept := a.keptFile(dialect.Name)
		line := dialect.KeptLine(paths.Short(kept), paths.Short(programPath()))
		files = append(files, startupFile{dialect, path, line, kept})
	}
	return files, nil
}

// loads reports whether a line loads the integration, whoever wrote it.
func loads(line string) bool { return loadsDen().MatchString(line) || sourcesOwnWrapper(line) }

var loadsDen = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[^#]*\bden['"]? init (` + shellChoice(wrapper) + `)\b`)
})

// readStartup reads a start-up file, of which den can say how to go on if it
// cannot be read.
func readStartup(path string) (startup.File, error) {
	file, err := startup.Read(path)
	var dangling *startup.DanglingError
	switch {
	case errors.As(err, &dangling):
		return file, hint.With(err, "make what it leads to: mkdir -p %s && touch %s", hint.Path(filepath.Dir(dangling.Target)), hint.Path(dangling.Target))
	case errors.Is(err, disk.ErrNotRegular):
		return file, hint.With(fmt.Errorf("reading your start-up file: %w", err), "move it away, and try again: mv %s %s.old", hint.Path(path), hint.Path(path))
	case err != nil:
		return file, fmt.Errorf("reading your start-up file: %w", err)
	}
	return file, nil
}

func (a *app) setUp(ctx context.Context, root *cobra.Command, f startupFile, undo, dryRun bool) error {
	file, err := readStartup(f.path)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(file.Content, "\n")
	ours := slices.IndexFunc(lines, f.isOurs)
	loading := slices.IndexFunc(lines, loads)
	switch {
	case undo && ours >= 0:
		return a.changeStartup(ctx, root, f, file, f.without(lines), "taken out of", dryRun)
	case undo && loading >= 0 && strings.Contains(lines[loading], movedMark):
		return a.moveOver(ctx, root, []string{f.path}, undo, dryRun)
	case undo && loading >= 0:
		err := fmt.Errorf("%s loads den in line %d, but not by a line that \"den setup\" added", f.path, loading+1)
		return hint.With(err, "take out this line yourself: %s", strings.TrimSpace(lines[loading]))
	case undo:
		a.printf("%s has no line of den's: nothing to undo\n", f.path)
		return nil
	case ours >= 0 && !strings.HasPrefix(lines[ours], f.line+setupMark):
		lines[ours] = f.line + lines[ours][strings.LastIndex(lines[ours], setupMark):]
		return a.changeStartup(ctx, root, f, file, strings.Join(lines, ""), "changed in", dryRun)
	case loading < 0:
		added, err := f.with(file.Content)
		if err != nil {
			return err
		}
		return a.changeStartup(ctx, root, f, file, added, "added to", dryRun)
	}
	if ours >= 0 && !dryRun {
		if err := a.keep(root, f.dialect); err != nil {
			return err
		}
	}
	a.printf("%s loads den already, in line %d:\n    %s\n", f.path, loading+1, strings.TrimSpace(lines[loading]))
	if dryRun {
		return nil
	}
	return a.tryNew(ctx, f)
}

// isOurs reports whether setup has written a line: it has the mark, and in front of
// it what setup writes, be it for a den elsewhere.
func (f startupFile) isOurs(line string) bool {
	line = strings.TrimSuffix(strings.TrimRight(line, "\r\n"), endMark)
	line, marked := strings.CutSuffix(line, setupMark)
	return marked && slices.ContainsFunc([]string{f.dialect.KeptLine("FILE", "PROGRAM"), f.dialect.RCLine("PROGRAM")}, func(form string) bool {
		any := strings.NewReplacer("FILE", ".+", "PROGRAM", ".+").Replace(regexp.QuoteMeta(form))
		return regexp.MustCompile("^" + any + "$").MatchString(line)
	})
}

// without is the file without the line that setup has written, and without the
// newline that this line needed in front of it.
func (f startupFile) without(lines []string) string {
	last := len(lines) - 1
	if lines[last] == "" { // what follows the last newline
		last--
	}
	if f.isOurs(lines[last]) && strings.HasSuffix(strings.TrimRight(lines[last], "\r\n"), endMark) && last > 0 {
		lines[last-1] = strings.TrimSuffix(lines[last-1], "\n")
	}
	return strings.Join(slices.DeleteFunc(lines, f.isOurs), "")
}

// attaching is the line in which ble.sh takes the prompt over: it does not show one
// that is set after that.
var attaching = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[^#\n]*\bble-attach\b`) })

// with is the content with the line at its end, or before the line that attaches
// ble.sh; an error where it would not be a line of its own there.
func (f startupFile) with(content string) (string, error) {
	if at := attaching().FindStringIndex(content); at != nil {
		before, after := content[:at[0]], content[at[0]:]
		added := before + f.line + setupMark + "\n" + after
		if !startup.IsText(f.dialect, before, after) && !startup.Breaks(f.dialect, content, added) {
			return added, nil
		}
	}
	added := content + f.line + setupMark + "\n"
	if content != "" && !strings.HasSuffix(content, "\n") {
		added = content + "\n" + f.line + setupMark + endMark + "\n"
	}
	if startup.IsText(f.dialect, content, "") || startup.Breaks(f.dialect, content, added) {
		err := fmt.Errorf("%s ends in the middle of a command or a here-document, of which a line at its end would be a part", f.path)
		return "", hint.With(err, "bring its last lines to an end, and try again: den setup %s", f.dialect.Name)
	}
	return added, nil
}

// changeStartup puts the changed content into the file.
func (a *app) changeStartup(ctx context.Context, root *cobra.Command, f startupFile, file startup.File, changed, done string, dryRun bool) error {
	if dryRun {
		a.printf("would be %s %s:\n    %s\n", done, f.path, f.line)
		return nil
	}
	undo := !strings.Contains(changed, f.line)
	_, err := os.Stat(f.kept)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err = nil; !undo { // before the line, for a shell may start at any moment
		err = a.keep(root, f.dialect)
	}
	var backup string
	if err == nil {
		backup, err = file.Replace(changed)
	}
	if err != nil && isNew {
		err = errors.Join(err, removeKept(f.kept))
	}
	if _, untrusted := errors.AsType[*disk.UntrustedError](err); untrusted {
		return err // of the directory in which the functions are kept
	}
	if err != nil {
		return hint.With(fmt.Errorf("changing your start-up file: %w", err), "if something else writes that file for you, give it this line: %s", f.line)
	}
	a.printf("%s %s:\n    %s\n", done, f.path, f.line)
	if backup != "" {
		a.printf("the file as it was: %s\n", backup)
	}
	a.noteNames(file)
	if undo {
		return removeKept(f.kept)
	}
	if err := a.tryNew(ctx, f); err != nil {
		return err
	}
	a.noteLogin(f)
	return nil
}

// noteNames tells of a file that has been changed under its other names too.
func (a *app) noteNames(file startup.File) {
	if n := file.Names(); n > 1 {
		a.notef("%s has %d names (hard links), and has changed under all of them", file.Path, n)
	}
}

// removeKept removes what setup has kept in a file. Shells that have loaded it
// need it no more.
func removeKept(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // unless something else is in it
	return nil
}

// noteLogin tells of login shells that read another file, the first of some, in
// place of the start-up file.
func (a *app) noteLogin(f startupFile) {
	if len(f.dialect.LoginFiles) == 0 {
		return
	}
	dir, base := filepath.Split(f.path)
	for _, login := range f.dialect.LoginFiles {
		path := filepath.Join(dir, login)
		content, err := disk.ReadSmall(path)
		if err != nil {
			continue
		}
		if !strings.Contains(string(content), strings.TrimPrefix(base, ".")) {
			a.notef("login shells read %s, which does not load %s", path, f.path)
			a.hintf("to load it there: echo '. %s' >> %s", paths.Short(f.path), hint.Path(path))
		}
		return
	}
	login := filepath.Join(dir, f.dialect.LoginFiles[0])
	a.notef("login shells read %s, which is not there", login)
	a.hintf("if you use them (macOS terminals, ssh): echo '. %s' > %s", paths.Short(f.path), hint.Path(login))
}
