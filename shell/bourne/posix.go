// Package bourne has the shells of the Bourne family: bash and zsh, and what sh
// understands too.
package bourne

import (
	"fmt"
	"strings"

	"den/shell"
)

// posix is what the shells of the Bourne family share. Its code is right under
// errexit, nounset, noclobber and posix mode, whatever IFS holds, and with
// builtins aliased or redefined: words that a person may have taken are called
// through builtin, and only keywords are called plainly.
type posix struct {
	name string
	// quote returns code that is read back as exactly the text.
	quote func(text string) string
	// builtin stands before each builtin, so that no alias or function of the
	// same name is called.
	builtin string
	// assignPrompt is code that assigns to __den_a what shows as the text in PS1.
	assignPrompt func(d posix, text string) string
	// assign is code that declares a variable with a builtin (export, local) and
	// gives it the value of a quoted word.
	assign func(declare, name, word string) string
	// assignGlobal stands before the assignment of a variable that is to
	// outlive the function without being exported.
	assignGlobal string
	// cdSilently is the option of cd that keeps the person's hooks from it.
	cdSilently string
	// sourceBuiltin stands before the builtin ".".
	sourceBuiltin string
	// hasDeactivate is a condition: there is a function called deactivate
	// that venv, virtualenv or uv defined.
	hasDeactivate string
}

// posixRenderer collects the code for one Plan.
type posixRenderer struct {
	posix
	code strings.Builder
}

// renderSteps returns the code for the Plan. It uses the variables __den_a and
// __den_b, which the caller declares local or unsets afterwards.
func (d posix) renderSteps(p shell.Plan) string {
	r := &posixRenderer{posix: d}
	for _, step := range p {
		step.Render(r)
	}
	return r.code.String()
}

// Name implements Dialect.
func (d posix) Name() string { return d.name }

// Render implements Dialect.
func (d posix) Render(p shell.Plan) string {
	if len(p) == 0 {
		return ""
	}
	return d.local("__den_a", "''") + "\n" + d.local("__den_b", "''") + "\n" + d.renderSteps(p)
}

// local is code that gives a variable of the function a value, a quoted word.
func (d posix) local(name, word string) string { return d.assign(d.builtin+"local", name, word) }

// export is code that exports a variable with a value, a quoted word.
func (d posix) export(name, word string) string { return d.assign(d.builtin+"export", name, word) }

// assignAtOnce is assign in one command, as zsh's warn_create_global has it.
func assignAtOnce(declare, name, word string) string { return declare + " " + name + "=" + word }

// assignAfter is assign in two commands: bash, with the option keyword, takes an
// assignment among the arguments for one that precedes the command.
func assignAfter(declare, name, word string) string {
	return declare + " " + name + "; " + name + "=" + word
}

// test is a condition, of which no function called "[" can tell lies.
func (d posix) test(condition string) string { return d.builtin + "[ " + condition + " ]" }

// Quote implements Dialect.
func (d posix) Quote(text string) string { return d.quote(text) }

// quoteEscaped is shell.QuoteSingle for bash and zsh. Control characters, which zsh's
// csh_junkie_quotes would stumble over, become escapes in $'…'.
func quoteEscaped(text string) string {
	if strings.IndexFunc(text, isControl) < 0 {
		return shell.QuoteSingle(text)
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(text) {
		switch c := text[i]; {
		case isControl(rune(c)):
			fmt.Fprintf(&b, `\%03o`, c)
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }

// evalLine is the line for the shell's start-up file.
func (d posix) evalLine(program string) string {
	return fmt.Sprintf(`eval "$(%s init %s)"`, shell.QuoteProgram(d.Quote, program), d.name)
}

// KeptLine implements Dialect.
func (d posix) KeptLine(file, program string) string {
	return keptLine(shell.QuoteProgram(d.Quote, file), d.evalLine(program))
}

// keptLine is the line that sources a file, a word, if it can be read.
func keptLine(file, otherwise string) string {
	return fmt.Sprintf(`if [ -r %s ]; then . %s; else %s; fi`, file, file, otherwise)
}

// assignQuoted returns an assignPrompt for a shell whose PS1 is written by escape.
func assignQuoted(escape func(string) string) func(posix, string) string {
	return func(d posix, text string) string { return "__den_a=" + d.Quote(escape(text)) }
}

// fillInit puts the program, the commands, a mark behind the fingerprint and the
// code to resume with into the text of an init script of the family.
func (d posix) fillInit(script, program string, commands []string, mark, resume string) string {
	return strings.NewReplacer(
		shell.ProgramCall, d.Quote(program),
		shell.CommandList, strings.Join(commands, " | "),
		shell.LoadedMark, shell.Fingerprint(script, program, commands)+mark,
		shell.ResumeLine, resume,
	).Replace(script)
}

// resumeNow is the code that takes the Plan at once.
func (d posix) resumeNow(resume shell.Plan) string {
	if len(resume) == 0 {
		return ""
	}
	return "function __den_resume {\n" + d.Render(resume) + "}\n__den_resume\n" + d.builtin + "unset -f __den_resume"
}

func (r *posixRenderer) linef(format string, args ...any) {
	fmt.Fprintf(&r.code, format+"\n", args...)
}

func (r *posixRenderer) Set(s shell.Set) {
	r.linef("%s", r.export(s.Name, r.Quote(s.Value)))
}

func (r *posixRenderer) Unset(s shell.Unset) {
	r.linef("%sunset %s", r.builtin, s.Name)
}

func (r *posixRenderer) Save(s shell.Save) {
	saved := shell.SavedName(s.Name)
	r.linef("%sunset %s", r.builtin, saved)
	r.linef(`if %s; then %s; fi`, r.test(`-n "${`+s.Name+`+x}"`), r.copy(s.Name, saved, s.Exported))
}

// copy assigns the value of one variable to another, which is unset before.
func (r *posixRenderer) copy(from, to string, exported bool) string {
	if exported {
		return r.export(to, `"$`+from+`"`)
	}
	return fmt.Sprintf(`%s%s="$%s"`, r.assignGlobal, to, from)
}

func (r *posixRenderer) Restore(s shell.Restore) {
	saved := shell.SavedName(s.Name)
	ours := "''"
	if s.Ours != nil {
		ours = r.Quote("x" + *s.Ours)
	}
	r.linef(`if %s; then`, r.test(fmt.Sprintf(`"${%s+x}${%s-}" = %s`, s.Name, s.Name, ours)))
	r.linef("    %sunset %s", r.builtin, s.Name)
	r.linef(`    if %s; then %s; fi`, r.test(`-n "${`+saved+`+x}"`), r.copy(saved, s.Name, s.Exported))
	r.linef("fi")
	r.linef("%sunset %s", r.builtin, saved)
}

func (r *posixRenderer) PathPrepend(s shell.PathPrepend) {
	r.linef("%s", r.export("PATH", r.Quote(s.Dir)+`"${PATH+:$PATH}"`))
}

// PathRemove works on ":$PATH:", in which every entry, an empty one too, has a
// colon on both sides. It asks by the expansions with which it cuts: case goes
// by other rules, with bash's nocasematch.
func (r *posixRenderer) PathRemove(s shell.PathRemove) {
	r.linef(`__den_a=%s __den_b=":${PATH-}:"`, r.Quote(":"+s.Dir+":"))
	r.linef(`if %s; then`, r.test(`"${__den_b#*"$__den_a"}" != "$__den_b"`))
	r.linef(`    __den_b="${__den_b%%%%"$__den_a"*}:${__den_b#*"$__den_a"}"`)
	r.linef(`    __den_b="${__den_b#:}"`)
	r.linef(`    PATH="${__den_b%%:}"`)
	r.linef(`fi`)
}

func (r *posixRenderer) Prompt(s shell.Prompt) {
	r.linef("%s", r.assignPrompt(r.posix, s.Text))
	condition := r.test(`-z "${VIRTUAL_ENV_DISABLE_PROMPT-}"`) + " && " + r.test(`-n "${PS1+x}"`)
	if s.Once {
		condition += " && " + r.test(`"${PS1#*"$__den_a"}" = "$PS1"`)
	}
	r.linef(`if %s; then PS1="$__den_a$PS1"; fi`, condition)
}

func (r *posixRenderer) PromptRemove(s shell.PromptRemove) {
	r.linef("%s", r.assignPrompt(r.posix, s.Text))
	r.linef(`if %s; then PS1="${PS1%%%%"$__den_a"*}${PS1#*"$__den_a"}"; fi`, r.test(`"${PS1+${PS1#*"$__den_a"}}" != "${PS1-}"`))
}

// Source first takes away the arguments of den's function, which the file would
// have for its own.
func (r *posixRenderer) Source(s shell.Source) {
	r.linef("%sset --", r.builtin)
	r.linef("%s. %s || %s:", r.sourceBuiltin, r.Quote(s.File), r.builtin)
}

func (r *posixRenderer) Cross(s shell.Cross) {
	for _, file := range s.Files {
		r.Source(shell.Source{File: file})
	}
}

// Carry does nothing: what a file that was sourced has defined is there.
func (r *posixRenderer) Carry(shell.Carry) {}

func (r *posixRenderer) Within(s shell.Within) {
	r.linef("%s", r.local("__den_within", r.Quote(s.What)))
}

func (r *posixRenderer) OnlyIf(s shell.If) {
	r.linef(`if %s; then`, r.test(`"${`+s.Name+`-}" = `+r.Quote(s.Value)))
	for _, step := range s.Then {
		step.Render(r)
	}
	r.linef("fi")
}

func (r *posixRenderer) Run(s shell.Run) {
	r.linef("(%scd %s-- %s && %sexec%s) || %s:", r.builtin, r.cdSilently, r.Quote(s.Dir), r.builtin, shell.QuoteWords(r.Quote, s.Argv), r.builtin)
}

func (r *posixRenderer) Cd(s shell.Cd) {
	r.linef("%scd %s-- %s || %s:", r.builtin, r.cdSilently, r.Quote(s.Dir), r.builtin)
}

func (r *posixRenderer) Remember(s shell.Remember) {
	r.linef("%s__den_last=%s", r.assignGlobal, r.Quote(s.Name))
}

func (r *posixRenderer) LeaveOther(shell.LeaveOther) {
	r.linef("if %s; then deactivate || %s:; fi", r.hasDeactivate, r.builtin)
}

// DefineDeactivate forgets _OLD_VIRTUAL_PATH, by which leaveOther knows the
// function of another tool: while deactivate is den's there is none.
func (r *posixRenderer) DefineDeactivate(shell.DefineDeactivate) {
	r.linef(`function deactivate { %sunset _OLD_VIRTUAL_PATH; __den deactivate "$@"; }`, r.builtin)
}

func (r *posixRenderer) RemoveDeactivate(shell.RemoveDeactivate) {
	r.linef("%sunset -f deactivate 2>/dev/null || %s:", r.builtin, r.builtin)
}

func (r *posixRenderer) Again(s shell.Again) {
	r.linef("__den%s || __den_status=$?", shell.QuoteWords(r.Quote, s.Args))
}

func (r *posixRenderer) Rehash(shell.Rehash) {
	r.linef("%shash -r 2>/dev/null || %s:", r.builtin, r.builtin)
}
