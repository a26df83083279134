package fish

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed complete.fish
var completion string

//go:embed keys.fish
var keys string

//go:embed prompt.fish
var promptQuestion string

//go:embed auto.fish
var auto string

// Shell returns the record of fish, 3.1 and later.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "fish",
		Dialect: Dialect{},
		Channel: shell.Descriptor(3),

		RCFile:          shell.InConfig("fish/config.fish"),
		RCFileShown:     "~/.config/fish/config.fish",
		RCFileElsewhere: "XDG_CONFIG_HOME",

		HookSuffix: ".fish",
		OwnVariables: []string{
			"status", "pipestatus", "status_generation", "history", "version", "FISH_VERSION", "fish_pid", "fish_kill_signal",
			"fish_killring", "hostname", "umask", "argv",
		},

		Bare:  []string{"--no-config"},
		Trial: trial(),

		ActivateName: "activate.fish",
		Activate:     Activate,

		Completion: shell.Completion{
			Script: func(i shell.Integration) string {
				return strings.NewReplacer(shell.ProgramCall, Dialect{}.Quote(i.Program), shell.NameList, strings.Join(i.Names(), " ")).Replace(completion)
			},
			File: func() string {
				return "if not builtin functions --query __den_complete\n\n" + strings.ReplaceAll(completion, shell.NameList, "den") + "\nend\n"
			},
			Place: "share/fish/vendor_completions.d/den.fish",
			Form:  shell.CompletionOfWords,
		},

		Keys: keys,
		Auto: func(a shell.Auto) string { return a.Fill(auto, Dialect{}) },
	}
}

// trial says how fish is asked about its own start-up files.
func trial() shell.Trial {
	return shell.Trial{
		Parse:    []string{"--no-execute", "/dev/stdin"},
		Ask:      []string{"-i", "-c", ""},
		AskLogin: []string{"-l", "-i", "-c", ""},
		Question: `set -l words ''
if type -q workon; set words workon; end
if functions workon | string match -q '*__den*'; set words 'workon words completion'; end
` + promptQuestion + `builtin printf '\n` + shell.AnswerMark + `%s.\n' $words >/dev/tty`,
	}
}
