// Package bourne is the language that the shells of the Bourne family share: bash,
// zsh, and sh, which reads bin/activate. The records of these shells are in folders
// of their own.
package bourne

import (
	"cmp"
	"fmt"
	"strings"

	"den/shell"
)

// A Dialect is the language of one shell of the family. Its fields have the differences.
// Its code is right under errexit, nounset, noclobber and posix mode, whatever IFS holds,
// and with builtins aliased or redefined: words that a person may have taken are called
// through builtin, and only keywords are called plainly.
type Dialect struct {
	Name string
	// Quoted returns code that is read back as exactly the text.
	Quoted func(text string) string
	// Builtin stands before each builtin, so that no alias or function of the
	// same name is called.
	Builtin string
	// Local is what declares a variable of a function. LocalBelow is it for one that
	// the functions see which this one calls, where that is another.
	Local, LocalBelow string
	// AssignPrompt is code that assigns to __den_a what shows as the text in PS1.
	AssignPrompt func(d Dialect, text string) string
	// PromptDelimited tells that a prompt may begin with a character that it has for
	// a delimiter, and a carriage return.
	PromptDelimited bool
	// Assign is code that declares a variable with a builtin (export, local) and
	// gives it the value of a quoted word.
	Assign func(declare, name, word string) string
	// AssignGlobal stands before the assignment of a variable that is to
	// outlive the function without being exported.
	AssignGlobal string
	// CdSilently is the option of cd that keeps the person's hooks from it, in a
	// subshell.
	CdSilently string
	// SourceBuiltin stands before the builtin ".".
	SourceBuiltin string
	// EndsWithFile tells that a file which fails may end the shell under errexit,
	// also where its failure is of no account.
	EndsWithFile bool
	// Guard returns code that finds out which of the variables called names the shell
	// does not let be changed, and which of those in typed would not keep a text.
	Guard func(names, typed []string) string
	// Particular are variables of the shell's own that do not take every text.
	Particular []string
	// Forget is the command by which the shell forgets where it found commands, where
	// that is not "hash -r".
	Forget string
	// AdaptCall is code that changes __den_call, the code that runs den, where the
	// shell needs something around it.
	AdaptCall string
	// HasDeactivate is a condition: there is a function called deactivate
	// that venv, virtualenv or uv defined.
	HasDeactivate string
	// IsTaken is a condition: there is a function or an alias called DEN_NAME.
	IsTaken string
	// Look is code that has an interactive shell call __den_look before each prompt,
	// which tells that the active environment is gone.
	Look string
	// Hang and Unhang are code that has __den_watch called when the directory has
	// changed, and that ends it. They are empty where the shell has no way to.
	Hang, Unhang string
	// HangsOnCd tells that it is called at once, and not at the next prompt.
	HangsOnCd bool
}

// renderer collects the code for one Plan.
type renderer struct {
	Dialect
	code strings.Builder
}

// renderSteps returns the code for the Plan. It uses the variables __den_a and
// __den_b, which the caller declares local or unsets afterwards.
func (d Dialect) renderSteps(p shell.Plan) string {
	r := &renderer{Dialect: d}
	p.RenderAll(r)
	return r.code.String()
}

// Render implements shell.Dialect.
func (d Dialect) Render(p shell.Plan) string {
	if len(p) == 0 {
		return ""
	}
	return d.local("__den_a", "''") + "\n" + d.local("__den_b", "''") + "\n" + d.guard(p) + d.renderSteps(p)
}

// Whole implements shell.Dialect. An error that ends one command of the group
// ends all of it.
func (d Dialect) Whole(code string) string {
	return "{\n" + code + d.Builtin + ":\n} && __den_plan=taken\n"
}

// local is code that gives a variable of the function a value, a quoted word.
func (d Dialect) local(name, word string) string { return d.Assign(d.Local, name, word) }

// localBelow is local, for the functions that are called as well.
func (d Dialect) localBelow(name, word string) string {
	if d.LocalBelow == "" {
		return d.local(name, word)
	}
	return d.Assign(d.LocalBelow, name, word)
}

// export is code that exports a variable with a value, a quoted word.
func (d Dialect) export(name, word string) string { return d.Assign(d.Builtin+"export", name, word) }

// AssignAtOnce is Assign in one command, as zsh's warn_create_global has it.
func AssignAtOnce(declare, name, word string) string { return declare + " " + name + "=" + word }

// AssignAfter is Assign in two commands: bash, with the option keyword, takes an
// assignment among the arguments for one that precedes the command.
func AssignAfter(declare, name, word string) string {
	return declare + " " + name + "; " + name + "=" + word
}

// test returns a condition that a person's function called "[" cannot change.
func (d Dialect) test(condition string) string { return d.Builtin + "[ " + condition + " ]" }

// Quote implements shell.Dialect.
func (d Dialect) Quote(text string) string { return d.Quoted(text) }

// RCLine implements shell.Dialect.
func (d Dialect) RCLine(program string) string {
	return fmt.Sprintf(`eval "$(%s init %s)"`, shell.QuoteProgram(d.Quote, program), d.Name)
}

// InitFileLine implements shell.Dialect.
func (d Dialect) InitFileLine(file, program string) string {
	return fileLine(shell.QuoteProgram(d.Quote, file), d.RCLine(program))
}

// fileLine is the line that sources a file, a word, if it can be read.
func fileLine(file, otherwise string) string {
	return fmt.Sprintf(`if [ -r %s ]; then . %s; else %s; fi`, file, file, otherwise)
}

// AssignQuoted returns an AssignPrompt for a shell in which escape writes PS1.
func AssignQuoted(escape func(string) string) func(Dialect, string) string {
	return func(d Dialect, text string) string { return "__den_a=" + d.Quote(escape(text)) }
}

func (r *renderer) linef(format string, args ...any) {
	fmt.Fprintf(&r.code, format+"\n", args...)
}

func (r *renderer) Set(s shell.Set) {
	r.linef("%s", r.export(s.Name, r.Quote(s.Value)))
}

func (r *renderer) Unset(s shell.Unset) {
	r.linef("%sunset %s", r.Builtin, s.Name)
}

func (r *renderer) Save(s shell.Save) {
	saved := shell.SavedName(s.Name)
	r.linef("%sunset %s", r.Builtin, saved)
	r.linef(`if %s; then %s; fi`, r.isSet(s.Name), r.copy(s.Name, saved, s.Exported))
}

// copy assigns the value of one variable to another, which is unset before.
func (r *renderer) copy(from, to string, exported bool) string {
	if exported {
		return r.export(to, `"$`+from+`"`)
	}
	return fmt.Sprintf(`%s%s="$%s"`, r.AssignGlobal, to, from)
}

func (r *renderer) Restore(s shell.Restore) {
	saved := shell.SavedName(s.Name)
	ours := r.test(`-z "${` + s.Name + `+x}"`)
	if s.Ours != nil {
		ours = r.holds(s.Name, r.Quote(*s.Ours))
	}
	r.linef(`if { %s; } || { %s; }; then`, ours, r.isEntered(s.Name))
	r.linef("    %sunset %s", r.Builtin, s.Name)
	r.linef(`    if %s; then %s; fi`, r.isSet(saved), r.copy(saved, s.Name, s.Exported))
	r.linef("fi")
	r.unset(saved, shell.EnteredName(s.Name))
}

func (r *renderer) PathPrepend(s shell.PathPrepend) {
	r.linef("%s", r.export("PATH", r.Quote(s.Dir)+`"${PATH+:$PATH}"`))
}

// PathRemove works on ":$PATH:", in which every entry, an empty one too, has a
// colon on both sides. It asks by the expansions with which it cuts: case goes
// by other rules, with bash's nocasematch.
func (r *renderer) PathRemove(s shell.PathRemove) { r.cut("PATH", s.Dir) }

// cut takes the first entry that is the directory off a list of them.
func (r *renderer) cut(list, dir string) {
	r.linef(`__den_a=%s __den_b=":${%s-}:"`, r.Quote(":"+dir+":"), list)
	r.linef(`if %s; then`, r.test(`"${__den_b#*"$__den_a"}" != "$__den_b"`))
	r.linef(`    __den_b="${__den_b%%%%"$__den_a"*}:${__den_b#*"$__den_a"}"`)
	r.linef(`    __den_b="${__den_b#:}"`)
	r.linef(`    %s%s="${__den_b%%:}"`, r.AssignGlobal, list)
	r.linef(`fi`)
}

func (r *renderer) Prompt(s shell.Prompt) {
	r.linef("%s", r.AssignPrompt(r.Dialect, s.Text))
	r.linef(`if %s; then`, r.test(`-z "${VIRTUAL_ENV_DISABLE_PROMPT-}"`))
	r.prependPrompt()
	r.linef(`fi`)
}

// prependPrompt puts the text in __den_a in front of the prompt.
func (r *renderer) prependPrompt() {
	if !r.PromptDelimited {
		r.linef(`    PS1="$__den_a${PS1-}"`)
		return
	}
	r.linef(`    case ${PS1-} in`)
	r.linef(`    ?$'\r'*) PS1="${PS1%%%%"${PS1#??}"}$__den_a${PS1#??}" ;;`)
	r.linef(`    *) PS1="$__den_a${PS1-}" ;;`)
	r.linef(`    esac`)
}

func (r *renderer) PromptRemove(s shell.PromptRemove) {
	r.linef("%s", r.AssignPrompt(r.Dialect, s.Text))
	r.take("PS1")
}

// take takes the text in __den_a out of a variable, where it is in it.
func (r *renderer) take(name string) {
	condition := r.isSet(name) + " && " + r.test(fmt.Sprintf(`"${%s#*"$__den_a"}" != "$%s"`, name, name))
	r.linef(`if %s; then %s%s="${%s%%%%"$__den_a"*}${%s#*"$__den_a"}"; fi`, condition, r.AssignGlobal, name, name, name)
}

// Source first takes away the arguments of den's function, which the file would
// have for its own.
func (r *renderer) Source(s shell.Source) {
	r.linef("%sset --", r.Builtin)
	if !r.EndsWithFile {
		r.linef("%s. %s || %s:", r.SourceBuiltin, r.Quote(s.File), r.Builtin)
		return
	}
	r.linef(`%s; if %s; then __den_errexit=on; %sset +e; fi`, r.local("__den_errexit", "''"), r.test(`"${-#*e}" != "$-"`), r.Builtin)
	r.linef("%s. %s || %s:", r.SourceBuiltin, r.Quote(s.File), r.Builtin)
	r.linef(`if %s; then %sset -e; fi`, r.test(`-n "$__den_errexit"`), r.Builtin)
}

func (r *renderer) Cross(s shell.Cross) {
	for _, file := range s.Files {
		r.Source(shell.Source{File: file})
	}
}

// Carry does nothing: what a file that was sourced has defined is there.
func (r *renderer) Carry(shell.Carry) {}

func (r *renderer) Within(s shell.Within) {
	r.linef("%s", r.localBelow("__den_within", r.Quote(s.What)))
}

func (r *renderer) OnlyIf(s shell.If) {
	r.linef(`if %s; then`, r.test(`"${`+s.Name+`-}" = `+r.Quote(s.Value)))
	s.Then.RenderAll(r)
	r.linef("fi")
}

func (r *renderer) Run(s shell.Run) {
	r.linef("(%scd %s-- %s && %sexec%s) || %s:", r.Builtin, r.CdSilently, r.Quote(s.Dir), r.Builtin, shell.QuoteWords(r.Quote, s.Argv), r.Builtin)
}

// Cd leaves a person's hooks for a change of directory to the shell, in which
// they are to fire.
func (r *renderer) Cd(s shell.Cd) {
	r.linef("if %s; then %scd -- %s || %s:; fi", r.test(`"${PWD-}" != `+r.Quote(s.Dir)), r.Builtin, r.Quote(s.Dir), r.Builtin)
}

func (r *renderer) Remember(s shell.Remember) {
	r.linef("%s__den_last=%s", r.AssignGlobal, r.Quote(s.Name))
}

// asking is set to 1 while deactivate is called for the sake of other tools'.
// There is no telling from outside which of them it is: den's own does nothing
// then, and fails.
const asking = "__den_asking"

// refuseAsked is what den's own deactivate begins with.
func (d Dialect) refuseAsked() string {
	return fmt.Sprintf(`if %s; then %sreturn 1; fi`, d.test(`-n "${`+asking+`-}"`), d.Builtin)
}

func (r *renderer) LeaveOther(s shell.LeaveOther) {
	r.linef("if %s; then", r.HasDeactivate)
	r.linef("    %s", r.localBelow(asking, "1"))
	r.linef("    if deactivate; then")
	r.linef("        %s:", r.Builtin)
	s.Then.RenderAll(r)
	r.linef("    fi")
	r.linef("    %s=''", asking)
	r.linef("fi")
}

func (r *renderer) DefineDeactivate(shell.DefineDeactivate) {
	r.linef(`function deactivate { %s; __den deactivate "$@"; }`, r.refuseAsked())
}

func (r *renderer) RemoveDeactivate(shell.RemoveDeactivate) {
	r.linef("%sunset -f deactivate 2>/dev/null || %s:", r.Builtin, r.Builtin)
}

func (r *renderer) DefinePydoc(shell.DefinePydoc) {
	r.defineCommand("pydoc", `\command python -m pydoc "$@"`)
}

func (r *renderer) RemovePydoc(shell.RemovePydoc) { r.removeCommand("pydoc") }

// defineCommand defines a function in place of a command, unless the person has one, or
// an alias. It does so by eval: an alias of that name would make it a syntax error, also
// where it is not executed.
func (r *renderer) defineCommand(name, body string) {
	r.linef("if ! { %s; }; then", strings.ReplaceAll(r.IsTaken, "DEN_NAME", name))
	r.linef("    %seval %s", r.Builtin, r.Quote(name+"() { "+body+"; }"))
	r.linef("    %s__den_%s=1", r.AssignGlobal, name)
	r.linef("fi")
}

func (r *renderer) removeCommand(name string) {
	mine := "__den_" + name
	r.linef(`if %s; then %sunset -f %s 2>/dev/null || %s:; %sunset %s; fi`, r.test(`-n "${`+mine+`-}"`), r.Builtin, name, r.Builtin, r.Builtin, mine)
}

func (r *renderer) Again(s shell.Again) {
	r.linef("__den%s || __den_status=$?", shell.QuoteWords(r.Quote, s.Args))
}

func (r *renderer) Rehash(shell.Rehash) {
	r.linef("%s%s 2>/dev/null || %s:", r.Builtin, cmp.Or(r.Forget, "hash -r"), r.Builtin)
}
