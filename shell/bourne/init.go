package bourne

import (
	_ "embed"
	"fmt"
	"strings"

	"den/shell"
)

//go:embed init.bash
var initScript string

//go:embed look.bash
var lookScript string

// HangLook is the Look of bash and zsh.
//
//go:embed hanglook.bash
var HangLook string

// These stand in initScript, beside what package shell names.
const (
	shellName    = "DEN_SHELL"
	wordList     = "DEN_WORDS"
	variableList = "DEN_VARIABLES"
	adaptCall    = "# DEN_CALL"      // for what the shell needs around the call of den
	lookCode     = "# DEN_LOOK"      // for lookScript and Look
	localCall    = `\builtin local ` // for what declares a variable of a function
	builtinCall  = `\builtin `       // for what calls a builtin
)

// Init implements shell.Dialect.
func (d Dialect) Init(i shell.Integration, resume shell.Plan) string {
	return d.fill(initScript, i, "", d.resumeNow(resume))
}

// fill puts the integration into the text of an init script of the family.
func (d Dialect) fill(script string, i shell.Integration, mark, resume string) string {
	return shell.Fill(d.own(script), mark, resume,
		shellName, d.Name,
		adaptCall, d.AdaptCall,
		lookCode, d.look(),
		shell.ProgramCall, strings.TrimSuffix(d.Quote(i.Program)+" "+i.Flags, " "),
		shell.ProgramFile, d.Quote(i.Program),
		shell.CommandList, strings.Join(i.Commands, " | "),
		wordList, strings.Join(i.Names()[1:], " "),
		variableList, whereSet(i.Variables),
		shell.FunctionLines, i.Functions(define),
	)
}

// own returns a script of the family in this shell's words.
func (d Dialect) own(script string) string {
	return strings.NewReplacer(localCall, d.Local+" ", builtinCall, d.Builtin).Replace(script)
}

// look is the code by which the shell tells that the active environment is gone.
func (d Dialect) look() string {
	if d.Look == "" {
		return ""
	}
	return d.own(shell.TellGone(lookScript) + d.Look)
}

// whereSet returns words that are expanded to the names of those variables that
// are set, whatever IFS holds.
func whereSet(variables []string) string {
	var words []string
	for _, name := range variables {
		words = append(words, "${"+name+`+"`+name+`"}`)
	}
	return strings.Join(words, " \\\n        ")
}

// define is the function for a word.
func define(w shell.Word) string {
	if w.ActsOnShell {
		return fmt.Sprintf("function %s { __den %s \"$@\"; }\n", w.Name, w.Command)
	}
	return fmt.Sprintf("function %s { (__den_exec %s \"$@\"); }\n", w.Name, w.Command)
}

// resumeNow is the code that takes the Plan at once.
func (d Dialect) resumeNow(resume shell.Plan) string {
	if len(resume) == 0 {
		return ""
	}
	return "function __den_resume {\n" + d.Render(resume) + "}\n__den_resume || " + d.Builtin + ":\n" + d.Builtin + "unset -f __den_resume"
}
