package xonsh

import (
	_ "embed"
	"path/filepath"
	"strings"

	"den/shell"
)

//go:embed complete.xsh
var completion string

//go:embed auto.xsh
var autoScript string

// Shell returns the record of xonsh, 0.13 and later.
func Shell() *shell.Shell {
	return &shell.Shell{
		Name:    "xonsh",
		Dialect: Dialect{},
		Channel: shell.Descriptor(3),

		RCFile:      func(getenv func(string) string) string { return filepath.Join(getenv("HOME"), ".xonshrc") },
		RCFileShown: "~/.xonshrc",

		HookSuffix:   ".xsh",
		OwnVariables: []string{"PROMPT", "XONSH_VERSION", "XONSH_SOURCE", "XONSHRC", "XONSH_INTERACTIVE", "XONSH_LOGIN", "SHELL_TYPE"},

		Bare: []string{"--no-rc"},
		Trial: shell.Trial{
			Parse:    []string{"--no-rc", "-c", "_=__xonsh__.execer.parse(__import__('sys').stdin.read()+'\\n',ctx=set())"},
			Ask:      []string{"-i", "-c", ""},
			AskLogin: []string{"-l", "-i", "-c", ""},
			Question: `def __den_answer():
    words = ''
    if 'workon' in aliases:
        words = 'workon words' if hasattr(__xonsh__, 'den_notes') else 'workon'
        if 'den' in __xonsh__.completers:
            words += ' completion'
    with open('/dev/tty', 'w') as tty:
        tty.write('\n` + shell.AnswerMark + `' + words + '.\n')
__den_answer()
`,
		},

		ActivateName: "activate.xsh",
		Activate:     Activate,

		Auto: func(a shell.Auto) string { return a.Fill(autoScript, Dialect{}) },

		Completion: shell.Completion{
			Script: func(i shell.Integration) string { return complete(i.Program, i.Names()) },
			File:   func() string { return complete("den", []string{"den"}) },
			Place:  "share/xonsh/den.xsh",
			Needs:  "a line in ~/.xonshrc that sources it",
			Form:   shell.CompletionOfWords,
		},
	}
}

func complete(path string, names []string) string {
	return strings.NewReplacer(program, Dialect{}.Quote(path), shell.NameList, strings.Join(names, " ")).Replace(completion)
}
