package startup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env/disk"
	"den/shell"
)

// A Move puts den in the place of virtualenvwrapper in start-up files: it changes the
// lines that source virtualenvwrapper.sh. With Undo, it puts them back.
type Move struct {
	Replacement
	Undo     bool
	InitFile string       // that the changed lines source; "" for none
	Write    func() error // writes InitFile
	Asking   *shell.Shell // the shell of the person, or nil
}

// Edits reads the files and returns those with lines to change. isMoved reports whether a
// file has a line that a Move has changed.
func (m Move) Edits(paths []string) (edits []Edit, isMoved bool, err error) {
	change := m.ChangedLine
	if m.Undo {
		change = RestoredLine
	}
	for _, path := range paths {
		file, err := readEdit(path, change)
		if err != nil {
			return nil, false, err
		}
		if !m.Undo {
			file.KeepParsing(m.readerOf(path))
		}
		isMoved = isMoved || strings.Contains(file.Content, MovedMark)
		if len(file.Lines) > 0 {
			edits = append(edits, file)
		}
	}
	return edits, isMoved, nil
}

// A Reader is a shell that reads start-up files.
type Reader struct {
	Shell *shell.Shell
	file  string // its start-up file
	login bool   // whether only a login shell reads them
}

// Option is what follows the shell's name for one that reads the files: " -l" where only
// a login shell does.
func (r Reader) Option() string {
	if r.login {
		return " -l"
	}
	return ""
}

// Readers returns, for each kind of shell, one that reads the files that change.
func (m Move) Readers(edits []Edit) []Reader {
	var readers []Reader
	for _, file := range edits {
		if file.Changed() == file.Content {
			continue
		}
		s := m.readerOf(file.Path)
		r := Reader{s, s.RCFile(os.Getenv), slices.Contains(s.Trial.LoginOnly, filepath.Base(file.Path))}
		switch i := slices.IndexFunc(readers, func(other Reader) bool { return other.Shell.Name == s.Name }); {
		case i < 0:
			readers = append(readers, r)
		case !r.login:
			readers[i] = r
		}
	}
	return readers
}

// readerOf returns the shell that reads a start-up file: the one in its name, or else
// the one of the person.
func (m Move) readerOf(path string) *shell.Shell {
	base, all := filepath.Base(path), WrapperShells()
	for _, s := range all {
		if slices.Contains(s.WrapperFiles, base) || strings.Contains(base, s.Name) {
			return s
		}
	}
	if m.Asking != nil && len(m.Asking.WrapperFiles) > 0 {
		return m.Asking
	}
	return all[0]
}

// AskAll starts each of the shells and asks it. A shell that cannot be asked has the zero
// Answer.
func AskAll(ctx context.Context, readers []Reader) []Answer {
	answers := make([]Answer, len(readers))
	for i, r := range readers {
		answers[i], _ = Try(ctx, r.Shell, r.file, r.login)
	}
	return answers
}

// Apply changes the files, and calls changed for each with the path of its backup. With
// Undo, it removes the init file once no line sources it. It returns how many files it
// has changed.
func (m Move) Apply(edits []Edit, changed func(file Edit, backup string)) (done int, err error) {
	for _, file := range edits {
		text := file.Changed()
		if text == file.Content {
			continue
		}
		var backup string
		if m.Undo || m.InitFile == "" {
			backup, err = file.Replace(text)
		} else {
			backup, err = file.ReplaceBehind(m.InitFile, m.Write, text)
		}
		if _, untrusted := errors.AsType[*disk.UntrustedError](err); untrusted {
			return done, err // of the directory of the init file
		}
		if err != nil {
			return done, hint.With(fmt.Errorf("changing %s: %w", file.Path, err), "if something else writes that file for you, change the line there")
		}
		changed(file, backup)
		done++
	}
	if m.Undo && done > 0 && !readsInitFile() {
		return done, RemoveInitFile(m.InitFile)
	}
	return done, nil
}

// PutBack makes the files what they were before Apply.
func (m Move) PutBack(edits []Edit) error {
	var errs []error
	for _, file := range edits {
		errs = append(errs, file.PutBack())
	}
	if !readsInitFile() {
		errs = append(errs, RemoveInitFile(m.InitFile))
	}
	return errors.Join(errs...)
}

// readsInitFile reports whether one of the usual start-up files has a line that a Move has
// changed. Such a line in another file works without the init file.
func readsInitFile() bool {
	paths, _ := WrapperFiles(nil)
	return slices.ContainsFunc(paths, func(path string) bool {
		text, err := disk.ReadSmall(path)
		return err == nil && strings.Contains(string(text), MovedMark)
	})
}
