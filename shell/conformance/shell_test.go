package conformance

import (
	"os"
	"strings"
	"testing"

	"den/shell/shells"
)

// A shell is a column of the table: how one shell says what rows need said.
// Each method returns a line (or several) of that shell's code; paths and
// values are quoted by it, a body is code already.
type shell interface {
	name() string

	// script is the command that runs a file with no start-up files read.
	script(file string) []string
	// rc is the start-up file of an interactive shell, below the home
	// directory.
	rc() string
	// profile is a start-up file that runs body in login shells alone, before
	// rc is read.
	profile(body string) (file, content string)

	// init is the line that a person adds to their start-up file.
	init() string
	// activate is the name of this shell's script in an environment's bin.
	activate() string
	// hook is the file name of a sourced hook for this shell.
	hook(name string) string

	// own is code of a row as this shell has it: rows call builtins by builtin, as
	// bash, zsh and fish do.
	own(code string) string
	// lacks says why this shell cannot keep rows: by the names of their tests.
	lacks() map[string]string

	quote(word string) string
	// shown is how a name looks in the prompt.
	shown(name string) string
	export(name, value string) string
	assign(name, value string) string // not exported
	unset(name string) string
	setPath(path string) string
	// prependPath puts a directory first on PATH.
	prependPath(dir string) string
	// status is the expression for the exit status of the last command.
	status() string

	function(name, body string) string
	eraseFunction(name string) string
	// alias makes a name stand for another command, also in scripts.
	alias(name, command string) string
	// redefinable lists the commands that this shell lets a person redefine
	// as functions although den may want to use them.
	redefinable() []string
	// group runs body with redirections, in the shell itself.
	group(body, redirections string) string
	// eachLine runs body once for each line of file, with file as stdin.
	eachLine(file, body string) string
	// parameters runs body where the positional parameters are the words.
	parameters(body string, words ...string) string
	// showParameters prints the positional parameters, one a line.
	showParameters() string

	// setPrompt replaces the prompt, prependPrompt and appendPrompt add to it.
	setPrompt(text string) string
	prependPrompt(text string) string
	appendPrompt(text string) string
	// freshPrompt is prependPrompt, but may be used again and again.
	freshPrompt(text string) string
	// statusPrompt is a prompt that begins with the exit status of the last
	// command, in brackets.
	statusPrompt(text string) string
	// showPrompt prints the prompt, escapes expanded, into a file.
	showPrompt(file string) string
	// promptHook sets the prompt anew each time before it is shown.
	promptHook(text string) string
	// runPromptHook does what an interactive shell does before a prompt.
	runPromptHook() string

	// hostile lists settings of this shell alone that break careless code,
	// promptOptions those that change what is expanded in prompts.
	hostile() []setting
	promptOptions() []setting
	// modes lists other ways to run a script.
	modes() [][]string
	// volatile lists variables and functions that come and go, or change, by
	// the shell's own doing.
	volatile() []string
	// snapshot writes what there is to know of the shell to files whose names
	// begin with prefix: see snapshot.
	snapshot(prefix string) string
}

// A setting is some code that makes a shell a hostile place.
type setting struct {
	name, code string
	// exports tells that every assignment is exported, so that den's are too.
	exports bool
	// special are characters that prompts then show as something else. A name
	// with one of them looks different, and still nothing in it is executed.
	special string
}

// phrases are the columns there are, by name.
var phrases = map[string]shell{"bash": bash{}, "zsh": zsh{}, "fish": fish{}, "ksh": ksh{}, "mksh": mksh{}, "nushell": nushell{}, "xonsh": xonsh{}, "elvish": elvish{}}

// allColumns are the shells that den promises to support: all in its table. columns
// are those that take what rows say in code of their own, with words that sh and fish
// have too; those of the Bourne family source what is written for sh.
var allColumns, columns, bourneColumns = tabled()

func tabled() (all, own, bourne []shell) {
	for _, s := range shells.All() {
		column, ok := phrases[s.Name]
		if !ok {
			panic("the conformance table has no column for " + s.Name)
		}
		all = append(all, column)
		if _, differs := column.(interface{ source(file string) string }); !differs {
			own = append(own, column)
		}
		if s.HookSuffix == "" {
			bourne = append(bourne, column)
		}
	}
	return all, own, bourne
}

// eachShell runs a row in every column.
func eachShell(t *testing.T, row func(w *world)) {
	t.Helper()
	t.Parallel()
	for _, sh := range allColumns {
		t.Run(sh.name(), func(t *testing.T) {
			t.Parallel()
			if why := lacking(t, sh); why != "" {
				t.Logf("%s: %s", sh.name(), why)
				return
			}
			row(newWorld(t, sh))
		})
	}
}

// lacking says why the shell cannot keep the row, or this part of it, if it cannot.
func lacking(t *testing.T, sh shell) string {
	row, _, _ := strings.Cut(t.Name(), "/")
	if why := sh.lacks()[row]; why != "" {
		return why
	}
	return sh.lacks()[strings.TrimSuffix(t.Name(), "/"+sh.name())]
}

// The shells' documentation says of each row that a shell cannot keep why.
func TestLimitsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/shells.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, sh := range allColumns {
		for row, why := range sh.lacks() {
			if !strings.Contains(string(text), why) {
				t.Errorf("docs/shells.md does not say why %s cannot keep %s: %s", sh.name(), row, why)
			}
		}
	}
}

// lines joins code into a script.
func lines(code ...string) string {
	return strings.Join(code, "\n") + "\n"
}

// program is the name of a column's program.
func program(sh shell) string {
	s, err := shells.ByName(sh.name())
	if err != nil {
		return sh.name()
	}
	return s.Executable()
}
