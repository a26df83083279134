package cmd

// The commands that make environments also take the options of virtualenv, or of
// another program with which a person makes environments. cobra knows only its own
// flags, so den sorts the arguments before cobra reads them.

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// makes marks a command that makes an environment.
const makes = "den.makes"

// virtualenvOptions are those options of virtualenv that den has not itself.
var virtualenvOptions = map[string]struct {
	value bool // it is followed by one
	idle  bool // den's environments are no different without it
}{
	"activators":         {value: true, idle: true},
	"app-data":           {value: true, idle: true},
	"creator":            {value: true},
	"discovery":          {value: true, idle: true},
	"download":           {},
	"extra-search-dir":   {value: true},
	"no-periodic-update": {idle: true},
	"no-vcs-ignore":      {},
	"pip":                {value: true},
	"quiet":              {idle: true},
	"read-only-app-data": {idle: true},
	"reset-app-data":     {idle: true},
	"seeder":             {value: true, idle: true},
	"symlink-app-data":   {idle: true},
	"symlinks":           {idle: true},
	"try-first-with":     {value: true},
	"verbose":            {idle: true},
	"with-traceback":     {idle: true},
	"q":                  {idle: true},
	"v":                  {idle: true},
	"vv":                 {idle: true},
}

// isIdle reports whether den may leave an option of virtualenv out.
func isIdle(option string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(option, "-"), "=")
	return !strings.HasPrefix(option, "-") || virtualenvOptions[name].idle
}

// ownFlags are den's own also where another program makes the environment; all
// others are for that.
var ownFlags = []string{
	"project", "install", "requirements", "editable", "group", "script", "python", "backend", "no-activate", "cd", "no-cd",
	"clear", "force", "template", "help", "workon-home", "option", "program",
}

// arguments returns the arguments of den as cobra can read them. For a command
// that makes an environment, those that the person has set for all of them come
// first; what is not den's stands behind --option, one word after the other, and
// the other program behind --program.
func (a *app) arguments(root *cobra.Command, args []string) []string {
	c, rest, err := root.Find(args)
	if err != nil || c.Annotations[makes] == "" {
		return args
	}
	typed := commandLine(rest)
	internal := rest[:len(rest)-len(typed)]
	// The settings themselves come to know the flags only later.
	settings := newSettings(os.LookupEnv, root.PersistentFlags())
	more, err := settings.text(keyVirtualenvArgs)
	if err != nil {
		return args // whoever reads them next will say so
	}
	c.InitDefaultHelpFlag()
	c.InheritedFlags() // adds them to the flags
	s := sorter{flags: c.Flags(), program: otherProgram(&settings, typed)}
	sorted := s.sort(append(strings.Fields(more), typed...))
	return slices.Concat(internal, strings.Fields(c.CommandPath())[1:], sorted)
}

// otherProgram is what a person has make their environments instead of a backend
// of den's; "" when there is none, or they have chosen a backend over it.
func otherProgram(s *settings, typed []string) string {
	program, err := s.text(keyVirtualenv)
	if err != nil || s.getenv("DEN_BACKEND") != "" {
		return ""
	}
	for _, word := range typed {
		if word == "--backend" || strings.HasPrefix(word, "--backend=") {
			return ""
		}
	}
	return program
}

// A sorter tells the flags of a command from the options that are for another
// program.
type sorter struct {
	flags   *pflag.FlagSet
	program string

	own    []string // flags with their values, and arguments
	others []string // for the other program, in order
	name   int      // where in others the last argument is, and one
}

func (s *sorter) sort(words []string) []string {
	for len(words) > 0 && words[0] != "--" {
		word, n := words[0], 1
		isOption := len(word) > 1 && word[0] == '-'
		switch own, takes := s.isOwn(word); {
		case own:
			n += takes
			n = min(n, len(words))
			s.own = append(s.own, words[:n]...)
		case isOption:
			if option, known := virtualenvOptions[strings.TrimLeft(word, "-")]; known && option.value && s.program == "" {
				n = min(2, len(words))
			}
			s.others = append(s.others, words[:n]...)
		case s.program != "":
			s.others = append(s.others, word)
			s.name = len(s.others)
		default:
			s.own = append(s.own, word)
		}
		words = words[n:]
	}
	if s.name > 0 && len(words) == 0 { // the last argument is the name
		s.own = append(s.own, "--", s.others[s.name-1])
		s.others = slices.Delete(s.others, s.name-1, s.name)
	}
	var sorted []string
	if s.program != "" {
		sorted = append(sorted, "--program="+s.program)
	}
	for _, word := range s.others {
		sorted = append(sorted, "--option="+word)
	}
	return slices.Concat(sorted, s.own, words)
}

// isOwn reports whether a word is a flag of den's, or one that den is to
// complain of, and how many of the words that follow are its values.
func (s *sorter) isOwn(word string) (own bool, takes int) {
	if name, ok := strings.CutPrefix(word, "--"); ok {
		name, _, inline := strings.Cut(name, "=")
		flag := s.flags.Lookup(name)
		if flag == nil {
			_, known := virtualenvOptions[name]
			return !known && s.program == "", 0
		}
		return s.keeps(flag), values(flag, inline)
	}
	letters, ok := strings.CutPrefix(word, "-")
	if !ok || letters == "" {
		return false, 0
	}
	for i := range len(letters) {
		flag := s.flags.ShorthandLookup(letters[i : i+1])
		if flag == nil {
			_, known := virtualenvOptions[letters]
			return !known && s.program == "", 0
		}
		if !s.keeps(flag) {
			return false, 0
		}
		if flag.NoOptDefVal == "" {
			return true, values(flag, i+1 < len(letters))
		}
	}
	return true, 0
}

// keeps reports whether a flag is den's, and not the other program's.
func (s *sorter) keeps(flag *pflag.Flag) bool {
	return s.program == "" || slices.Contains(ownFlags, flag.Name) || slices.Contains(integrationFlags, flag.Name)
}

// values is how many words a flag takes.
func values(flag *pflag.Flag, inline bool) int {
	if inline || flag.NoOptDefVal != "" {
		return 0
	}
	return 1
}
