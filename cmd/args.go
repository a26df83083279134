package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
)

// exactlyOne asks for one argument, which is what it is called.
func exactlyOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return missingArgument(cmd, what)
		}
		return atMostOne(what)(cmd, args)
	}
}

// atLeastOne asks for one argument or more.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return missingArgument(cmd, what)
		}
		return nil
	}
}

// atMostOne asks for one argument or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			err := usagef("%q takes one %s, not %d: %s", cmd.CommandPath(), what, len(args), quoted(args, ", "))
			return hint.With(err, "put a name with spaces in quotes")
		}
		return nil
	}
}

// noArguments asks for none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q takes no arguments, and got %s", cmd.CommandPath(), quoted(args, ", "))
	}
	return nil
}

func missingArgument(cmd *cobra.Command, what string) error {
	return hint.With(usagef("%q needs the name of %s", cmd.CommandPath(), withArticle(what)), "usage: %s", cmd.UseLine())
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// unknownCommand is the error for a word that is no command of the parent's.
func unknownCommand(parent *cobra.Command, word string) error {
	var names []string
	if !parent.HasParent() {
		names = []string{"help"} // not among those that cobra calls available
	}
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	meant := slices.IndexFunc(parent.Commands(), func(c *cobra.Command) bool { return slices.Contains(c.SuggestFor, word) })
	err := usagef("no command named %q", strings.TrimPrefix(parent.CommandPath()+" "+word, "den "))
	if meant >= 0 {
		return hint.With(err, "did you mean %s?", parent.Commands()[meant].Name())
	}
	if near := env.Similar(word, names); len(near) > 0 {
		return hint.With(err, "did you mean %s?", hint.Join(near, " or "))
	}
	return hint.With(err, "%q lists the commands", strings.Replace(parent.CommandPath(), "den", "den help", 1))
}

// quoted is hint.Join of the words in quotes.
func quoted(words []string, last string) string {
	inQuotes := make([]string, len(words))
	for i, word := range words {
		inQuotes[i] = fmt.Sprintf("%q", word)
	}
	return hint.Join(inQuotes, last)
}
