// Package completions says how a half-typed command line can go on.
//
// Candidates come from github.com/posener/complete, over a tree that is made
// from the cobra commands themselves: a new command or flag completes as soon
// as it exists. The Use line of a command names its arguments (see Predictors), so
// an argument with a known name completes too.
//
// The shell calls a hidden command of den's for each completion; Reply reads the
// line that the shell hands over, and answers in the form that it expects. Matching,
// menus and quoting are the shell's own work; bash has none of it, so for bash they
// are done here. Nothing here changes anything, starts another program or prints an
// error.
package completions

import (
	"slices"
	"strings"

	"github.com/posener/complete"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A Line is a command line that waits to go on.
type Line struct {
	// Words are those after the name of the program, unquoted. The last one is
	// half-typed, and may be empty.
	Words []string
	// Fits reports whether a text can stand in place of the last word. It is
	// nil where that is for the shell to say.
	Fits func(text string) bool
}

// A Predictor tells what may stand in a place of a command line. It need not
// look at what has been typed there already: what does not match is dropped.
type Predictor func(Place) Offer

// A Place is where in a command line the cursor is.
type Place struct {
	Given []string // the command's arguments before it, flags left out
	Word  string   // what of this one has been typed, unquoted
	// Fits reports whether it is worth the while to offer a text, so that a
	// predictor need not examine many in vain.
	Fits func(text string) bool
}

// An Offer is what may stand in a place.
type Offer struct {
	What       string // what it is, in a word: "environment"
	Candidates []Candidate
	Paths      Paths  // paths that may stand there too
	Root       string // the directory that relative Paths start from; "" is the working directory
	// Preferred are patterns, as path/filepath has them, for the names of the
	// files that are meant, those that are meant most first. Each is of one or
	// more, separated by blanks. Where files match one that could stand there,
	// all others are left out.
	Preferred []string
	// Command is the command that the place is an argument of. Its own
	// completion is asked; where there is none, the rest of the Offer stands.
	Command *Command
}

// Without is the offer but for the candidates with one of the texts.
func (o Offer) Without(texts ...string) Offer {
	o.Candidates = slices.DeleteFunc(o.Candidates, func(c Candidate) bool { return slices.Contains(texts, c.Text) })
	return o
}

// A Command is one that stands among the arguments of another.
type Command struct {
	Index int    // of its name among the arguments
	Bin   string // the directory that its programs are looked for first; "" is none
}

// A Candidate is one text that may stand in a place.
type Candidate struct {
	Text string
	// Describe tells more about it in a few words; nil when there is nothing
	// to tell. It is called only for candidates that a person can look through,
	// and for several at once.
	Describe func() string
}

// Paths are the files that an Offer includes.
type Paths string

// The kinds of Paths, as the shells' scripts know them.
const (
	NoPaths     Paths = ""
	AnyFile     Paths = "files"
	Directories Paths = "directories"
)

// An Answer is an Offer for the word at the end of a command line.
type Answer struct {
	Offer
	Prefix string // what of the word comes before the candidates: "--python="
	Word   string // what has been typed of the candidate, unquoted
	// After is how many words from the last one back the name of the Command
	// stands, where there is one.
	After int
}

// Complete answers for a line. The commands in root get their flags set as the
// line says, so that predictors can obey them; root is of no other use
// afterwards.
func Complete(root *cobra.Command, line Line, predictors Predictors) Answer {
	p, ok := locate(root, line.Words)
	if !ok {
		return Answer{}
	}
	p.fits = line.Fits
	t := tree{predictors: predictors, at: p}
	command := t.command(root)
	options := command.Predict(p.args())
	answer := Answer{Offer: t.offer, Prefix: p.prefix, Word: p.word}
	if answer.Command != nil {
		answer.After = len(p.given) - answer.Command.Index
	}
	switch {
	case p.mayBeFlag():
		answer.Offer = Offer{What: "option", Candidates: p.flagCandidates(options)}
	case p.flag == nil && p.command.HasSubCommands():
		answer.Offer = merge(Offer{What: "command", Candidates: p.commandCandidates(options)}, t.offer)
	}
	return answer
}

// flagCandidates returns the flags that can be given here.
func (p position) flagCandidates(spellings []string) []Candidate {
	var candidates []Candidate
	for _, spelling := range slices.Sorted(slices.Values(spellings)) {
		flag := lookup(p.command.Flags(), spelling)
		if flag != nil && (!flag.Changed || isRepeatable(flag)) {
			_, usage := pflag.UnquoteUsage(flag)
			candidates = append(candidates, Candidate{spelling, func() string { return usage }})
		}
	}
	return candidates
}

// commandCandidates are those of the commands below the present one.
func (p position) commandCandidates(names []string) []Candidate {
	var candidates []Candidate
	for _, c := range p.command.Commands() {
		if slices.Contains(names, c.Name()) {
			candidates = append(candidates, Candidate{c.Name(), func() string { return c.Short }})
		}
	}
	return candidates
}

// lookup finds a flag by its spelling: --python, -p. It is nil for other words.
func lookup(flags *pflag.FlagSet, spelling string) *pflag.Flag {
	if name, ok := strings.CutPrefix(spelling, "--"); ok {
		return flags.Lookup(name)
	}
	if name, ok := strings.CutPrefix(spelling, "-"); ok {
		return flags.ShorthandLookup(name)
	}
	return nil
}

// isRepeatable tells a flag that collects its values from one that counts once.
func isRepeatable(flag *pflag.Flag) bool {
	_, slice := flag.Value.(pflag.SliceValue)
	return slice || flag.Value.Type() == "count"
}

// args are the place in the terms of posener/complete: flags are taken out but
// for the one that waits for its value.
func (p position) args() complete.Args {
	path := strings.Fields(p.command.CommandPath())[1:]
	a := complete.Args{Completed: append(path, p.given...), Last: p.word}
	if p.flag != nil {
		a.LastCompleted = "--" + p.flag.Name
	}
	a.All = append(slices.Clone(a.Completed), a.Last)
	return a
}
