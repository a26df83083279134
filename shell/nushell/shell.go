package nushell

import (
	_ "embed"
	"path/filepath"
	"runtime"
	"strings"

	"den/shell"
)

//go:embed complete.nu
var completion string

//go:embed auto.nu
var auto string

// Shell returns the record of nushell, 0.108 and later.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "nushell",
		Program: "nu",
		Dialect: Dialect{},
		Channel: &shell.File{Variable: planVariable},

		RCFile:          rcFile,
		RCFileShown:     "~/.config/nushell/autoload/den.nu",
		RCFileElsewhere: "XDG_CONFIG_HOME",

		HookSuffix: ".nu",
		OwnVariables: []string{
			"FILE_PWD", "CURRENT_FILE", "LAST_EXIT_CODE", "CMD_DURATION_MS", "NU_VERSION", "NU_LOG_LEVEL", "config", "ENV_CONVERSIONS",
			"PROMPT_COMMAND", "PROMPT_INDICATOR", "PROMPT_COMMAND_RIGHT", "TRANSIENT_PROMPT_COMMAND", planVariable,
		},

		Bare: []string{"--no-config-file"},
		Trial: shell.Trial{
			Parse:    []string{"--no-config-file", "--stdin", "--commands", "if not ($in | nu-check) { exit 1 }"},
			Ask:      []string{"--execute", ""},
			See:      "nu --execute 'which workon; exit'",
			AskLogin: []string{"--login", "--execute", ""},
			Question: `let answer = if (which workon | is-empty) { "" } else if (try { view source workon } catch { "" }) =~ '^alias workon = den |^den workon' { "workon words completion" } else { "workon" }
print $"\n` + shell.AnswerMark + `($answer)."
exit`,
		},

		ActivateName: "activate.nu",
		Activate:     Activate,

		Completion: shell.Completion{
			Script: script,
			File: func() string {
				return script(shell.Integration{Program: "den"}) + "\n@complete __den_complete\nextern den [...args: string]\n"
			},
			Place: "share/nushell/vendor/autoload/den.nu",
			Form:  shell.CompletionOfWordsListed,
		},

		Auto: func(a shell.Auto) string { return a.Fill(auto, Dialect{}) },
	}
}

// planVariable names the file that a plan comes in.
const planVariable = "DEN_PLAN_FILE"

func script(i shell.Integration) string {
	return strings.ReplaceAll(completion, "^"+shell.ProgramCall, "^"+Dialect{}.Quote(i.Program))
}

const autoload = "nushell/autoload/den.nu"

// rcFile is a file that nushell reads whole, with nothing else in it: a mistake in
// the others does not keep den from being loaded, nor the other way round.
func rcFile(getenv func(string) string) string {
	if runtime.GOOS == "darwin" && getenv("XDG_CONFIG_HOME") == "" {
		return filepath.Join(getenv("HOME"), "Library", "Application Support", autoload)
	}
	return shell.InConfig(autoload)(getenv)
}
