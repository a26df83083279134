// Package fish has the shell fish.
package fish

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"den/shell"
)

//go:embed init.fish
var fishInit string

type fish struct{}

// Fish is the dialect of fish, 3.1 and later.
func Fish() shell.Dialect { return fish{} }

// fishRenderer collects the code for one Plan.
type fishRenderer struct {
	fish
	code strings.Builder
}

// Name implements Dialect.
func (fish) Name() string { return "fish" }

// Quote implements Dialect: single quotes, in which fish reads only \\ and \' as
// escapes. Some bytes are written as escapes outside of them. Those that are not
// UTF-8 would be dropped by read, by which the code comes to fish, in a locale
// that is not UTF-8 either. And characters that Unicode leaves to programs mean
// something inside fish: a byte, a wildcard, the end of a variable's name.
func (fish) Quote(text string) string {
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

// Render implements Dialect.
func (d fish) Render(p shell.Plan) string {
	r := &fishRenderer{fish: d}
	for _, step := range p {
		step.Render(r)
	}
	if len(p) > 0 {
		r.linef("builtin true")
	}
	return r.code.String()
}

// Init implements Dialect.
func (d fish) Init(program string, commands []string, resume shell.Plan) string {
	return d.fillInit(program, commands, "", d.Render(resume))
}

// Keep implements Dialect.
func (d fish) Keep(program string, commands []string, kept shell.Kept) string {
	return kept.Before + d.fillInit(program, commands, kept.Mark(), d.plainly(kept)+resumeKeptFish)
}

func (d fish) fillInit(program string, commands []string, mark, resume string) string {
	return strings.NewReplacer(
		shell.ProgramCall, d.Quote(program),
		shell.CommandList, strings.Join(commands, " "),
		shell.LoadedMark, shell.Fingerprint(fishInit, program, commands)+mark,
		shell.ResumeLine, resume,
	).Replace(fishInit)
}

// RCFile implements Dialect.
func (fish) RCFile(getenv func(string) string) string {
	dir := getenv("XDG_CONFIG_HOME")
	if dir == "" {
		dir = filepath.Join(getenv("HOME"), ".config")
	}
	return filepath.Join(dir, "fish", "config.fish")
}

// RCLine implements Dialect.
func (d fish) RCLine(program string) string {
	return shell.QuoteProgram(d.Quote, program) + " init fish | source"
}

// KeptLine implements Dialect.
func (d fish) KeptLine(file, program string) string {
	file = shell.QuoteProgram(d.Quote, file)
	return fmt.Sprintf("if test -r %s; source %s; else; %s; end", file, file, d.RCLine(program))
}

func (r *fishRenderer) linef(format string, args ...any) {
	fmt.Fprintf(&r.code, format+"\n", args...)
}

func (r *fishRenderer) Set(s shell.Set) {
	r.linef("set -gx %s %s", s.Name, r.Quote(s.Value))
}

func (r *fishRenderer) Unset(s shell.Unset) {
	r.linef("set -eg %s", s.Name)
}

func (r *fishRenderer) Save(s shell.Save) {
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

func (r *fishRenderer) Restore(s shell.Restore) {
	saved := shell.SavedName(s.Name)
	if s.Ours != nil {
		r.linef(`if set -q %s; and test x"$%s" = %s`, s.Name, s.Name, r.Quote("x"+*s.Ours))
	} else {
		r.linef(`if not set -q %s`, s.Name)
	}
	r.linef("    set -eg %s", s.Name)
	r.linef(`    if set -q %s; set -g%s %s "$%s"; end`, saved, exportFlag(s.Exported), s.Name, saved)
	r.linef("end")
	r.linef("set -eg %s", saved)
}

func (r *fishRenderer) PathPrepend(s shell.PathPrepend) {
	r.linef("set -gx PATH %s $PATH", r.Quote(s.Dir))
}

func (r *fishRenderer) PathRemove(s shell.PathRemove) {
	r.linef("if set -l __den_i (builtin contains -i -- %s $PATH); set -e PATH[$__den_i]; end", r.Quote(s.Dir))
}

// Prompt wraps the function fish_prompt. The wrapped one is called first, so
// that it still sees the status of the last command. The text is looked up each
// time: where the person's own prompt has come to call this one, the text goes
// when the environment is left, and shows again when the next one is entered,
// without another wrapping.
func (r *fishRenderer) Prompt(s shell.Prompt) {
	r.linef(`if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and not %s`, r.promptShows(s.Text))
	r.linef("    builtin functions -q fish_prompt; or function fish_prompt; end")
	r.linef("    builtin functions -e __den_prompt")
	r.linef("    builtin functions -c fish_prompt __den_prompt")
	r.linef("    function fish_prompt")
	r.linef("        set -l __den_lines (__den_prompt)")
	r.linef(`        builtin printf '%%s%%s' "$DEN_ACTIVE_PROMPT" (builtin string join -- \n $__den_lines | builtin string collect)`)
	r.linef("    end")
	r.linef("end")
}

// PromptRemove puts the wrapped prompt back, unless the person has defined
// another since. Where that one calls the wrapper, it still needs the wrapped.
func (r *fishRenderer) PromptRemove(s shell.PromptRemove) {
	r.linef("if builtin functions -q __den_prompt; and builtin functions fish_prompt | builtin string match -q '*__den_lines*'")
	r.linef("    builtin functions -e fish_prompt")
	r.linef("    builtin functions -c __den_prompt fish_prompt")
	r.linef("    builtin functions -e __den_prompt")
	r.linef("else if not %s", r.promptShows(s.Text))
	r.linef("    builtin functions -e __den_prompt")
	r.linef("end")
}

// promptShows is a condition: the prompt is, or calls, the wrapper, and shows
// the text. It draws the prompt only where there has been a wrapper.
func (r *fishRenderer) promptShows(text string) string {
	return fmt.Sprintf("begin; builtin functions -q __den_prompt; and builtin string match -qr -- (builtin string escape --style=regex -- %s) (fish_prompt); end", r.Quote(text))
}

func (r *fishRenderer) Source(s shell.Source) {
	r.linef("builtin source %s", r.Quote(s.File))
}

func (r *fishRenderer) Cross(s shell.Cross) {
	r.linef(`__den cross --carried "$__den_carried" --%s`, shell.QuoteWords(r.Quote, s.Files))
}

func (r *fishRenderer) Carry(s shell.Carry) {
	r.linef("set -g __den_carried %s", r.Quote(s.Code))
}

// Within exports the variable, for functions see no other local ones of their
// callers.
func (r *fishRenderer) Within(s shell.Within) {
	r.linef("set -lx __den_within %s", r.Quote(s.What))
}

func (r *fishRenderer) OnlyIf(s shell.If) {
	r.linef(`if builtin test "$%s" = %s`, s.Name, r.Quote(s.Value))
	for _, step := range s.Then {
		step.Render(r)
	}
	r.linef("end")
}

// runIn changes to the directory that is its first argument and becomes the
// program that the others name: fish has no subshells.
const runIn = `cd -- "$1" && shift && exec "$@"`

func (r *fishRenderer) Run(s shell.Run) {
	r.linef("/bin/sh -c %s sh %s%s", r.Quote(runIn), r.Quote(s.Dir), shell.QuoteWords(r.Quote, s.Argv))
}

func (r *fishRenderer) Cd(s shell.Cd) {
	r.linef("builtin cd -- %s", r.Quote(s.Dir))
}

func (r *fishRenderer) Remember(s shell.Remember) {
	r.linef("set -g __den_last %s", r.Quote(s.Name))
}

func (r *fishRenderer) LeaveOther(shell.LeaveOther) {
	r.linef("if set -q _OLD_VIRTUAL_PATH; and builtin functions -q deactivate; deactivate; end")
}

// DefineDeactivate forgets _OLD_VIRTUAL_PATH, by which leaveOther knows the
// function of another tool: while deactivate is den's there is none.
func (r *fishRenderer) DefineDeactivate(shell.DefineDeactivate) {
	r.linef("function deactivate; set -eg _OLD_VIRTUAL_PATH; __den deactivate $argv; end")
}

func (r *fishRenderer) RemoveDeactivate(shell.RemoveDeactivate) {
	r.linef("builtin functions -e deactivate")
}

func (r *fishRenderer) Again(s shell.Again) {
	r.linef("__den%s; or set __den_status $status", shell.QuoteWords(r.Quote, s.Args))
}

func (r *fishRenderer) Rehash(shell.Rehash) {} // fish looks commands up each time
