package fish

import "den/shell"

// Trial implements Dialect.
func (fish) Trial() shell.Trial {
	return shell.Trial{
		Parse: []string{"--no-execute", "/dev/stdin"},
		Ask:   []string{"-i", "-c", ""},
		Question: `set -l words ''
if functions workon | string match -q '*__den*'; set words 'words completion'; end
builtin printf '\n` + shell.AnswerMark + `%s.\n' $words >/dev/tty`,
	}
}
