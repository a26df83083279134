package completions

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A position is the place in a command line that the words lead to.
type position struct {
	command *cobra.Command
	given   []string    // its arguments
	flag    *pflag.Flag // the flag that the person types a value for, or nil
	flags   bool        // whether a flag may stand here
	prefix  string      // of the last word, what comes before the value of the flag
	word    string      // the rest of the last word
	fits    func(string) bool
}

// place is the position as predictors see it.
func (p position) place() Place {
	fits := func(text string) bool { return p.fits == nil || p.fits(p.prefix+text) }
	return Place{Given: p.given, Word: p.word, Fits: fits}
}

// mayBeFlag reports whether the word is, so far, a flag.
func (p position) mayBeFlag() bool {
	return p.flags && p.flag == nil && strings.HasPrefix(p.word, "-")
}

// locate reads the words as cobra and pflag will, so that both agree in all
// cases on what is a flag, its value, or an argument. It reports false when no
// word can make sense at the end.
func locate(root *cobra.Command, words []string) (position, bool) {
	done, word := words[:len(words)-1], words[len(words)-1]
	c, rest, err := root.Find(done)
	if err != nil || !isOffered(root, c) {
		return position{}, false
	}
	p := position{command: c, word: word}
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	err = c.ParseFlags(rest)
	p.given = c.Flags().Args()
	var waiting *pflag.ValueRequiredError
	switch {
	case errors.As(err, &waiting):
		p.flag = waiting.GetFlag()
		return p, true
	case err != nil, c == root && len(p.given) > 0:
		return position{}, false
	}
	p.flags = takesFlagAfter(c, rest)
	if p.flags {
		return p.splitFlag()
	}
	return p, true
}

// probe is the name of a flag that nobody can type.
const probe = "\x00"

// takesFlagAfter reports whether a flag can follow the words: not after "--",
// and for some commands not after an argument.
func takesFlagAfter(c *cobra.Command, words []string) bool {
	flags := c.Flags()
	if flags.Lookup(probe) == nil {
		flags.Bool(probe, false, "")
		flags.Lookup(probe).Hidden = true
	}
	err := c.ParseFlags(append(words[:len(words):len(words)], "--"+probe))
	return err == nil && flags.Lookup(probe).Changed
}

// splitFlag takes a flag off the front of the word where its value is in the
// same word: --python=3, -p3, -fp3.
func (p position) splitFlag() (position, bool) {
	flags := p.command.Flags()
	if name, ok := strings.CutPrefix(p.word, "--"); ok {
		name, value, ok := strings.Cut(name, "=")
		if !ok {
			return p, true
		}
		p.flag = flags.Lookup(name)
		p.cut(len(p.word) - len(value))
		return p, p.flag != nil && takesValue(p.flag)
	}
	if !strings.HasPrefix(p.word, "-") {
		return p, true
	}
	for i := 1; i+1 < len(p.word); i++ {
		flag := flags.ShorthandLookup(p.word[i : i+1])
		if flag == nil {
			return position{}, false
		}
		if takesValue(flag) {
			p.flag = flag
			if p.word[i+1] == '=' {
				i++
			}
			p.cut(i + 1)
			return p, true
		}
	}
	return p, true
}

func (p *position) cut(n int) { p.prefix, p.word = p.word[:n], p.word[n:] }

// takesValue reports whether the flag needs a value.
func takesValue(flag *pflag.Flag) bool { return flag.NoOptDefVal == "" }

// isOffered reports whether completion offers the command.
func isOffered(root, c *cobra.Command) bool {
	for ; c != root; c = c.Parent() {
		if c == nil || !isListed(c) {
			return false
		}
	}
	return true
}

// isListed reports whether help lists the command below its parent.
func isListed(c *cobra.Command) bool {
	return c.IsAvailableCommand() || c.Name() == "help"
}
