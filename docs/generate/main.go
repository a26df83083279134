// Generate writes what is made from den's commands:
//
//	generate reference FILE        the reference, docs/commands.md
//	generate man DIR VERSION DATE  the manual pages, den.1 and the others
//
// "make docs" or "go generate ./docs/..." run the first, "make install" and
// "make dist" the second.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"den/cmd"
)

//go:generate go run . reference ../commands.md

func main() {
	if err := generate(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "generate: error: %s\n", err)
		os.Exit(1)
	}
}

func generate(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "reference":
		return reference(args[1])
	case len(args) == 4 && args[0] == "man":
		date, err := time.Parse(time.DateOnly, args[3])
		if err != nil {
			return err
		}
		return manPages(args[1], args[2], date)
	}
	return fmt.Errorf("usage: generate reference FILE | generate man DIR VERSION DATE")
}

func reference(path string) error {
	var page bytes.Buffer
	if err := cmd.Reference(&page); err != nil {
		return fmt.Errorf("describing the commands: %w", err)
	}
	return os.WriteFile(path, page.Bytes(), 0o666)
}

func manPages(dir, version string, date time.Time) error {
	for name, page := range cmd.ManPages(version, date) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o666); err != nil {
			return err
		}
	}
	return nil
}
