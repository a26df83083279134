package nushell

import (
	"strings"

	"den/shell"
)

// renderer collects the records for one Plan. plan.nu takes them.
type renderer struct {
	Dialect
	records []string
}

// add adds the record of a Step. The pairs are names and values, which are data in
// nushell's form.
func (r *renderer) add(do string, pairs ...string) {
	record := "{do: " + do
	for i := 0; i < len(pairs); i += 2 {
		record += ", " + pairs[i] + ": " + pairs[i+1]
	}
	r.records = append(r.records, record+"}")
}

// optional is the text as data, or null.
func (r *renderer) optional(text *string) string {
	if text == nil {
		return "null"
	}
	return r.Quote(*text)
}

func (r *renderer) list(texts []string) string {
	var quoted []string
	for _, text := range texts {
		quoted = append(quoted, r.Quote(text))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// note notes a value in this shell alone.
func (r *renderer) note(name, value string) { r.add("note", "name", name, "value", value) }

func (r *renderer) Set(s shell.Set) {
	r.add("set", "name", r.Quote(s.Name), "value", r.Quote(s.Value))
}

func (r *renderer) Unset(s shell.Unset) { r.add("unset", "name", r.Quote(s.Name)) }

func (r *renderer) Save(s shell.Save) {
	r.add("save", "name", r.Quote(s.Name), "saved", r.Quote(shell.SavedName(s.Name)))
}

func (r *renderer) Settle(s shell.Settle) {
	r.add("settle", "name", r.Quote(s.Name), "ours", r.optional(s.Ours), "entered", r.Quote(shell.EnteredName(s.Name)))
}

// Restore takes no heed of s.Exported: in nushell, each variable is.
func (r *renderer) Restore(s shell.Restore) {
	r.add("restore", "name", r.Quote(s.Name), "ours", r.optional(s.Ours),
		"saved", r.Quote(shell.SavedName(s.Name)), "entered", r.Quote(shell.EnteredName(s.Name)))
}

func (r *renderer) PathPrepend(s shell.PathPrepend) { r.add("path-prepend", "dir", r.Quote(s.Dir)) }
func (r *renderer) PathRemove(s shell.PathRemove)   { r.add("path-remove", "dir", r.Quote(s.Dir)) }
func (r *renderer) PathSettle(s shell.PathSettle)   { r.add("path-settle", "dir", r.Quote(s.Dir)) }
func (r *renderer) PathRestore(s shell.PathRestore) { r.add("path-restore", "dir", r.Quote(s.Dir)) }
func (r *renderer) PathResume(s shell.PathResume)   { r.add("path-resume", "dir", r.Quote(s.Dir)) }

// NoteOld notes PATH alone: the prompt is in the closure that Prompt makes.
func (r *renderer) NoteOld(s shell.NoteOld) {
	if s.Dir == "" {
		r.add("path-keep")
	} else {
		r.add("path-keep-without", "dir", r.Quote(s.Dir))
	}
}

func (r *renderer) Prompt(s shell.Prompt) { r.add("prompt", "text", r.Quote(s.Text)) }

func (r *renderer) PromptRemove(shell.PromptRemove)         { r.add("prompt-remove") }
func (r *renderer) PromptRestore(shell.PromptRestore)       { r.add("prompt-remove") }
func (r *renderer) PromptResume(s shell.PromptResume)       { r.Prompt(shell.Prompt(s)) }
func (r *renderer) PromptSettle(shell.PromptSettle)         {} // no hook changes it
func (r *renderer) Mark(s shell.Mark)                       { r.note("put", r.Quote(s.Activation.Text())) }
func (r *renderer) Unmark(shell.Unmark)                     { r.note("put", "null") }
func (r *renderer) Carry(s shell.Carry)                     { r.note("carried", r.Quote(s.Code)) }
func (r *renderer) Remember(s shell.Remember)               { r.note("last", r.Quote(s.Name)) }
func (r *renderer) Within(s shell.Within)                   { r.note("within", r.Quote(s.What)) }
func (r *renderer) Source(s shell.Source)                   { r.add("source", "file", r.Quote(s.File)) }
func (r *renderer) Cross(s shell.Cross)                     { r.add("cross", "files", r.list(s.Files)) }
func (r *renderer) Again(s shell.Again)                     { r.add("again", "args", r.list(s.Args)) }
func (r *renderer) Cd(s shell.Cd)                           { r.add("cd", "dir", r.Quote(s.Dir)) }
func (r *renderer) Rehash(shell.Rehash)                     {} // nushell looks commands up each time
func (r *renderer) LeaveOther(shell.LeaveOther)             {} // an overlay can be left only by the person
func (r *renderer) DefineDeactivate(shell.DefineDeactivate) {} // the words are there always
func (r *renderer) RemoveDeactivate(shell.RemoveDeactivate) {}
func (r *renderer) DefinePydoc(shell.DefinePydoc)           {} // nothing can be defined while the shell runs
func (r *renderer) RemovePydoc(shell.RemovePydoc)           {}

func (r *renderer) Watch(shell.Watch)     {} // no function of a person's can be put beside a command
func (r *renderer) Unwatch(shell.Unwatch) {}

func (r *renderer) OnlyIf(s shell.If) {
	r.add("if", "name", r.Quote(s.Name), "value", r.Quote(s.Value), "then", r.Render(s.Then))
}

func (r *renderer) Run(s shell.Run) { r.add("run", "dir", r.Quote(s.Dir), "argv", r.list(s.Argv)) }
