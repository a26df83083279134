package pick

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/clipperhouse/displaywidth"
)

// separator stands between the name and its notes. No name has one.
const separator = "\t"

// The exit statuses of fzf for a person who chooses nothing.
const (
	fzfNoMatch     = 1
	fzfInterrupted = 130
)

// equalByName has fzf keep equal matches in order: of web and web2, the letters "we" find
// web first. Without it, the shorter line is first, with all notes.
const equalByName = "--tiebreak=begin,index"

// ChooseInFzf is Choose in fzf, the program at path, as the person has set it up.
func ChooseInFzf(ctx context.Context, path string, items []Item, o Options) ([]string, error) {
	if err := checkTerminal(); err != nil {
		return nil, err
	}
	return runFzf(ctx, path, items, o)
}

// runFzf runs fzf. A signal that ends den ends fzf too.
func runFzf(ctx context.Context, path string, items []Item, o Options) ([]string, error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	c := exec.CommandContext(ctx, path, fzfArguments(items, o)...)
	c.Stdin, c.Stderr = strings.NewReader(fzfLines(items)), os.Stderr
	c.Env = append(os.Environ(), "SHELL=/bin/sh", // which runs the preview
		"FZF_DEFAULT_OPTS="+equalByName+" "+os.Getenv("FZF_DEFAULT_OPTS"))
	// fzf puts the terminal back when it is asked to end, not when it is killed.
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	out, err := c.Output()
	if ctx.Err() != nil {
		return nil, context.Canceled
	}
	exit, _ := errors.AsType[*exec.ExitError](err)
	switch {
	case exit != nil && exit.ExitCode() == fzfNoMatch:
		return nil, ErrNoMatch
	case exit != nil && exit.ExitCode() == fzfInterrupted:
		return nil, ErrCancelled
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return chosenIn(string(out), items), nil
}

// fzfArguments go after the options of the person's, and before no other.
func fzfArguments(items []Item, o Options) []string {
	widest := 0
	for _, item := range items {
		widest = max(widest, displaywidth.String(item.Name))
	}
	args := []string{"--delimiter=" + separator, "--tabstop=" + strconv.Itoa(widest+2), "--query=" + o.Query}
	if o.Several {
		args = append(args, "--multi")
	} else {
		args = append(args, "--no-multi")
	}
	if o.Previewer != "" {
		// With {q}, fzf also calls it where nothing matches.
		args = append(args, "--preview="+o.Previewer+" {1} {q}")
	}
	return args
}

// fzfLines are the items, a line each: the name, and the notes in columns.
func fzfLines(items []Item) string {
	widths := noteWidths(items)
	var lines strings.Builder
	for _, item := range items {
		lines.WriteString(item.Name + separator + strings.TrimRight(notesOf(item, widths), " ") + "\n")
	}
	return lines.String()
}

// chosenIn returns the names of the items in the lines that fzf has printed. Other lines
// come from the person's own options of fzf.
func chosenIn(lines string, items []Item) []string {
	var first []string
	for line := range strings.Lines(lines) {
		name, _, _ := strings.Cut(strings.TrimRight(line, "\n"), separator)
		first = append(first, name)
	}
	var names []string
	for _, item := range items {
		if slices.Contains(first, item.Name) {
			names = append(names, item.Name)
		}
	}
	return names
}
