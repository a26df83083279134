// Package shell describes changes of a person's shell, and the forms in which each
// shell takes them.
//
// A change is computed whole, as a Plan, before anything happens. A Dialect
// renders the Plan to code in its shell's language and quotes every value in
// it; nothing else in den writes shell code. The same Dialects render the init
// scripts and the activate scripts that each environment carries.
//
// Steps act on the shell as it is when they run, not on what the program saw
// when it made the Plan: a hook that ran in between may have changed PATH, and
// that change has to stay.
//
// The package knows nothing of environments, hooks or commands: it is given
// paths and texts.
package shell

import (
	"slices"
	"strings"
)

// A Plan is what a shell has to do, in order.
type Plan []Step

// RenderAll renders each Step with the Renderer.
func (p Plan) RenderAll(r Renderer) {
	for _, step := range p {
		step.Render(r)
	}
}

// A Step is one change. The set of Steps is closed: each Dialect has a method
// for every one of them, so a Step that a Dialect forgot does not compile.
type Step interface {
	Render(r Renderer)
}

type (
	// Set exports a variable.
	Set struct{ Name, Value string }

	// Unset removes a variable.
	Unset struct{ Name string }

	// Save notes the present value of a variable, so that a later Restore can
	// put it back, also in a child of this shell. A variable that is not
	// exported is noted in this shell alone: a child would not have it.
	Save struct {
		Name     string
		Exported bool
	}

	// Settle notes the value of a variable after the hooks of entering. den gave it the
	// value Ours, or unset it if Ours is nil, and a hook may have changed it since.
	// Restore then takes the noted value for den's own.
	Settle struct {
		Name string
		Ours *string
	}

	// Restore puts the value that Save noted back, Exported as it was, and forgets it. If
	// the variable has neither the value Ours (or is no longer unset, if Ours is nil) nor
	// the value that Settle noted, the person has changed it: then it stays.
	Restore struct {
		Name     string
		Ours     *string
		Exported bool
	}

	// PathPrepend puts a directory first on PATH.
	PathPrepend struct{ Dir string }

	// PathRemove takes the first entry that is Dir off PATH. Other entries
	// stay as they are, in their order.
	PathRemove struct{ Dir string }

	// PathSettle notes, as Settle does, what a hook has made of a PATH that began
	// with Dir. PathRestore then puts the PATH of before back whole, where nobody
	// has changed it since, or else does as PathRemove.
	PathSettle  struct{ Dir string }
	PathRestore struct{ Dir string }

	// PathResume puts a directory first on PATH that was there in the shell that
	// started this one, unless PATH is still what PathSettle noted there.
	PathResume struct{ Dir string }

	// Prompt puts Text in front of the prompt, unless VIRTUAL_ENV_DISABLE_PROMPT
	// is set.
	Prompt struct{ Text string }

	// PromptRemove takes Text out of the prompt, wherever in it the text is now.
	PromptRemove struct{ Text string }

	// PromptSettle does for the prompt, which begins with the Text, what PathSettle does
	// for PATH. PromptRestore and PromptResume do what PathRestore and PathResume do. The
	// shells inside this one have the noted prompt too if the prompt is Exported.
	PromptSettle struct {
		Text     string
		Exported bool
	}
	PromptRestore struct{ Text string }
	PromptResume  struct{ Text string }

	// NoteOld notes PATH without its first entry Dir, and the prompt without the Text, in
	// this shell. It uses the variables that activate scripts use.
	NoteOld struct{ Dir, Text string }

	// Mark notes in this shell alone which Activation was put into it: exported
	// variables can vanish. Unmark forgets it.
	Mark   struct{ Activation Activation }
	Unmark struct{}

	// Source evaluates a file in the shell itself. Its failure is its own.
	Source struct{ File string }

	// Cross is for a shell that cannot read code for sh: bash, or else sh, sources the
	// files, and the shell takes over the exported variables and the working directory.
	// Shells of the Bourne family source the files themselves.
	Cross struct{ Files []string }

	// Carry notes, in this shell only, what the next Cross starts from.
	Carry struct{ Code string }

	// Within names the work in progress, until the end of the Plan or the next
	// Within: a den that a hook calls meanwhile reads it.
	Within struct{ What string }

	// If runs the Plan Then only if a variable has the Value at that time: a hook
	// may have used den itself.
	If struct {
		Name, Value string
		Then        Plan
	}

	// Run starts a program in Dir and waits for it. Its failure is its own.
	Run struct {
		Dir  string
		Argv []string
	}

	// Cd changes the working directory.
	Cd struct{ Dir string }

	// Remember notes the name of the environment that was left, in this shell
	// only, for "workon -".
	Remember struct{ Name string }

	// LeaveOther calls the deactivate function of an environment that was
	// activated by hand with the script of venv, virtualenv or uv, and takes the
	// Plan Then where there was one.
	LeaveOther struct{ Then Plan }

	// DefineDeactivate and RemoveDeactivate make and remove the function
	// deactivate, which exists while an environment is active.
	DefineDeactivate struct{}
	RemoveDeactivate struct{}

	// DefinePydoc makes the function pydoc, which reads the documentation of the
	// environment's Python, unless the person has one, or an alias. RemovePydoc
	// takes away what it has made.
	DefinePydoc struct{}
	RemovePydoc struct{}

	// Again calls den once more, from the shell as it is at that time. The exit
	// status of that call becomes the status of the whole.
	Again struct{ Args []string }

	// Watch keeps a Variable set, from now on, while the shell is in one of the
	// directories Dirs, and only then. A directory below that has a file called Stop is
	// no part of it; none is where Stop is "". The variable was Exported before, as for
	// Save. A shell that cannot notice where it is does that for the Command alone, when
	// the person types it. Unwatch ends it, and puts back the variable, Exported as it
	// was.
	Watch struct {
		Dirs     []string
		Stop     string
		Variable Set
		Exported bool
		Command  string
	}
	Unwatch struct {
		Variable Set
		Exported bool
		Command  string
	}

	// Rehash makes the shell forget where it found commands.
	Rehash struct{}
)

// Renderer has a method for each Step; every Dialect embeds one.
type Renderer interface {
	Set(Set)
	Unset(Unset)
	Save(Save)
	Restore(Restore)
	Settle(Settle)
	PathSettle(PathSettle)
	PathRestore(PathRestore)
	PathResume(PathResume)
	PromptSettle(PromptSettle)
	PromptRestore(PromptRestore)
	PromptResume(PromptResume)
	NoteOld(NoteOld)
	Mark(Mark)
	Unmark(Unmark)
	PathPrepend(PathPrepend)
	PathRemove(PathRemove)
	Prompt(Prompt)
	PromptRemove(PromptRemove)
	Source(Source)
	Cross(Cross)
	Carry(Carry)
	Within(Within)
	OnlyIf(If)
	Run(Run)
	Cd(Cd)
	Remember(Remember)
	LeaveOther(LeaveOther)
	DefineDeactivate(DefineDeactivate)
	RemoveDeactivate(RemoveDeactivate)
	DefinePydoc(DefinePydoc)
	RemovePydoc(RemovePydoc)
	Again(Again)
	Watch(Watch)
	Unwatch(Unwatch)
	Rehash(Rehash)
}

func (s Set) Render(r Renderer)              { r.Set(s) }
func (s Unset) Render(r Renderer)            { r.Unset(s) }
func (s Save) Render(r Renderer)             { r.Save(s) }
func (s Restore) Render(r Renderer)          { r.Restore(s) }
func (s Settle) Render(r Renderer)           { r.Settle(s) }
func (s PathSettle) Render(r Renderer)       { r.PathSettle(s) }
func (s PathRestore) Render(r Renderer)      { r.PathRestore(s) }
func (s PathResume) Render(r Renderer)       { r.PathResume(s) }
func (s PromptSettle) Render(r Renderer)     { r.PromptSettle(s) }
func (s PromptRestore) Render(r Renderer)    { r.PromptRestore(s) }
func (s PromptResume) Render(r Renderer)     { r.PromptResume(s) }
func (s NoteOld) Render(r Renderer)          { r.NoteOld(s) }
func (s Mark) Render(r Renderer)             { r.Mark(s) }
func (s Unmark) Render(r Renderer)           { r.Unmark(s) }
func (s PathPrepend) Render(r Renderer)      { r.PathPrepend(s) }
func (s PathRemove) Render(r Renderer)       { r.PathRemove(s) }
func (s Prompt) Render(r Renderer)           { r.Prompt(s) }
func (s PromptRemove) Render(r Renderer)     { r.PromptRemove(s) }
func (s Source) Render(r Renderer)           { r.Source(s) }
func (s Cross) Render(r Renderer)            { r.Cross(s) }
func (s Carry) Render(r Renderer)            { r.Carry(s) }
func (s Within) Render(r Renderer)           { r.Within(s) }
func (s If) Render(r Renderer)               { r.OnlyIf(s) }
func (s Run) Render(r Renderer)              { r.Run(s) }
func (s Cd) Render(r Renderer)               { r.Cd(s) }
func (s Remember) Render(r Renderer)         { r.Remember(s) }
func (s LeaveOther) Render(r Renderer)       { r.LeaveOther(s) }
func (s DefineDeactivate) Render(r Renderer) { r.DefineDeactivate(s) }
func (s RemoveDeactivate) Render(r Renderer) { r.RemoveDeactivate(s) }
func (s DefinePydoc) Render(r Renderer)      { r.DefinePydoc(s) }
func (s RemovePydoc) Render(r Renderer)      { r.RemovePydoc(s) }
func (s Again) Render(r Renderer)            { r.Again(s) }
func (s Watch) Render(r Renderer)            { r.Watch(s) }
func (s Unwatch) Render(r Renderer)          { r.Unwatch(s) }
func (s Rehash) Render(r Renderer)           { r.Rehash(s) }

// EnteredName is the exported variable in which Settle notes what the hooks of
// entering have left in name.
func EnteredName(name string) string { return VarActive + "_" + name }

// Changes returns the names of the variables that the Plan sets or removes, without the
// prompt and den's variables in this shell alone.
func (p Plan) Changes() []string {
	var names []string
	for _, step := range p {
		switch s := step.(type) {
		case Set:
			names = append(names, s.Name)
		case Unset:
			names = append(names, s.Name)
		case Save:
			names = append(names, SavedName(s.Name))
		case Settle:
			names = append(names, EnteredName(s.Name))
		case Restore:
			names = append(names, s.Name, SavedName(s.Name), EnteredName(s.Name))
		case Watch:
			names = append(names, s.Variable.Name, SavedName(s.Variable.Name), EnteredName(s.Variable.Name))
		case Unwatch:
			names = append(names, s.Variable.Name, SavedName(s.Variable.Name), EnteredName(s.Variable.Name))
		case PathRestore:
			names = append(names, varPath, SavedName(varPath), EnteredName(varPath))
		case PathPrepend, PathRemove, PathResume:
			names = append(names, varPath)
		case If:
			names = append(names, s.Then.Changes()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Sets returns the variables to which the Plan gives a text, with it.
func (p Plan) Sets() []Set {
	var sets []Set
	for _, step := range p {
		switch s := step.(type) {
		case Set:
			sets = append(sets, s)
		case Watch:
			sets = append(sets, s.Variable)
		case PathPrepend:
			sets = append(sets, Set{varPath, s.Dir})
		case PathResume:
			sets = append(sets, Set{varPath, s.Dir})
		case If:
			sets = append(sets, s.Then.Sets()...)
		}
	}
	return sets
}

// SavedName is the exported variable in which Save notes the value of name.
func SavedName(name string) string { return "DEN_SAVED_" + name }

// Environ returns environ, a list of NAME=value as os.Environ gives it, as the
// Plan would leave it in a shell. Steps that only a shell can take (prompts,
// hooks, functions) change nothing in it. It serves a program that is started
// without a shell.
func (p Plan) Environ(environ []string) []string {
	r := environRenderer{vars: map[string]string{}}
	for _, entry := range environ {
		name, value, found := strings.Cut(entry, "=")
		if !found {
			continue
		}
		if _, twice := r.vars[name]; !twice {
			r.vars[name] = value
			r.order = append(r.order, name)
		}
	}
	p.RenderAll(&r)
	var result []string
	for _, name := range r.order {
		if value, ok := r.vars[name]; ok {
			result = append(result, name+"="+value)
		}
	}
	return result
}

// environRenderer takes the Steps on a map in place of a shell.
type environRenderer struct {
	vars  map[string]string
	order []string
}

func (r *environRenderer) Set(s Set) {
	if !slices.Contains(r.order, s.Name) {
		r.order = append(r.order, s.Name)
	}
	r.vars[s.Name] = s.Value
}

func (r *environRenderer) Unset(s Unset) { delete(r.vars, s.Name) }

func (r *environRenderer) Save(s Save) {
	if value, ok := r.vars[s.Name]; ok && s.Exported {
		r.Set(Set{SavedName(s.Name), value})
	} else {
		delete(r.vars, SavedName(s.Name))
	}
}

func (r *environRenderer) Restore(s Restore) {
	value, isSet := r.vars[s.Name]
	saved, wasSet := r.vars[SavedName(s.Name)]
	delete(r.vars, SavedName(s.Name))
	unchanged := !isSet && s.Ours == nil || isSet && s.Ours != nil && value == *s.Ours
	if entered, settled := r.vars[EnteredName(s.Name)]; settled {
		unchanged = unchanged || isSet && value == entered
		delete(r.vars, EnteredName(s.Name))
	}
	switch {
	case unchanged && wasSet:
		r.Set(Set{s.Name, saved})
	case unchanged:
		delete(r.vars, s.Name)
	}
}

func (r *environRenderer) OnlyIf(s If) {
	if r.vars[s.Name] != s.Value {
		return
	}
	s.Then.RenderAll(r)
}

func (r *environRenderer) PathPrepend(s PathPrepend) {
	dirs := s.Dir
	if path, ok := r.vars["PATH"]; ok {
		dirs += ":" + path
	}
	r.Set(Set{"PATH", dirs})
}

func (r *environRenderer) PathRemove(s PathRemove) {
	dirs := strings.Split(r.vars["PATH"], ":")
	if i := slices.Index(dirs, s.Dir); i >= 0 {
		r.Set(Set{"PATH", strings.Join(slices.Delete(dirs, i, i+1), ":")})
	}
}

func (r *environRenderer) PathRestore(s PathRestore) {
	entered, settled := r.vars[EnteredName(varPath)]
	if saved, ok := r.vars[SavedName(varPath)]; ok && settled && r.vars[varPath] == entered {
		r.Set(Set{varPath, saved})
	} else {
		r.PathRemove(PathRemove(s))
	}
	delete(r.vars, EnteredName(varPath))
	delete(r.vars, SavedName(varPath))
}

func (r *environRenderer) Unwatch(s Unwatch) {
	if _, isThere := r.vars[EnteredName(s.Variable.Name)]; isThere {
		r.Restore(Restore{s.Variable.Name, &s.Variable.Value, s.Exported})
	}
}

func (r *environRenderer) PromptRestore(PromptRestore) {
	delete(r.vars, EnteredName(varPS1))
	delete(r.vars, SavedName(varPS1))
}

func (r *environRenderer) Prompt(Prompt)                     {}
func (r *environRenderer) PromptRemove(PromptRemove)         {}
func (r *environRenderer) Source(Source)                     {}
func (r *environRenderer) Cross(Cross)                       {}
func (r *environRenderer) Carry(Carry)                       {}
func (r *environRenderer) Within(Within)                     {}
func (r *environRenderer) Run(Run)                           {}
func (r *environRenderer) Cd(Cd)                             {}
func (r *environRenderer) Remember(Remember)                 {}
func (r *environRenderer) LeaveOther(LeaveOther)             {}
func (r *environRenderer) DefineDeactivate(DefineDeactivate) {}
func (r *environRenderer) RemoveDeactivate(RemoveDeactivate) {}
func (r *environRenderer) DefinePydoc(DefinePydoc)           {}
func (r *environRenderer) RemovePydoc(RemovePydoc)           {}
func (r *environRenderer) Again(Again)                       {}
func (r *environRenderer) Watch(Watch)                       {}
func (r *environRenderer) Rehash(Rehash)                     {}
func (r *environRenderer) Settle(Settle)                     {}
func (r *environRenderer) PathSettle(PathSettle)             {}
func (r *environRenderer) PathResume(PathResume)             {}
func (r *environRenderer) PromptSettle(PromptSettle)         {}
func (r *environRenderer) PromptResume(PromptResume)         {}
func (r *environRenderer) NoteOld(NoteOld)                   {}
func (r *environRenderer) Mark(Mark)                         {}
func (r *environRenderer) Unmark(Unmark)                     {}
