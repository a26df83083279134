package elvish

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed complete.elv
var completion string

//go:embed auto.elv
var auto string

// Shell returns the record of elvish, 0.19 and later.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "elvish",
		Dialect: Dialect{},
		Channel: shell.Descriptor(3),

		RCFile:          shell.InConfig("elvish/rc.elv"),
		RCFileShown:     "~/.config/elvish/rc.elv",
		RCFileElsewhere: "XDG_CONFIG_HOME",

		HookSuffix: ".elv",

		Bare:  []string{"-norc"},
		Trial: trial(),

		ActivateName: "activate.elv",
		Activate:     Activate,

		Completion: shell.Completion{
			Script: func(i shell.Integration) string {
				text := strings.NewReplacer("e:den", Dialect{}.Quote(i.Program), shell.NameList, strings.Join(i.Names(), " ")).Replace(completion)
				return "# Only a shell at a terminal completes.\nif ?(eval &ns=(ns [&]) 'nop $edit:prompt') {\neval &ns=(ns [&]) " + Dialect{}.Quote(text) + "\n}\n"
			},
			File:  func() string { return strings.ReplaceAll(completion, shell.NameList, "den") },
			Place: "share/elvish/lib/den-completion.elv",
			Needs: "a line in rc.elv: use den-completion",
			Form:  shell.CompletionOfWords,
		},

		Auto: func(a shell.Auto) string { return a.Fill(auto, Dialect{}) },
	}
}

// trial says how elvish is asked about its own start-up file. Its parser alone is
// not to be had: code is compiled as a function that nobody calls, and that a name
// is not known, as edit: in this shell, is no mistake of the parser's.
func trial() shell.Trial {
	return shell.Trial{
		Parse:    []string{"-norc", "-c", `use str; try { eval "fn unused {\n"(slurp)"\n}" } catch e { if (str:contains (to-string $e[reason]) 'arse error') { exit 1 } }`},
		See:      "elvish, and there: workon",
		Ask:      []string{"-rc", "/dev/fd/3"},
		AskLogin: []string{"-rc", "/dev/fd/3"},
		Load: func(file string) string {
			return "if ?(nop < " + Dialect{}.Quote(file) + ") { eval (slurp < " + Dialect{}.Quote(file) + ") }"
		},
		// There is no asking for a function; den's words complete.
		Question: `var answer = ''
if (has-key $edit:completion:arg-completer workon) { set answer = 'workon words completion' }
print "\n` + shell.AnswerMark + `"$answer".\n" > /dev/tty`,
	}
}
