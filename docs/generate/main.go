// Generate writes the reference of den's commands, docs/commands.md, from the
// commands themselves. It is run by "make docs" or "go generate ./docs/...".
package main

import (
	"bytes"
	"fmt"
	"os"

	"den/cmd"
)

//go:generate go run . ../commands.md

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FILE")
		os.Exit(2)
	}
	if err := generate(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "generate: error: %s\n", err)
		os.Exit(1)
	}
}

func generate(path string) error {
	var page bytes.Buffer
	if err := cmd.Reference(&page); err != nil {
		return fmt.Errorf("describing the commands: %w", err)
	}
	return os.WriteFile(path, page.Bytes(), 0o666)
}
