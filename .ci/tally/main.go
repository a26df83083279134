// Command tally runs the tests given as a `go test -json` command and reports
// them for people: a line a package, the whole output of what failed, and at
// the end one closing line, "N passed, N failed".
//
//	tally [-passed N] [-failed N] [-untouched HOME] go test -json ./...
//
// The numbers given are added to the ones counted: checks that ran before. The
// directory given is the home that the tests run with; it must be empty after
// them, since no test may write to a person's home. The exit status is 0 when nothing failed and at least one test
// ran.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	passed := flag.Int("passed", 0, "checks that passed before the tests")
	failed := flag.Int("failed", 0, "checks that failed before the tests")
	untouched := flag.String("untouched", "", "the `home` of the tests, which they must leave empty")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "tally: no test command given")
		os.Exit(2)
	}
	t := newTally(os.Stdout)
	if err := t.runCommand(flag.Args()); err != nil {
		t.fail(err)
	}
	if err := checkEmpty(*untouched); err != nil {
		t.fail(err)
	}
	t.summary()
	fmt.Println(t.closingLine(*passed, *failed))
	if *failed > 0 || t.failed > 0 {
		os.Exit(1)
	}
}

// runCommand runs a `go test -json` command and takes in its results. That
// the command fails is news only where no failure was counted.
func (t *tally) runCommand(args []string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := t.read(stdout)
	waitErr := cmd.Wait()
	if readErr != nil {
		return readErr
	}
	if waitErr != nil && t.failed == 0 {
		return fmt.Errorf("%s: %w", args[0], waitErr)
	}
	if t.passed+t.failed == 0 {
		return errors.New("no test ran")
	}
	return nil
}

// goConfig is where the go command keeps its own settings and counters in a
// home: a test that builds a program leaves those.
var goConfig = []string{".config/go", "Library/Application Support/go"}

// checkEmpty fails when there is anything in the home but what the go command
// keeps there, and names it.
func checkEmpty(home string) error {
	if home == "" {
		return nil
	}
	var left []string
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == home {
			return err
		}
		name, err := filepath.Rel(home, path)
		if slices.Contains(goConfig, name) {
			return fs.SkipDir
		}
		above := func(config string) bool { return strings.HasPrefix(config, name+"/") }
		if !entry.IsDir() || !slices.ContainsFunc(goConfig, above) {
			left = append(left, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("the tests wrote to their home:\n%s", strings.Join(left, "\n"))
	}
	return nil
}

// fail counts one failure that is no test's.
func (t *tally) fail(err error) {
	t.failed++
	t.failures = append(t.failures, err.Error())
}

// closingLine sums up the tests and the checks that ran before them.
func (t *tally) closingLine(passed, failed int) string {
	text := fmt.Sprintf("%d passed, %d failed", t.passed+passed, t.failed+failed)
	if len(t.skips) > 0 {
		text += fmt.Sprintf(", %d skipped", len(t.skips))
	}
	return text
}
