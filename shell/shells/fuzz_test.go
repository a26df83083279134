package shells

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"den/shell"
	"den/shell/bash"
	"den/shell/fish"
	"den/shell/ksh"
	"den/shell/mksh"
	"den/shell/shelltest"
	"den/shell/zsh"
)

// Any text, as the value of everything that a Plan can hold, is read back by
// the real shell as itself, and nothing in it is expanded or executed.

func FuzzBash(f *testing.F) { fuzzDialect(f, bash.Shell()) }
func FuzzZsh(f *testing.F)  { fuzzDialect(f, zsh.Shell()) }
func FuzzFish(f *testing.F) { fuzzDialect(f, fish.Shell()) }
func FuzzKsh(f *testing.F)  { fuzzDialect(f, ksh.Shell()) }
func FuzzMksh(f *testing.F) { fuzzDialect(f, mksh.Shell()) }

func fuzzDialect(f *testing.F, d *shell.Shell) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
	}
	p := startProbe(f, d)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			return // which no variable, path or argument can hold
		}
		p.quoted(t, text)
		p.planned(t, text)
		p.prompted(t, text)
		p.started(t, text)
	})
}

// Hundreds of texts, of which each byte is in some, in a locale that knows characters
// and in one that does not. "make stress" tries thousands.
func TestManyTexts(t *testing.T) {
	for _, d := range shOrFish() {
		for _, locale := range []string{"C.UTF-8", "C"} {
			t.Run(d.Name+" "+locale, func(t *testing.T) {
				t.Parallel()
				p := startProbe(t, d, "LC_ALL="+locale)
				for i, text := range shelltest.Texts(many(320), 1) {
					p.quoted(t, text)
					p.planned(t, text)
					if locale != "C" {
						p.prompted(t, text)
					}
					if i%10 == 0 { // it starts programs
						p.started(t, text)
					}
				}
			})
		}
	}
}

// many is how many texts a test tries: short, or in "make stress", many times as
// many.
func many(short int) int {
	if os.Getenv("DEN_STRESS") != "" {
		return 15 * short
	}
	return short
}

// A probe puts texts into Plans and has a shell take them.
type probe struct {
	*shelltest.Shell
	d *shell.Shell
}

func startProbe(t testing.TB, d *shell.Shell, environ ...string) probe {
	return probe{shelltest.Start(t, d.Name, environ...), d}
}

// function defines a function that takes the Plan.
func (p probe) function(name string, plan shell.Plan) string {
	if p.d.Name == "fish" {
		return "function " + name + "\n" + p.d.Render(plan) + "end\n"
	}
	return "function " + name + " {\n" + p.d.Render(plan) + "}\n"
}

// words is the part of a test's code that the shells do not have in common.
func (p probe) words(posix, fish string) string {
	if p.d.Name == "fish" {
		return fish + "\n"
	}
	return p.own(posix) + "\n"
}

// own is code as the shell has it: those in which builtin is another thing call by
// command. mksh has no printf.
func (p probe) own(code string) string {
	switch p.d.Name {
	case "ksh":
		return strings.ReplaceAll(code, "builtin ", "command ")
	case "mksh":
		return strings.NewReplacer("builtin printf ", "/usr/bin/printf ", "builtin ", "command ").Replace(code)
	}
	return code
}

// expect fails the test unless the shell prints what it should.
func (p probe) expect(t *testing.T, text, code string, want ...string) {
	t.Helper()
	if got := p.Eval(t, code); !slices.Equal(got, want) {
		t.Errorf("%q: the shell printed\n%q, want\n%q\ncode:\n%s", text, got, want, code)
	}
}

// quoted is the text as a word among others.
func (p probe) quoted(t *testing.T, text string) {
	t.Helper()
	q := p.d.Quote(text)
	p.expect(t, text, p.own(`builtin printf '%s\0' before `)+q+" a"+q+q+" after", "before", text, "a"+text+text, "after")
}

// planned is the text as the value of all that stays within the shell.
func (p probe) planned(t *testing.T, text string) {
	t.Helper()
	dir := "/envs/" + strings.ReplaceAll(text, ":", "") // no entry of PATH has one
	enter := shell.Plan{
		shell.Save{Name: "DEN_TEST", Exported: true}, shell.Set{Name: "DEN_TEST", Value: text},
		shell.If{Name: "DEN_TEST", Value: text, Then: shell.Plan{shell.Set{Name: "DEN_IF", Value: "taken"}}},
		shell.If{Name: "DEN_TEST", Value: text + "x", Then: shell.Plan{shell.Set{Name: "DEN_IF", Value: "wrong"}}},
		shell.PathPrepend{Dir: dir}, shell.PathPrepend{Dir: "/mine"}, shell.PathPrepend{Dir: dir},
		shell.Remember{Name: text}, shell.Carry{Code: text}, shell.Within{What: text}, shell.Again{Args: []string{text, "--", text}},
	}
	leave := shell.Plan{
		shell.Restore{Name: "DEN_TEST", Ours: &text, Exported: true}, shell.PathRemove{Dir: dir},
		shell.Save{Name: "DEN_TEST", Exported: true}, shell.Set{Name: "DEN_TEST", Value: text + "x"}, shell.Restore{Name: "DEN_TEST", Ours: &text, Exported: true},
	}
	code := p.words(
		`__den() { builtin printf '%s\0' called "$@" "$__den_within"; }; unset DEN_TEST; export DEN_TEST=old PATH=/nowhere DEN_IF=`,
		`function __den; builtin printf '%s\0' called $argv "$__den_within"; end; set -gx DEN_TEST old; set -gx PATH /nowhere; set -gx DEN_IF`) +
		p.function("f", enter) + p.function("g", leave) + "f\n"
	show := p.words(`builtin printf '%s\0' "$DEN_TEST" "$PATH"`, `builtin printf '%s\0' "$DEN_TEST" (builtin string join : $PATH | builtin string collect)`)
	code += show + p.words(`builtin printf '%s\0' "$DEN_IF" "$__den_last"`, `builtin printf '%s\0' "$DEN_IF" "$__den_last" "$__den_carried"`) + "g\n" + show
	want := []string{"called", text, "--", text, text, text, dir + ":/mine:" + dir + ":/nowhere", "taken", text}
	if p.d.Name == "fish" {
		want = append(want, text)
	}
	p.expect(t, text, code, append(want, text+"x", "/mine:"+dir+":/nowhere")...)
}

// prompted is the text in the prompt, as the shell shows it, where it is one
// that an environment can have.
func (p probe) prompted(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) || len(text) > 255 {
		return
	}
	enter := shell.Plan{shell.Set{Name: shell.VarActivePrompt, Value: text}, shell.Prompt{Text: text}, shell.PromptResume{Text: text}}
	code := p.words("PS1='base> '", "function fish_prompt; builtin printf 'base> '; end") +
		p.function("f", enter) + p.function("g", shell.Plan{shell.PromptRemove{Text: text}, shell.Unset{Name: shell.VarActivePrompt}}) + "f\n"
	show := map[string]string{
		"bash": tracedPromptOfBash,
		"zsh":  `builtin print -rNP -- "$PS1"; setopt prompt_subst; builtin print -rNP -- "$PS1"; unsetopt prompt_subst`,
		"fish": `fish_prompt; builtin printf '\0'`,
		"ksh":  tracedPrompt,
		"mksh": tracedPrompt,
	}[p.d.Name] + "\n"
	shown, shows := text, 1
	if p.d.Name == "zsh" {
		shown, shows = strings.ReplaceAll(text, "`", "'"), 2
	}
	var want []string
	for _, prompt := range []string{shown + "base> ", "base> "} {
		want = append(want, slices.Repeat([]string{prompt}, shows)...)
	}
	p.expect(t, text, code+show+"g\n"+show, want...)
}

// tracedPromptOfBash is tracedPrompt for any bash, which repeats the first character.
const tracedPromptOfBash = `__shown=$( ( PS4=$'\002'"$PS1"; set -x; : x ) 2>&1 ); __shown="${__shown%': x'}"
while [ "${__shown#$'\002'}" != "$__shown" ]; do __shown="${__shown#$'\002'}"; done; builtin printf '%s\0' "$__shown"`

// tracedPrompt prints the prompt as ksh and mksh show it: PS4 is expanded as PS1 is,
// but for the number of the command.
const tracedPrompt = `__shown=$( ( PS4="${PS1//'!!'/!}"; set -x; : x ) 2>&1 ); /usr/bin/printf '%s\0' "${__shown%': x'}"`

// started is the text as a directory, a file, and the argument of a program.
func (p probe) started(t *testing.T, text string) {
	t.Helper()
	name := strings.ReplaceAll(text, "/", "")
	if len(name) > 250 {
		name = name[:250]
	}
	dir := filepath.Join(t.TempDir(), "x"+name)
	file := filepath.Join(dir, "x"+name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(p.own("builtin printf '%s\\0' sourced\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/bin/pwd", filepath.Join(dir, "y"+name)); err != nil {
		t.Fatal(err)
	}
	plan := shell.Plan{shell.Source{File: file}, shell.Cd{Dir: dir}, shell.Run{Dir: "/", Argv: []string{"/usr/bin/printf", `%s\0`, text, "after"}}, shell.Run{Dir: dir, Argv: []string{"/usr/bin/env", "-0", "-i", "X=" + text}}}
	watched := shell.Set{Name: "DEN_TEST", Value: text}
	watch := shell.Plan{shell.Set{Name: shell.VarProject, Value: dir}, shell.Watch{Dirs: []string{"/nowhere", dir}, Stop: "x" + name + "/none", Variable: watched, Command: "uv"}}
	away := p.own("builtin cd ") + p.d.Quote(p.Dir) + "\n"
	look := "__den_watch\n" + p.own(`builtin printf '%s\0' "$DEN_TEST"`) + "\n"
	code := p.words("unset DEN_TEST", "set -e DEN_TEST") +
		p.function("f", plan) + p.function("g", watch) + p.function("h", shell.Plan{shell.Unwatch{Variable: watched, Command: "uv"}}) +
		"f\n" + p.words(`builtin printf '%s\0' "$PWD"`, `builtin printf '%s\0' "$PWD"`) + "g\n" + look + away + look + "h\n"
	p.expect(t, text, code, "sourced", text, "after", "X="+text, dir, text, "")
}
