// Package fish has the shell fish.
package fish

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"den/shell"
)

//go:embed init.fish
var initScript string

// Dialect is the language of fish.
type Dialect struct{}

// renderer collects the code for one Plan.
type renderer struct {
	Dialect
	code strings.Builder
}

// Quote implements shell.Dialect: single quotes, in which fish reads only \\ and \' as
// escapes. Some bytes are written as escapes outside of them. Those that are not
// UTF-8 would be dropped by read, by which the code comes to fish, in a locale
// that is not UTF-8 either. And characters that Unicode leaves to programs mean
// something inside fish: a byte, a wildcard, the end of a variable's name.
func (Dialect) Quote(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch char := text[i : i+size]; {
		case r == utf8.RuneError && size == 1 || isFishs(r):
			b.WriteByte('\'')
			for _, c := range []byte(char) {
				fmt.Fprintf(&b, `\X%02x`, c)
			}
			b.WriteByte('\'')
		case r == '\'' || r == '\\':
			b.WriteString(`\` + char)
		default:
			b.WriteString(char)
		}
		i += size
	}
	b.WriteByte('\'')
	return b.String()
}

// isFishs reports whether fish may use the character for its own purposes: those
// for private use, and those that are none.
func isFishs(r rune) bool {
	return r >= 0xe000 && r <= 0xf8ff || r >= 0xfdd0 && r <= 0xfdef
}

// Render implements shell.Dialect.
func (d Dialect) Render(p shell.Plan) string {
	r := &renderer{Dialect: d}
	p.RenderAll(r)
	if len(p) > 0 {
		r.linef("builtin true")
	}
	return r.code.String()
}

// Whole implements shell.Dialect.
func (Dialect) Whole(code string) string { return code + "set __den_plan taken\n" }

// Init implements shell.Dialect.
func (d Dialect) Init(i shell.Integration, resume shell.Plan) string {
	return d.fill(i, "", d.Render(resume))
}

// InitFile implements shell.Dialect.
func (d Dialect) InitFile(i shell.Integration, file shell.InitFile) string {
	return file.Before + d.fill(i, file.Mark(), d.check(file)+resumeAtEnd)
}

func (d Dialect) fill(i shell.Integration, mark, resume string) string {
	program := d.Quote(i.Program)
	define := func(w shell.Word) string {
		call := "__den_exec"
		if w.ActsOnShell {
			call = "__den"
		}
		return fmt.Sprintf("function %s\n    %s %s $argv\nend\n", w.Name, call, w.Command)
	}
	return shell.Fill(initScript, mark, resume,
		shell.ProgramFile, program,
		shell.ProgramCall, program,
		shell.CommandList, strings.Join(i.Commands, " "),
		shell.FunctionLines, i.Functions(define),
	)
}

// RCLine implements shell.Dialect.
func (d Dialect) RCLine(program string) string {
	return shell.QuoteProgram(d.Quote, program) + " init fish | source"
}

// InitFileLine implements shell.Dialect.
func (d Dialect) InitFileLine(file, program string) string {
	file = shell.QuoteProgram(d.Quote, file)
	return fmt.Sprintf("if test -r %s; source %s; else; %s; end", file, file, d.RCLine(program))
}

func (r *renderer) linef(format string, args ...any) {
	fmt.Fprintf(&r.code, format+"\n", args...)
}

func (r *renderer) Set(s shell.Set) {
	r.linef("set -gx %s %s", s.Name, r.Quote(s.Value))
}

func (r *renderer) Unset(s shell.Unset) {
	r.linef("set -eg %s", s.Name)
}

func (r *renderer) Save(s shell.Save) {
	saved := shell.SavedName(s.Name)
	r.linef("set -eg %s", saved)
	r.linef(`if set -q %s; set -g%s %s "$%s"; end`, s.Name, exportFlag(s.Exported), saved, s.Name)
}

// exportFlag is what makes set export a variable, or not.
func exportFlag(exported bool) string {
	if exported {
		return "x"
	}
	return "u"
}

func (r *renderer) Restore(s shell.Restore) {
	saved, entered := shell.SavedName(s.Name), shell.EnteredName(s.Name)
	ours := fmt.Sprintf("not set -q %s", s.Name)
	if s.Ours != nil {
		ours = fmt.Sprintf(`begin; set -q %s; and test x"$%s" = %s; end`, s.Name, s.Name, r.Quote("x"+*s.Ours))
	}
	r.linef("if %s; or %s", ours, isEntered(s.Name))
	r.linef("    set -eg %s", s.Name)
	r.linef(`    if set -q %s; set -g%s %s "$%s"; end`, saved, exportFlag(s.Exported), s.Name, saved)
	r.linef("end")
	r.linef("set -eg %s; set -eg %s", saved, entered)
}

func (r *renderer) PathPrepend(s shell.PathPrepend) {
	r.linef("set -gx PATH %s $PATH", r.Quote(s.Dir))
}

// Prompt wraps the function fish_prompt. The wrapped one is called first, so
// that it still sees the status of the last command. The text is looked up each
// time: where the person's own prompt has come to call this one, the text goes
// when the environment is left, and shows again when the next one is entered,
// without another wrapping. The wrapped one has the name that activate scripts
// give it: one that is sourced puts it back first.
func (r *renderer) Prompt(s shell.Prompt) {
	r.linef("if not %s", r.promptShows(s.Text))
	r.linef("    builtin functions -q fish_prompt; or function fish_prompt; end")
	r.linef("    builtin functions -e %s", oldPrompt)
	r.linef("    builtin functions -c fish_prompt %s", oldPrompt)
	r.linef(`    if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"`)
	r.linef("        function fish_prompt")
	r.linef("            set -l __den_lines (%s)", oldPrompt)
	r.linef(`            builtin printf '%%s%%s' "$DEN_ACTIVE_PROMPT" (builtin string join -- \n $__den_lines | builtin string collect)`)
	r.linef("        end")
	r.linef("        set -g _OLD_FISH_PROMPT_OVERRIDE $VIRTUAL_ENV")
	r.linef("    end")
	r.linef("end")
}

// PromptRemove puts the wrapped prompt back, unless the person has defined
// another since. Where that one calls the wrapper, it still needs the wrapped.
func (r *renderer) PromptRemove(s shell.PromptRemove) {
	r.linef("if builtin functions -q %s; and begin; %s | builtin string match -q '*__den_lines*'; or %s; end", oldPrompt, promptCode, isHooks)
	r.linef("    builtin functions -e fish_prompt")
	r.linef("    builtin functions -c %s fish_prompt", oldPrompt)
	r.linef("    builtin functions -e %s", oldPrompt)
	r.linef("else if not %s", r.promptShows(s.Text))
	r.linef("    builtin functions -e %s", oldPrompt)
	r.linef("end")
	r.linef("set -eg _OLD_FISH_PROMPT_OVERRIDE; set -eg %s", hooksPrompt)
}

// promptShows is a condition: the prompt is, or calls, the wrapper, and shows
// the text. It draws the prompt only where there has been a wrapper.
func (r *renderer) promptShows(text string) string {
	return fmt.Sprintf("begin; builtin functions -q "+oldPrompt+"; and builtin string match -qr -- (builtin string escape --style=regex -- %s) (fish_prompt); end", r.Quote(text))
}

func (r *renderer) Source(s shell.Source) {
	r.linef("builtin source %s", r.Quote(s.File))
}

func (r *renderer) Cross(s shell.Cross) {
	r.linef(`__den cross --carried "$__den_carried" --%s`, shell.QuoteWords(r.Quote, s.Files))
}

func (r *renderer) Carry(s shell.Carry) {
	r.linef("set -g __den_carried %s", r.Quote(s.Code))
}

// Within exports the variable, for functions see no other local ones of their
// callers.
func (r *renderer) Within(s shell.Within) {
	r.linef("set -lx __den_within %s", r.Quote(s.What))
}

func (r *renderer) OnlyIf(s shell.If) {
	r.linef(`if builtin test "$%s" = %s`, s.Name, r.Quote(s.Value))
	s.Then.RenderAll(r)
	r.linef("end")
}

// runIn changes to the directory that is its first argument and becomes the
// program that the others name: fish has no subshells.
const runIn = `cd -- "$1" && shift && exec "$@"`

func (r *renderer) Run(s shell.Run) {
	r.linef("/bin/sh -c %s sh %s%s", r.Quote(runIn), r.Quote(s.Dir), shell.QuoteWords(r.Quote, s.Argv))
}

func (r *renderer) Cd(s shell.Cd) {
	r.linef(`test x"$PWD" = %s; or builtin cd -- %s`, r.Quote("x"+s.Dir), r.Quote(s.Dir))
}

func (r *renderer) Remember(s shell.Remember) {
	r.linef("set -g __den_last %s", r.Quote(s.Name))
}

// LeaveOther calls den's own deactivate too, which then does nothing and fails:
// there is no telling from outside which of them it is. Functions see no local
// variables of their callers but exported ones.
func (r *renderer) LeaveOther(s shell.LeaveOther) {
	r.linef("if set -q _OLD_VIRTUAL_PATH; and builtin functions -q deactivate")
	r.linef("    set -lx __den_asking 1")
	r.linef("    if deactivate")
	s.Then.RenderAll(r)
	r.linef("    end")
	r.linef("end")
}

// refuseAsked is what den's own deactivate begins with.
const refuseAsked = "set -q __den_asking; and return 1"

func (r *renderer) DefineDeactivate(shell.DefineDeactivate) {
	r.linef("function deactivate; %s; __den deactivate $argv; end", refuseAsked)
}

func (r *renderer) RemoveDeactivate(shell.RemoveDeactivate) {
	r.linef("builtin functions -e deactivate")
}

// pydoc is the function of DefinePydoc.
const pydoc = "command python -m pydoc $argv"

func (r *renderer) DefinePydoc(shell.DefinePydoc) {
	r.linef("if not builtin functions -q pydoc; function pydoc; %s; end; set -g __den_pydoc 1; end", pydoc)
}

func (r *renderer) RemovePydoc(shell.RemovePydoc) {
	r.linef("if set -q __den_pydoc; and builtin functions pydoc | builtin string match -q '*%s*'; builtin functions -e pydoc; end", pydoc)
	r.linef("set -eg __den_pydoc")
}

func (r *renderer) Again(s shell.Again) {
	r.linef("__den%s; or set __den_status $status", shell.QuoteWords(r.Quote, s.Args))
}

func (r *renderer) Rehash(shell.Rehash) {} // fish looks commands up each time
