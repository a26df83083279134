package main

import (
	"fmt"
	"strings"
)

// A step is one command of a scenario's script.
type step struct {
	command string
	output  bool // whether what it prints counts
}

// steps are the commands of the script; the first of them loads the tool.
func (s scenario) steps() []step {
	steps := []step{{command: "load"}}
	for line := range strings.Lines(s.section("script")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		command, output := strings.CutPrefix(line, "= ")
		steps = append(steps, step{command, output})
	}
	return steps
}

// languages have, for each shell, what comes first in the script: a function
// that notes the state of the shell after step $1, which ended with status $2;
// how a step is written; and how the tool is loaded.
var languages = map[string]struct{ prologue, step, load string }{
	"bash": {bashAfter, bourneStep, "source virtualenvwrapper.sh"},
	"zsh":  {zshAfter, bourneStep, "source virtualenvwrapper.sh"},
	"fish": {fishAfter, fishStep, "den init fish | source"},
}

// The state is noted without starting a process, which would weigh in.
const bashAfter = `PS1='base> '
function __after {
	builtin local name
	builtin compgen -e >"$STATE/$1.names"
	while IFS= builtin read -r name; do
		builtin printf '%s=%s\0' "$name" "${!name}"
	done <"$STATE/$1.names" >"$STATE/$1.env"
	{
		builtin printf '%s\n' "$2" "$PWD"
		if builtin declare -F deactivate >/dev/null; then builtin printf 'deactivate\n'; else builtin printf '\n'; fi
		builtin printf '%s\n' "${PS1@P}"
		builtin dirs -l -p
	} >"$STATE/$1.state"
	builtin printf -- '-- %s\n' "$1" >>"$HOME/log"
}
`

const zshAfter = `PS1='base> '
zmodload zsh/parameter
function __after {
	builtin local name
	for name in ${(k)parameters[(R)*export*]}; do
		builtin printf '%s=%s\0' "$name" "${(P)name}"
	done >"$STATE/$1.env"
	{
		builtin printf '%s\n' "$2" "$PWD"
		if builtin typeset -f deactivate >/dev/null; then builtin printf 'deactivate\n'; else builtin printf '\n'; fi
		builtin print -rP -- "$PS1"
		builtin dirs -lp
	} >"$STATE/$1.state"
	builtin printf -- '-- %s\n' "$1" >>"$HOME/log"
}
`

const bourneStep = "{\n%[2]s\n} >\"$STATE/%[1]d.out\" 2>\"$STATE/%[1]d.err\" </dev/null\n__after %[1]d $?\n"

// fishAfter defines the words of the scripts that fish lacks as functions.
const fishAfter = `function fish_prompt
	printf 'base> '
end
function unset
	set --erase $argv
end
function __after
	/usr/bin/env -0 >"$STATE/$argv[1].env"
	begin
		printf '%s\n' $argv[2] $PWD
		if functions --query deactivate; printf 'deactivate\n'; else; printf '\n'; end
		fish_prompt
		printf '\n'
		dirs | string replace --all '~' $HOME | string split ' '
	end >"$STATE/$argv[1].state"
	echo "-- $argv[1]" >>"$HOME/log"
end
`

const fishStep = "begin\n%[2]s\nend >\"$STATE/%[1]d.out\" 2>\"$STATE/%[1]d.err\" </dev/null\n__after %[1]d $status\n"

// script is the scenario's, in the language of the shell.
func (p play) script() string {
	language := languages[p.shell]
	var b strings.Builder
	b.WriteString(language.prologue)
	for i, step := range p.steps() {
		command := step.command
		if i == 0 {
			command = language.load
		}
		fmt.Fprintf(&b, language.step, i, command)
	}
	return b.String()
}
