package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
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

// oneOrTwo asks for one argument, which is what it is called, or for two, which it calls
// both.
func oneOrTwo(what, both string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 2 {
			return tooMany(cmd, both, args)
		}
		return atLeastOne(what)(cmd, args)
	}
}

// exactlyTwo asks for two arguments, which it calls what.
func exactlyTwo(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 2 {
			return nil
		}
		return hint.With(usagef("%q takes %s", typedAs(cmd), what), "usage: %s", useLine(cmd))
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

// environmentAnd asks for the name of an environment and something more.
func environmentAnd(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return needsToo(cmd, what)
		}
		return atLeastOne("environment")(cmd, args)
	}
}

// atMostOne asks for one argument or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return tooMany(cmd, "one "+what, args)
		}
		return nil
	}
}

// noArguments asks for none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q takes no arguments, and got %s", typedAs(cmd), quoted(args, ", "))
	}
	return nil
}

// checkPositive returns an error unless the number that is given with a flag is 1 or more.
func checkPositive(flag string, n int) error {
	if n < 1 {
		return usagef("--%s is %d, and has to be 1 or more", flag, n)
	}
	return nil
}

func missingArgument(cmd *cobra.Command, what string) error {
	return hint.With(usagef("%q needs the name of %s", typedAs(cmd), withArticle(what)), "usage: %s", useLine(cmd))
}

// needsToo is the error for a command that lacks its last argument.
func needsToo(cmd *cobra.Command, what string) error {
	return hint.With(usagef("%q needs %s too", typedAs(cmd), what), "usage: %s", useLine(cmd))
}

// tooMany is the error for too many arguments. Some may be parts of one name with spaces.
func tooMany(cmd *cobra.Command, what string, args []string) error {
	err := usagef("%q takes %s, not %d: %s", typedAs(cmd), what, len(args), quoted(args, ", "))
	return hint.With(err, "put a name with spaces in quotes")
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// quoted is hint.Join of the words in quotes.
func quoted(words []string, last string) string {
	inQuotes := make([]string, len(words))
	for i, word := range words {
		inQuotes[i] = fmt.Sprintf("%q", word)
	}
	return hint.Join(inQuotes, last)
}
