package elvish

import (
	"slices"
	"strings"

	"den/shell"
)

// renderer collects the code for one Plan: a line for each Step, which calls a
// function of plan.elv or init.elv.
type renderer struct {
	Dialect
	code strings.Builder
}

// call adds a line: a function, and its arguments quoted.
func (r *renderer) call(function string, args ...string) {
	r.code.WriteString(function + shell.QuoteWords(r.Quote, args) + "\n")
}

// ours is a text as the last arguments of a function: there are none where it is nil.
func ours(text *string) []string {
	if text == nil {
		return nil
	}
	return []string{*text}
}

func (r *renderer) Set(s shell.Set)     { r.call("set-env", s.Name, s.Value) }
func (r *renderer) Unset(s shell.Unset) { r.call("unset-env", s.Name) }
func (r *renderer) Save(s shell.Save)   { r.call("save", s.Name, shell.SavedName(s.Name)) }

func (r *renderer) Settle(s shell.Settle) {
	r.call("settle", append([]string{s.Name, shell.EnteredName(s.Name)}, ours(s.Ours)...)...)
}

// Restore takes no heed of s.Exported: in elvish, what has an environment variable's
// name is one.
func (r *renderer) Restore(s shell.Restore) {
	r.call("restore", append([]string{s.Name, shell.SavedName(s.Name), shell.EnteredName(s.Name)}, ours(s.Ours)...)...)
}

func (r *renderer) PathPrepend(s shell.PathPrepend) { r.call("path-prepend", s.Dir) }
func (r *renderer) PathRemove(s shell.PathRemove)   { r.call("path-remove", s.Dir) }
func (r *renderer) PathSettle(s shell.PathSettle)   { r.call("path-settle", s.Dir) }
func (r *renderer) PathRestore(s shell.PathRestore) { r.call("path-restore", s.Dir) }
func (r *renderer) PathResume(s shell.PathResume)   { r.call("path-resume", s.Dir) }

// NoteOld notes PATH alone: the prompt is in the function that Prompt makes.
func (r *renderer) NoteOld(s shell.NoteOld) {
	if s.Dir == "" {
		r.call("path-keep")
	} else {
		r.call("path-keep-without", s.Dir)
	}
}

func (r *renderer) Prompt(s shell.Prompt)                   { r.call("prompt", s.Text) }
func (r *renderer) PromptRemove(shell.PromptRemove)         { r.call("prompt-remove") }
func (r *renderer) PromptRestore(shell.PromptRestore)       { r.call("prompt-remove") }
func (r *renderer) PromptResume(s shell.PromptResume)       { r.Prompt(shell.Prompt(s)) }
func (r *renderer) PromptSettle(shell.PromptSettle)         { r.call("prompt-settle") }
func (r *renderer) Mark(s shell.Mark)                       { r.call("note-mark", s.Activation.Text()) }
func (r *renderer) Unmark(shell.Unmark)                     { r.call("note-mark", "") }
func (r *renderer) Carry(s shell.Carry)                     { r.call("note-carried", s.Code) }
func (r *renderer) Remember(s shell.Remember)               { r.call("note-last", s.Name) }
func (r *renderer) Within(s shell.Within)                   { r.call("note-within", s.What) }
func (r *renderer) Source(s shell.Source)                   { r.call("source", s.File) }
func (r *renderer) Cross(s shell.Cross)                     { r.call("cross", s.Files...) }
func (r *renderer) Again(s shell.Again)                     { r.call("again", s.Args...) }
func (r *renderer) Cd(s shell.Cd)                           { r.call("go", s.Dir) }
func (r *renderer) Rehash(shell.Rehash)                     {} // elvish looks commands up each time
func (r *renderer) LeaveOther(shell.LeaveOther)             {} // no other tool has a script for elvish
func (r *renderer) DefineDeactivate(shell.DefineDeactivate) { r.call("define-deactivate") }
func (r *renderer) RemoveDeactivate(shell.RemoveDeactivate) { r.call("remove-deactivate") }
func (r *renderer) DefinePydoc(shell.DefinePydoc)           {} // there is no asking whether the person has one
func (r *renderer) RemovePydoc(shell.RemovePydoc)           {}

func (r *renderer) Watch(s shell.Watch) {
	r.call("watch", slices.Concat(noted(s.Variable), []string{s.Stop}, s.Dirs)...)
}

func (r *renderer) Unwatch(s shell.Unwatch) { r.call("unwatch", noted(s.Variable)...) }

// noted is a variable that is noted before it is set: its name, those of the notes, and
// its value.
func noted(v shell.Set) []string {
	return []string{v.Name, shell.SavedName(v.Name), shell.EnteredName(v.Name), v.Value}
}

func (r *renderer) OnlyIf(s shell.If) {
	r.code.WriteString("if (has" + shell.QuoteWords(r.Quote, []string{s.Name, s.Value}) + ") {\n" + r.Render(s.Then) + "}\n")
}

func (r *renderer) Run(s shell.Run) { r.call("run", append([]string{s.Dir}, s.Argv...)...) }
