package fish

import (
	"fmt"

	"den/shell"
)

// isEntered is a condition: the variable has the value with which the hooks of
// entering have left it.
func isEntered(name string) string {
	entered := shell.EnteredName(name)
	return fmt.Sprintf(`begin; set -q %s; and set -q %s; and test x"$%s" = x"$%s"; end`, entered, name, name, entered)
}

func (r *renderer) Settle(s shell.Settle) {
	entered := shell.EnteredName(s.Name)
	r.linef("set -eg %s", entered)
	changed := "set -q " + s.Name
	if s.Ours != nil {
		changed += fmt.Sprintf(`; and test x"$%s" != %s`, s.Name, r.Quote("x"+*s.Ours))
	}
	r.linef(`if %s; set -gx %s "$%s"; end`, changed, entered, s.Name)
}

// Where activate scripts keep what they put back.
const (
	oldPath   = "_OLD_VIRTUAL_PATH"
	oldPrompt = "_old_fish_prompt"
)

// NoteOld notes PATH alone: the prompt is kept as the function that Prompt wraps.
func (r *renderer) NoteOld(s shell.NoteOld) {
	r.linef("set -gu %s $PATH", oldPath)
	if s.Dir != "" {
		r.cut(oldPath, s.Dir)
	}
}

// cut takes the first entry that is the directory off a list of them.
func (r *renderer) cut(list, dir string) {
	r.linef("if set -l __den_i (builtin contains -i -- %s $%s); set -e %s[$__den_i]; end", r.Quote(dir), list, list)
}

func (r *renderer) PathRemove(s shell.PathRemove) { r.cut("PATH", s.Dir) }

func (r *renderer) PathSettle(s shell.PathSettle) {
	entered, saved := shell.EnteredName("PATH"), shell.SavedName("PATH")
	r.linef("set -eg %s; set -eg %s", entered, saved)
	r.linef(`if set -q %s; and test "$PATH" != %s":$%s"; set -gx %s $PATH; set -gx %s $%s; end`, oldPath, r.Quote(s.Dir), oldPath, entered, saved, oldPath)
}

func (r *renderer) PathRestore(s shell.PathRestore) {
	entered, saved := shell.EnteredName("PATH"), shell.SavedName("PATH")
	r.linef("if %s; set -gx PATH $%s", isEntered("PATH"), saved)
	r.linef("else")
	r.PathRemove(shell.PathRemove(s))
	r.linef("end")
	r.linef("set -eg %s; set -eg %s; set -eg %s", entered, saved, oldPath)
}

func (r *renderer) PathResume(s shell.PathResume) {
	r.linef("if %s; set -gu %s $%s", isEntered("PATH"), oldPath, shell.SavedName("PATH"))
	r.linef("else")
	r.PathRemove(shell.PathRemove(s))
	r.linef("    set -gu %s $PATH", oldPath)
	r.PathPrepend(shell.PathPrepend(s))
	r.linef("end")
}

// promptCode prints the code of the prompt; hooksPrompt keeps the code of a hook's prompt.
const (
	promptCode  = "builtin functions fish_prompt"
	hooksPrompt = "__den_hooks_prompt"
)

// isHooks is a condition: the prompt is the one that a hook of entering has left.
const isHooks = `begin; set -q ` + hooksPrompt + `; and test "$` + hooksPrompt + `" = (` + promptCode + ` | builtin string collect); end`

func (r *renderer) PromptSettle(shell.PromptSettle) {
	r.linef("set -eg %s", hooksPrompt)
	r.linef("if not %s | builtin string match -q '*__den_lines*'; set -gu %s (%s | builtin string collect); end", promptCode, hooksPrompt, promptCode)
}

func (r *renderer) PromptRestore(s shell.PromptRestore) { r.PromptRemove(shell.PromptRemove(s)) }
func (r *renderer) PromptResume(s shell.PromptResume)   { r.Prompt(shell.Prompt(s)) }

func (r *renderer) Mark(s shell.Mark) {
	r.linef("set -gu __den_put %s", r.Quote(s.Activation.Text()))
}
func (r *renderer) Unmark(shell.Unmark) { r.linef("set -eg __den_put") }
