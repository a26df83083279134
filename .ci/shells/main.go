// shells does what scripts need the table of shells for.
//
//	shells list             print a line for each, see below
//	shells install PREFIX   install the completion of each below PREFIX
//	shells remove PREFIX    remove them again
//	shells loading          name the start-up files that load den
//
// A line has fields with tabs between them: the name, the line that loads den, the
// arguments with which the shell reads no start-up file, those with which it
// reads standard input and runs nothing, "completes" where it can, and the name of
// its program.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "shells:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	for _, s := range shells.All() {
		var err error
		completes := s.Completion.Missing == ""
		switch {
		case len(args) == 1 && args[0] == "list":
			how := ""
			if completes {
				how = "completes"
			}
			fields := strings.Join([]string{s.Name, s.RCLine("den"), strings.Join(s.Bare, " "), strings.Join(s.Trial.Parse, " "), how, s.Executable()}, "\t")
			if strings.Contains(fields, "\n") {
				return fmt.Errorf("%s: a field has more than one line", s.Name)
			}
			fmt.Println(fields)
		case len(args) == 1 && args[0] == "loading":
			tellLoading(s)
		case len(args) == 2 && !completes:
		case len(args) == 2 && args[0] == "install":
			err = install(s, filepath.Join(args[1], s.Completion.Place))
		case len(args) == 2 && args[0] == "remove":
			err = os.Remove(filepath.Join(args[1], s.Completion.Place))
		default:
			return errors.New("usage: shells list|install PREFIX|remove PREFIX|loading")
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// install writes the completion of a shell, for all to read.
func install(s *shell.Shell, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(s.Completion.File()), 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o644)
}

// tellLoading says so if the person's start-up file still loads den, which den setup can
// take out no more.
func tellLoading(s *shell.Shell) {
	path := s.RCFile(os.Getenv)
	text, _ := disk.ReadSmall(path) // one that cannot be read says nothing
	for line := range strings.Lines(string(text)) {
		if startup.Loads(line) {
			fmt.Printf("%s still loads den. Take this line out:\n    %s\n", path, strings.TrimSpace(line))
		}
	}
}
