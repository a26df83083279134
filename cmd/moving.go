package cmd

// This file is "den setup --from virtualenvwrapper": in the start-up files, the
// lines that source virtualenvwrapper.sh become lines that load den.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/cmd/startup"
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
	move := a.wrapperMove(root, undo)
	files, isMoved, err := move.Edits(paths)
	switch {
	case err != nil:
		return err
	case len(files) > 0:
		return a.changeFiles(ctx, move, files, dryRun)
	case undo:
		a.printf("no line that \"den setup\" has changed: nothing to undo\n")
		return nil
	case isMoved:
		a.printf("den is loaded in virtualenvwrapper's place already\n")
		return nil
	}
	err = fmt.Errorf("no start-up file sources virtualenvwrapper.sh; looked at %s", hint.Join(paths, " and "))
	return hint.With(err, "if another file does, name it: den setup --from virtualenvwrapper FILE; to load den without: den setup")
}

// changeFiles shows what changes, and changes it.
func (a *app) changeFiles(ctx context.Context, move startup.Move, files []startup.Edit, dryRun bool) error {
	left := 0
	for _, file := range files {
		left += a.printDiff(file)
	}
	if dryRun {
		return nil
	}
	readers := move.Readers(files)
	before := a.ask(ctx, readers)
	done, err := move.Apply(files, func(file startup.Edit, backup string) {
		a.printf("changed %s%s\n", file.Path, backupNote(backup))
		a.noteNames(file.File)
	})
	if err != nil {
		return err
	}
	if done == 0 {
		return fmt.Errorf("den does not know how to change %s", plural(left, "that line", "those lines"))
	}
	if move.Undo {
		return nil
	}
	return a.sayMoved(move, files, readers, before, a.ask(ctx, readers))
}

func (a *app) ask(ctx context.Context, readers []startup.Reader) []startup.Answer {
	stop := a.spin("starting a new shell")
	defer stop()
	return startup.AskAll(ctx, readers)
}

// sayMoved says if new shells have den's words. If one had workon before, and has none
// of den's words now, sayMoved puts the files back.
func (a *app) sayMoved(move startup.Move, files []startup.Edit, readers []startup.Reader, before, after []startup.Answer) error {
	works := true
	for i, r := range readers {
		if before[i].Workon && !after[i].Words {
			err := errors.Join(fmt.Errorf("a new %s would not have den's words", r.Shell.Name), move.PutBack(files))
			a.printf("put back what was there\n")
			return hint.With(err, "load den yourself in place of virtualenvwrapper.sh: %s", wrapperLine())
		}
		if !after[i].Words {
			works = false
			a.notef("a new %s does not have den's words when it starts; it did not have virtualenvwrapper's either", r.Shell.Name)
		}
	}
	a.printf("\n")
	if works {
		a.printf("It works in new shells; %s\n", a.goOnIn(readers))
	}
	a.printf("Your environments and hooks stay as they are; the way back: den setup --from virtualenvwrapper --undo\n")
	return nil
}

// goOnIn is goOn for the reader that is the asking shell or, if none is, for the first.
func (a *app) goOnIn(readers []startup.Reader) string {
	r := readers[0]
	if asking, err := a.askingShell(); err == nil {
		if i := slices.IndexFunc(readers, func(r startup.Reader) bool { return r.Shell.Name == asking.Name }); i >= 0 {
			r = readers[i]
		}
	}
	return a.goOn(r.Shell) + r.Option()
}

func backupNote(backup string) string {
	if backup == "" { // it is as it was before den came
		return ""
	}
	return "; the file as it was: " + backup
}

// printDiff shows the lines that change, and warns about those that only the
// person can change. It returns how many these are.
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
		a.hintf("%s: %s", how, wrapperLine())
	}
	return left
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// wrapperLine is the line that loads den in place of virtualenvwrapper.sh.
func wrapperLine() string { return shells.Wrapper().Line(paths.Short(programPath())) }

func (a *app) wrapperMove(root *cobra.Command, undo bool) startup.Move {
	program, wrapped := paths.Short(programPath()), shells.Wrapper()
	m := startup.Move{
		Replacement: startup.Replacement{Load: wrapperLine(), Program: wrapped.Word(program)},
		Undo:        undo,
		InitFile:    a.initFile(wrapper),
		Write:       func() error { return a.writeWrapperFile(root) },
	}
	if m.InitFile != "" {
		m.Load = wrapped.InitFileLine(paths.Short(m.InitFile), program)
		m.Script = wrapped.Word(paths.Short(m.InitFile))
	}
	m.Asking, _ = a.askingShell()
	return m
}
