// Package shell says what has to change in a person's shell, and how that is
// written in each shell's language.
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

// A Step is one change. The set of Steps is closed: each Dialect has a method
// for every one of them, so a Step that a Dialect forgot does not compile.
type Step interface {
	render(r renderer)
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

	// Restore puts back what Save noted, Exported as it was, and forgets it.
	// Where the variable no longer has the value Ours (or, when Ours is nil, is
	// no longer unset), somebody else has changed it since: then theirs stays.
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

	// Prompt puts Text in front of the prompt, unless VIRTUAL_ENV_DISABLE_PROMPT
	// is set. With Once, a prompt that has the text already is left alone.
	Prompt struct {
		Text string
		Once bool
	}

	// PromptRemove takes Text out of the prompt, wherever in it the text is now.
	PromptRemove struct{ Text string }

	// Source evaluates a file in the shell itself. Its failure is its own.
	Source struct{ File string }

	// Cross has files that are written for sh sourced by one, bash where it is
	// there, in a shell that has another language, and takes over what can be:
	// exported variables and the working directory. Shells of the Bourne family
	// source them.
	Cross struct{ Files []string }

	// Carry notes, in this shell only, what the next Cross starts from.
	Carry struct{ Code string }

	// Within says, until the Plan is done or the next Within, what is going on:
	// a den that is called meanwhile, by a hook, is told.
	Within struct{ What string }

	// If takes the Plan Then only where a variable has the Value by now: a hook
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
	// activated by hand with the script of venv, virtualenv or uv.
	LeaveOther struct{}

	// DefineDeactivate and RemoveDeactivate make and remove the function
	// deactivate, which exists while an environment is active.
	DefineDeactivate struct{}
	RemoveDeactivate struct{}

	// Again calls den once more, from the shell as it is by then. The exit
	// status of that call becomes the one of the whole.
	Again struct{ Args []string }

	// Rehash makes the shell forget where it found commands.
	Rehash struct{}
)

// renderer has a method for each Step; every Dialect embeds one.
type renderer interface {
	set(Set)
	unset(Unset)
	save(Save)
	restore(Restore)
	pathPrepend(PathPrepend)
	pathRemove(PathRemove)
	prompt(Prompt)
	promptRemove(PromptRemove)
	source(Source)
	cross(Cross)
	carry(Carry)
	within(Within)
	onlyIf(If)
	run(Run)
	cd(Cd)
	remember(Remember)
	leaveOther(LeaveOther)
	defineDeactivate(DefineDeactivate)
	removeDeactivate(RemoveDeactivate)
	again(Again)
	rehash(Rehash)
}

func (s Set) render(r renderer)              { r.set(s) }
func (s Unset) render(r renderer)            { r.unset(s) }
func (s Save) render(r renderer)             { r.save(s) }
func (s Restore) render(r renderer)          { r.restore(s) }
func (s PathPrepend) render(r renderer)      { r.pathPrepend(s) }
func (s PathRemove) render(r renderer)       { r.pathRemove(s) }
func (s Prompt) render(r renderer)           { r.prompt(s) }
func (s PromptRemove) render(r renderer)     { r.promptRemove(s) }
func (s Source) render(r renderer)           { r.source(s) }
func (s Cross) render(r renderer)            { r.cross(s) }
func (s Carry) render(r renderer)            { r.carry(s) }
func (s Within) render(r renderer)           { r.within(s) }
func (s If) render(r renderer)               { r.onlyIf(s) }
func (s Run) render(r renderer)              { r.run(s) }
func (s Cd) render(r renderer)               { r.cd(s) }
func (s Remember) render(r renderer)         { r.remember(s) }
func (s LeaveOther) render(r renderer)       { r.leaveOther(s) }
func (s DefineDeactivate) render(r renderer) { r.defineDeactivate(s) }
func (s RemoveDeactivate) render(r renderer) { r.removeDeactivate(s) }
func (s Again) render(r renderer)            { r.again(s) }
func (s Rehash) render(r renderer)           { r.rehash(s) }

// savedName is the exported variable in which Save notes the value of name.
func savedName(name string) string { return "DEN_SAVED_" + name }

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
	for _, step := range p {
		step.render(&r)
	}
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

func (r *environRenderer) set(s Set) {
	if !slices.Contains(r.order, s.Name) {
		r.order = append(r.order, s.Name)
	}
	r.vars[s.Name] = s.Value
}

func (r *environRenderer) unset(s Unset) { delete(r.vars, s.Name) }

func (r *environRenderer) save(s Save) {
	if value, ok := r.vars[s.Name]; ok && s.Exported {
		r.set(Set{savedName(s.Name), value})
	} else {
		delete(r.vars, savedName(s.Name))
	}
}

func (r *environRenderer) restore(s Restore) {
	value, isSet := r.vars[s.Name]
	saved, wasSet := r.vars[savedName(s.Name)]
	delete(r.vars, savedName(s.Name))
	unchanged := !isSet && s.Ours == nil || isSet && s.Ours != nil && value == *s.Ours
	switch {
	case unchanged && wasSet:
		r.set(Set{s.Name, saved})
	case unchanged:
		delete(r.vars, s.Name)
	}
}

func (r *environRenderer) onlyIf(s If) {
	if r.vars[s.Name] != s.Value {
		return
	}
	for _, step := range s.Then {
		step.render(r)
	}
}

func (r *environRenderer) pathPrepend(s PathPrepend) {
	dirs := s.Dir
	if path, ok := r.vars["PATH"]; ok {
		dirs += ":" + path
	}
	r.set(Set{"PATH", dirs})
}

func (r *environRenderer) pathRemove(s PathRemove) {
	dirs := strings.Split(r.vars["PATH"], ":")
	if i := slices.Index(dirs, s.Dir); i >= 0 {
		r.set(Set{"PATH", strings.Join(slices.Delete(dirs, i, i+1), ":")})
	}
}

func (r *environRenderer) prompt(Prompt)                     {}
func (r *environRenderer) promptRemove(PromptRemove)         {}
func (r *environRenderer) source(Source)                     {}
func (r *environRenderer) cross(Cross)                       {}
func (r *environRenderer) carry(Carry)                       {}
func (r *environRenderer) within(Within)                     {}
func (r *environRenderer) run(Run)                           {}
func (r *environRenderer) cd(Cd)                             {}
func (r *environRenderer) remember(Remember)                 {}
func (r *environRenderer) leaveOther(LeaveOther)             {}
func (r *environRenderer) defineDeactivate(DefineDeactivate) {}
func (r *environRenderer) removeDeactivate(RemoveDeactivate) {}
func (r *environRenderer) again(Again)                       {}
func (r *environRenderer) rehash(Rehash)                     {}
