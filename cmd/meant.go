package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"den/cmd/hint"
	"den/env"
)

// otherWords are what people type for something that is no command of den's, and the
// line that does it.
var otherWords = map[string]string{
	"addpath":    "den pth add",
	"freeze":     "den run NAME pip freeze",
	"install":    "den run NAME pip install",
	"pip":        "den run NAME pip",
	"set":        "den config set",
	"setproject": "den project set",
	"unset":      "den config unset",
	"version":    "den --version",
}

// unknownCommand is the error for words that begin with no command of the parent's.
func unknownCommand(parent *cobra.Command, words []string) error {
	err := usagef("no command named %q", strings.TrimPrefix(parent.CommandPath()+" "+words[0], "den "))
	if line := meantLine(parent, words[0]); line != "" {
		return hint.With(err, "did you mean: %s", strings.TrimSpace(line+" "+hint.Line(words[1:])))
	}
	return nearOr(err, nearCommands(parent, words[0]), fmt.Sprintf("%q lists the commands", strings.Replace(parent.CommandPath(), "den", "den help", 1)))
}

// aboutEnvironment is, for a command with others below it, the one that a person means who
// types the name of an environment in place of a command.
var aboutEnvironment = map[string]string{"kernel": "add", "project": "show", "serve": "status", "vars": "list"}

// unknownBelow is unknownCommand where the first word may also be the name of an
// environment.
func (a *app) unknownBelow(parent *cobra.Command, words []string) error {
	below := aboutEnvironment[parent.Name()]
	if below != "" && len(nearCommands(parent, words[0])) == 0 {
		if _, err := a.environment(words[0]); err == nil {
			err := usagef("%q needs a command before the name %q", parent.CommandPath(), printable(words[0]))
			return hint.With(err, "did you mean: %s", parent.CommandPath()+" "+below+" "+hint.Line(words))
		}
	}
	return unknownCommand(parent, words)
}

// nearFlags returns the flags of a command that a person may have meant by another.
func nearFlags(c *cobra.Command, name string) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Deprecated == "" {
			names = append(names, f.Name)
		}
	})
	near := env.Similar(name, names)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

// nearOr gives the error, as its next step, the names that a person may have meant or, if
// there are none, the other step.
func nearOr(err error, near []string, otherwise string) error {
	if len(near) > 0 {
		return hint.With(err, "did you mean %s?", hint.Join(near, " or "))
	}
	return hint.With(err, "%s", otherwise)
}

// meantLine returns the line that stands for a word that others have for a command
// of the parent's, or that the integration has; "" where nobody has it.
func meantLine(parent *cobra.Command, word string) string {
	for _, c := range parent.Commands() {
		if slices.Contains(c.SuggestFor, word) {
			return c.CommandPath()
		}
	}
	if parent.HasParent() {
		return ""
	}
	if w, ok := wordNamed(word); ok {
		return "den " + w.Command
	}
	return otherWords[word]
}

// nearCommands returns the subcommands that a person may have meant by an unknown word.
// It compares the word with the nearest name of each.
func nearCommands(parent *cobra.Command, word string) []string {
	meant := make(map[string]string) // by what may have been meant to be typed
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() && c.Name() != "help" {
			continue
		}
		for _, other := range c.SuggestFor {
			meant[other] = c.Name()
		}
		for _, name := range append(c.Aliases, c.Name()) {
			meant[name] = c.Name()
		}
	}
	if !parent.HasParent() {
		for _, w := range wordTable {
			if _, taken := meant[w.Name]; !taken {
				meant[w.Name] = w.Command
			}
		}
	}
	var names, near []string
	for name := range meant {
		names = append(names, name)
	}
	for _, name := range env.Similar(word, names) {
		if !slices.Contains(near, meant[name]) {
			near = append(near, meant[name])
		}
	}
	return near
}
