package cmd

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

// confirm asks a person a question, and reports whether they say yes. Where there is
// nobody to ask, that is no. An interrupt is an error.
func (t *terminal) confirm(ctx context.Context, format string, args ...any) (yes bool, err error) {
	if !isTerminal(t.stdin) || !isTerminal(t.stderr) {
		return false, nil
	}
	fmt.Fprintf(t.stderr, "den: %s [y/N] ", fmt.Sprintf(format, args...))
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(t.stdin).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		if !strings.HasSuffix(line, "\n") {
			fmt.Fprintln(t.stderr) // the end of the input is on the line of the question
		}
		line = strings.ToLower(strings.TrimSpace(line))
		return line == "y" || line == "yes", nil
	case <-ctx.Done():
		fmt.Fprintln(t.stderr)
		return false, ctx.Err()
	}
}
