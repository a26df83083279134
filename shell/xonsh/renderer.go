package xonsh

import (
	"strings"

	"den/shell"
)

// renderer collects the tuples for one Plan. plan.xsh takes them.
type renderer struct {
	Dialect
	steps []string
}

// add adds the tuple of a Step. The values are literals.
func (r *renderer) add(name string, values ...string) {
	r.steps = append(r.steps, "("+strings.Join(append([]string{r.Quote(name)}, values...), ", ")+",)")
}

// optional is the text as a literal, or None.
func (r *renderer) optional(text *string) string {
	if text == nil {
		return "None"
	}
	return r.Quote(*text)
}

func (r *renderer) list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = r.Quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// note notes a value in this shell alone.
func (r *renderer) note(name, value string) { r.add("note", r.Quote(name), r.Quote(value)) }

func (r *renderer) Set(s shell.Set)     { r.add("set", r.Quote(s.Name), r.Quote(s.Value)) }
func (r *renderer) Unset(s shell.Unset) { r.add("unset", r.Quote(s.Name)) }
func (r *renderer) Save(s shell.Save)   { r.add("save", r.Quote(s.Name)) }

func (r *renderer) Settle(s shell.Settle) {
	r.add("settle", r.Quote(s.Name), r.optional(s.Ours))
}

// Restore takes no heed of s.Exported: in xonsh, each variable is.
func (r *renderer) Restore(s shell.Restore) {
	r.add("restore", r.Quote(s.Name), r.optional(s.Ours))
}

func (r *renderer) PathPrepend(s shell.PathPrepend) { r.add("path_prepend", r.Quote(s.Dir)) }
func (r *renderer) PathRemove(s shell.PathRemove)   { r.add("path_remove", r.Quote(s.Dir)) }
func (r *renderer) PathSettle(s shell.PathSettle)   { r.add("path_settle", r.Quote(s.Dir)) }
func (r *renderer) PathRestore(s shell.PathRestore) { r.add("path_restore", r.Quote(s.Dir)) }
func (r *renderer) PathResume(s shell.PathResume)   { r.add("path_resume", r.Quote(s.Dir)) }
func (r *renderer) NoteOld(s shell.NoteOld)         { r.add("keep", r.Quote(s.Dir)) }

func (r *renderer) Prompt(shell.Prompt)                     { r.add("prompt") }
func (r *renderer) PromptRemove(shell.PromptRemove)         { r.add("prompt_remove") }
func (r *renderer) PromptSettle(shell.PromptSettle)         { r.add("prompt_settle") }
func (r *renderer) PromptRestore(shell.PromptRestore)       { r.add("prompt_remove") }
func (r *renderer) PromptResume(shell.PromptResume)         { r.add("prompt") }
func (r *renderer) Mark(s shell.Mark)                       { r.note("put", s.Activation.Text()) }
func (r *renderer) Unmark(shell.Unmark)                     { r.note("put", "") }
func (r *renderer) Carry(s shell.Carry)                     { r.note("carried", s.Code) }
func (r *renderer) Remember(s shell.Remember)               { r.note("last", s.Name) }
func (r *renderer) Within(s shell.Within)                   { r.note("within", s.What) }
func (r *renderer) Source(s shell.Source)                   { r.add("source", r.Quote(s.File)) }
func (r *renderer) Cross(s shell.Cross)                     { r.add("cross", r.list(s.Files)) }
func (r *renderer) Again(s shell.Again)                     { r.add("again", r.list(s.Args)) }
func (r *renderer) Run(s shell.Run)                         { r.add("run", r.Quote(s.Dir), r.list(s.Argv)) }
func (r *renderer) Cd(s shell.Cd)                           { r.add("cd", r.Quote(s.Dir)) }
func (r *renderer) DefineDeactivate(shell.DefineDeactivate) { r.add("define_deactivate") }
func (r *renderer) RemoveDeactivate(shell.RemoveDeactivate) { r.add("remove_deactivate") }
func (r *renderer) DefinePydoc(shell.DefinePydoc)           { r.add("define_pydoc") }
func (r *renderer) RemovePydoc(shell.RemovePydoc)           { r.add("remove_pydoc") }
func (r *renderer) Rehash(shell.Rehash)                     {} // xonsh looks PATH through each time
func (r *renderer) LeaveOther(shell.LeaveOther)             {} // no other tool has a script for xonsh

func (r *renderer) Watch(s shell.Watch) {
	r.add("watch", r.list(s.Dirs), r.Quote(s.Stop), r.Quote(s.Variable.Name), r.Quote(s.Variable.Value))
}

func (r *renderer) Unwatch(s shell.Unwatch) {
	r.add("unwatch", r.Quote(s.Variable.Name), r.Quote(s.Variable.Value))
}

func (r *renderer) OnlyIf(s shell.If) {
	r.add("if", r.Quote(s.Name), r.Quote(s.Value), r.Render(s.Then))
}
