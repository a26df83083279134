package completions

import (
	"strings"

	"github.com/posener/complete"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Predictors are found by what a command calls its arguments.
//
// An argument is called what the command's Use line calls it, with or without the path of
// the command, or of one above it, before it: in "hooks edit NAME...", "hooks edit NAME" is
// looked up first, then "hooks NAME", then "NAME". An argument that repeats is not offered
// a second time what is given for it already. Words in lower case with a bar between them, as in
// "init bash|zsh|fish", stand for themselves.
//
// A flag's value is called by the flag ("mk --python", "--python"), or by the
// word in backquotes in its usage ("the project `directory`": "directory").
//
// A name that is not there has no candidates.
type Predictors map[string]Predictor

// find returns the predictor for an argument of the command, or nil.
func (p Predictors) find(c *cobra.Command, names ...string) Predictor {
	for _, name := range names {
		for at := c; at != nil; at = at.Parent() {
			_, path, _ := strings.Cut(at.CommandPath()+" "+name, " ")
			if found := p[path]; found != nil {
				return found
			}
		}
	}
	return nil
}

// Unknown returns the names of arguments and values of a command that no
// predictor is for, so that a test can see to it that none is forgotten.
func (p Predictors) Unknown(c *cobra.Command) []string {
	var unknown []string
	for _, a := range usage(c.Use) {
		for _, name := range a.names {
			if strings.ToUpper(name) != strings.ToLower(name) && !a.isLiteral(name) && p.find(c, name) == nil {
				unknown = append(unknown, name)
			}
		}
	}
	c.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) {
		name, _ := pflag.UnquoteUsage(flag)
		if takesValue(flag) && p.find(c, "--"+flag.Name, name) == nil {
			unknown = append(unknown, name)
		}
	})
	return unknown
}

// A tree is being made of the cobra commands for a place in a command line. It
// notes what the predictor for that place offers.
type tree struct {
	predictors Predictors
	at         position
	offer      Offer
}

// command is the tree below a cobra command, and itself.
func (t *tree) command(c *cobra.Command) complete.Command {
	command := complete.Command{
		Sub:         complete.Commands{},
		Flags:       t.flags(c, c.LocalNonPersistentFlags()),
		GlobalFlags: t.flags(c, c.PersistentFlags()),
		Args:        t.arguments(c),
	}
	for _, sub := range c.Commands() {
		if isListed(sub) {
			command.Sub[sub.Name()] = t.command(sub)
		}
	}
	return command
}

// flags returns the flags of the set that help lists, in all spellings.
func (t *tree) flags(c *cobra.Command, set *pflag.FlagSet) complete.Flags {
	flags := complete.Flags{}
	set.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || flag.Deprecated != "" {
			return
		}
		predictor := complete.PredictNothing
		if takesValue(flag) {
			name, _ := pflag.UnquoteUsage(flag)
			predictor = t.noting(values(flag, t.predictors.find(c, "--"+flag.Name, name)))
		}
		flags["--"+flag.Name] = predictor
		if flag.Shorthand != "" && flag.ShorthandDeprecated == "" {
			flags["-"+flag.Shorthand] = predictor
		}
	})
	return flags
}

// arguments predicts the command's arguments.
func (t *tree) arguments(c *cobra.Command) complete.Predictor {
	arguments := usage(c.Use)
	return t.noting(func(place Place) Offer {
		a, ok := at(arguments, len(place.Given))
		if !ok || t.at.flag != nil {
			return Offer{}
		}
		var all Offer
		for _, name := range a.names {
			if predict := t.predictors.find(c, name); predict != nil {
				all = merge(all, predict(place))
			} else if a.isLiteral(name) {
				all = merge(all, Offer{What: "choice", Candidates: []Candidate{{Text: name}}})
			}
		}
		if a.repeated {
			return all.Without(place.Given[min(len(arguments)-1, len(place.Given)):]...)
		}
		return all
	})
}

// values predicts the values of a flag. One that collects them is not offered a
// second time those that it has.
func values(flag *pflag.Flag, predict Predictor) Predictor {
	collects, ok := flag.Value.(pflag.SliceValue)
	if !ok || predict == nil {
		return predict
	}
	return func(place Place) Offer { return predict(place).Without(collects.GetSlice()...) }
}

func merge(a, b Offer) Offer {
	if a.What == "" {
		a.What = b.What
	}
	if a.Paths == NoPaths {
		a.Paths, a.Root, a.Preferred = b.Paths, b.Root, b.Preferred
	}
	if a.Command == nil {
		a.Command = b.Command
	}
	a.Candidates = append(a.Candidates, b.Candidates...)
	return a
}

// noting makes a predictor of posener/complete from one of ours, which may be nil. It
// notes the offer, with all that a bare text cannot say.
func (t *tree) noting(predict Predictor) complete.Predictor {
	return complete.PredictFunc(func(complete.Args) []string {
		t.offer = Offer{}
		if predict == nil || t.at.mayBeFlag() {
			return nil
		}
		t.offer = predict(t.at.place())
		texts := make([]string, len(t.offer.Candidates))
		for i, c := range t.offer.Candidates {
			texts[i] = c.Text
		}
		return texts
	})
}
