// Package pick has a person choose from a list, by typing a part of what they mean:
// in fzf, or on the terminal itself. It knows nothing of environments.
package pick

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// An Item is one thing to choose.
type Item struct {
	Name  string   // which is what is chosen
	Notes []string // what stands beside it, in columns
}

// Options are how the list is shown.
type Options struct {
	Query   string // what is typed already
	Several bool   // whether several can be chosen
	// Preview returns lines about an item, for a part of the screen.
	Preview func(name string) []string
	// Previewer is a command of sh that prints them, to which fzf adds the name, or ''
	// where nothing matches, and what is typed.
	Previewer string
}

// ErrCancelled says that the person has chosen nothing.
var ErrCancelled = errors.New("nothing was chosen")

// ErrNoMatch says that the person pressed Enter where nothing matched. den's own list
// goes on then.
var ErrNoMatch = errors.New("nothing matches what was typed")

// A TerminalError says why there is no terminal to choose in.
type TerminalError struct{ Reason string }

func (e *TerminalError) Error() string { return e.Reason }

// terminalPath is the terminal of the process, wherever its input and output go.
const terminalPath = "/dev/tty"

// checkTerminal returns a *TerminalError unless the terminal can show a list.
func checkTerminal() error {
	switch kind := os.Getenv("TERM"); kind {
	case "dumb", "":
		return &TerminalError{fmt.Sprintf("this terminal (TERM=%q) cannot show a list to choose from", kind)}
	}
	tty, err := os.OpenFile(terminalPath, os.O_RDWR, 0)
	if err != nil {
		return &TerminalError{"there is no terminal to choose in"}
	}
	return tty.Close()
}

// Choose has the person choose on the terminal, and returns the names in the order of
// the items. The error is ErrCancelled where they leave it by Esc or Ctrl-C, and
// the context's where that ends.
func Choose(ctx context.Context, items []Item, o Options) ([]string, error) {
	if err := checkTerminal(); err != nil {
		return nil, err
	}
	return choose(ctx, newList(items, o))
}
