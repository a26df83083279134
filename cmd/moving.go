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
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// moveOver changes the start-up files, or back again.
func (a *app) moveOver(ctx context.Context, root *cobra.Command, names []string, undo, dryRun bool) error {
	paths, err := startup.WrapperFiles(names)
	if as[*startup.NameError](err) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	change := a.wrapperReplacement().ChangedLine
	if undo {
		change = startup.RestoredLine
	}
	var files []startup.Edit
	already := false
	for _, path := range paths {
		file, err := startup.ReadEdit(path, change)
		if err != nil {
			return err
		}
		if !undo {
			file.KeepParsing(a.readerOf(path))
		}
		already = already || strings.Contains(file.Content, startup.MovedMark)
		if len(file.Lines) > 0 {
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
	err = fmt.Errorf("no start-up file sources virtualenvwrapper.sh; looked at %s", hint.Join(paths, " and "))
	return hint.With(err, "if another file does, name it: den setup --from virtualenvwrapper FILE; to load den without: den setup")
}

// changeFiles shows what changes, and changes it.
func (a *app) changeFiles(ctx context.Context, root *cobra.Command, files []startup.Edit, undo, dryRun bool) error {
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
func (a *app) readersOf(files []startup.Edit) []reader {
	var readers []reader
	for _, file := range files {
		if file.Changed() == file.Content {
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
	base, all := filepath.Base(path), startup.WrapperShells()
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
func (a *app) sayMoved(files []startup.Edit, readers []reader, before, after []startup.Answer) error {
	works := true
	for i, r := range readers {
		if before[i].Workon && !after[i].Words {
			err := fmt.Errorf("a new %s would not have den's words", r.dialect.Name)
			for _, file := range files {
				err = errors.Join(err, file.PutBack())
			}
			if !a.readsKept() {
				err = errors.Join(err, startup.RemoveKept(a.keptFile(wrapper)))
			}
			a.printf("put back what was there\n")
			return hint.With(err, "load den yourself in place of virtualenvwrapper.sh: %s", shells.Wrapper().Line(paths.Short(programPath())))
		}
		if !after[i].Words {
			works = false
			a.notef("a new %s does not have den's words when it starts; it did not have virtualenvwrapper's either", r.dialect.Name)
		}
	}
	a.printf("\n")
	if works {
		a.printf("It works in new shells. ")
	}
	a.printf("Your environments and hooks stay as they are; the way back: den setup --from virtualenvwrapper --undo\n")
	return nil
}

// replaceMoved changes the files, after what their lines read is there and before
// it goes, for a shell may start at any moment. It returns how many it changed.
func (a *app) replaceMoved(root *cobra.Command, files []startup.Edit, undo bool) (done int, err error) {
	kept := a.keptFile(wrapper)
	_, err = os.Stat(kept)
	isNew := errors.Is(err, fs.ErrNotExist)
	for _, file := range files {
		changed := file.Changed()
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
			err = errors.Join(err, startup.RemoveKept(kept))
		}
		if as[*disk.UntrustedError](err) {
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
		return done, startup.RemoveKept(kept)
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
	paths, _ := startup.WrapperFiles(nil)
	return slices.ContainsFunc(paths, func(path string) bool {
		text, err := disk.ReadSmall(path)
		return err == nil && strings.Contains(string(text), startup.MovedMark)
	})
}

// printDiff shows the lines that change, and tells of those that only the
// person can change; it returns how many these are.
func (a *app) printDiff(file startup.Edit) (left int) {
	for _, line := range file.Lines {
		if line.New != "" {
			a.printf("%s, line %d:\n%s\n%s\n", file.Path, line.Number,
				a.colored(red, "- "+printable(line.Old)), a.colored(green, "+ "+printable(line.New)))
			continue
		}
		left++
		a.warnf("line %d of %s has to do with virtualenvwrapper, and is left for you to change: %s", line.Number, file.Path, printable(strings.TrimSpace(line.Old)))
		how := "load den yourself in place of virtualenvwrapper.sh"
		if startup.LoadsPlugin(line.Old) {
			how = "take the plugin out, and add at the end of the file"
		}
		a.hintf("%s: %s", how, shells.Wrapper().Line(paths.Short(programPath())))
	}
	return left
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (a *app) wrapperReplacement() startup.Replacement {
	program := paths.Short(programPath())
	r := startup.Replacement{Load: shells.Wrapper().Line(program), Program: shells.Wrapper().Word(program)}
	if kept := a.keptFile(wrapper); kept != "" {
		r.Load = shells.Wrapper().KeptLine(paths.Short(kept), program)
		r.Script = shells.Wrapper().Word(paths.Short(kept))
	}
	return r
}
