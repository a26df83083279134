package bourne

import (
	"fmt"

	"den/shell"
)

// isSet is a condition: the variable is set, even to nothing.
func (d Dialect) isSet(name string) string { return d.test(`-n "${` + name + `+x}"`) }

// holds is a condition: the variable has a value, a quoted word.
func (d Dialect) holds(name, word string) string {
	return d.isSet(name) + " && " + d.test(`"${`+name+`-}" = `+word)
}

// isEntered is a condition: the variable has the value with which the hooks of
// entering have left it.
func (d Dialect) isEntered(name string) string {
	entered := shell.EnteredName(name)
	return d.isSet(entered) + " && " + d.holds(name, `"$`+entered+`"`)
}

func (r *renderer) unset(names ...string) {
	r.linef("%sunset%s", r.Builtin, shell.QuoteWords(func(name string) string { return name }, names))
}

func (r *renderer) Settle(s shell.Settle) {
	entered := shell.EnteredName(s.Name)
	r.unset(entered)
	changed := r.isSet(s.Name)
	if s.Ours != nil {
		changed += " && " + r.test(`"$`+s.Name+`" != `+r.Quote(*s.Ours))
	}
	r.linef("if %s; then %s; fi", changed, r.copy(s.Name, entered, true))
}

// The variables in which activate scripts keep what they put back.
const (
	oldPath   = "_OLD_VIRTUAL_PATH"
	oldPrompt = "_OLD_VIRTUAL_PS1"
)

func (r *renderer) NoteOld(s shell.NoteOld) {
	r.linef(`%s%s="${PATH-}"`, r.AssignGlobal, oldPath)
	if s.Dir != "" {
		r.cut(oldPath, s.Dir)
	}
	r.unset(oldPrompt)
	r.linef("if %s; then %s; fi", r.isSet("PS1"), r.copy("PS1", oldPrompt, false))
	if s.Text != "" {
		r.linef("%s", r.AssignPrompt(r.Dialect, s.Text))
		r.take(oldPrompt)
	}
}

func (r *renderer) PathSettle(s shell.PathSettle) {
	r.settle("PATH", oldPath, true, r.isSet(oldPath)+" && "+r.test(fmt.Sprintf(`"${PATH-}" != %s":$%s"`, r.Quote(s.Dir), oldPath)))
}

// settle notes the present and the old value of a variable that has changed since den set
// it.
func (r *renderer) settle(name, old string, exported bool, changed string) {
	entered, saved := shell.EnteredName(name), shell.SavedName(name)
	r.unset(entered, saved)
	r.linef("if %s; then", changed)
	r.linef("    %s", r.copy(name, entered, exported))
	r.linef("    if %s; then %s; fi", r.isSet(old), r.copy(old, saved, exported))
	r.linef("fi")
}

func (r *renderer) PathRestore(s shell.PathRestore) {
	r.linef(`if %s; then`, r.isEntered("PATH"))
	r.linef(`    PATH="${%s-}"`, shell.SavedName("PATH"))
	r.linef(`else`)
	r.PathRemove(shell.PathRemove(s))
	r.linef(`fi`)
	r.unset(shell.EnteredName("PATH"), shell.SavedName("PATH"), oldPath)
}

func (r *renderer) PathResume(s shell.PathResume) {
	r.linef(`if %s; then`, r.isEntered("PATH"))
	r.linef(`    %s`, r.copy(shell.SavedName("PATH"), oldPath, false))
	r.linef(`else`)
	r.PathRemove(shell.PathRemove(s))
	r.linef(`    %s`, r.copy("PATH", oldPath, false))
	r.PathPrepend(shell.PathPrepend(s))
	r.linef(`fi`)
}

func (r *renderer) PromptSettle(s shell.PromptSettle) {
	r.linef("%s", r.AssignPrompt(r.Dialect, s.Text))
	changed := r.isSet("PS1") + ` && ` + r.test(`"$PS1" != "${`+oldPrompt+`-}"`) + ` && ` + r.test(`"$PS1" != "$__den_a${`+oldPrompt+`-}"`)
	r.settle("PS1", oldPrompt, s.Exported, changed)
}

func (r *renderer) PromptRestore(s shell.PromptRestore) {
	saved := shell.SavedName("PS1")
	r.linef(`if %s; then`, r.isEntered("PS1"))
	r.linef(`    if %s; then PS1="$%s"; else %sunset PS1; fi`, r.isSet(saved), saved, r.Builtin)
	r.linef(`else`)
	r.PromptRemove(shell.PromptRemove(s))
	r.linef(`    if %s && %s; then %sunset PS1; fi`, r.test(`-z "${PS1-}"`), r.test(`-z "${`+oldPrompt+`+x}"`), r.Builtin)
	r.linef(`fi`)
	r.unset(shell.EnteredName("PS1"), saved, oldPrompt)
}

func (r *renderer) PromptResume(s shell.PromptResume) {
	r.unset(oldPrompt)
	r.linef(`if %s; then`, r.isEntered("PS1"))
	r.linef(`    if %s; then %s; fi`, r.isSet(shell.SavedName("PS1")), r.copy(shell.SavedName("PS1"), oldPrompt, false))
	r.linef(`elif %s; then`, r.isSet("PS1"))
	r.linef("    %s", r.AssignPrompt(r.Dialect, s.Text))
	r.linef(`    %s`, r.copy("PS1", oldPrompt, false))
	r.take(oldPrompt)
	r.linef(`    if %s && %s; then`, r.test(`-z "${VIRTUAL_ENV_DISABLE_PROMPT-}"`), r.test(`"$`+oldPrompt+`" = "$PS1"`))
	r.prependPrompt()
	r.linef(`    fi`)
	r.linef(`fi`)
}

// marked is the variable of Mark.
const marked = "__den_put"

func (r *renderer) Mark(s shell.Mark) {
	r.linef("%s%s=%s", r.AssignGlobal, marked, r.Quote(s.Activation.Text()))
}

func (r *renderer) Unmark(shell.Unmark) { r.unset(marked) }
