package activate

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env"
	"den/env/variables"
	"den/hooks"
	"den/shell"
)

// A Session is what the shell that asks says of itself, and what its hooks are
// found by.
type Session struct {
	Put         string                                           // the Activation that the shell says was put into it: see shell.Mark
	Within      string                                           // what is going on in it: see shell.Within
	Directories func(env.Environment) (hooks.Directories, error) // where its hooks are
	Find        func(hooks.Event, hooks.Directories) []hooks.Hook
	Warnf       func(format string, args ...any)
	// IsOwn reports whether an environment is the person's own: one that a project brings
	// has no hooks and no variables.
	IsOwn func(env.Environment) bool
	// Unset takes what keeps a variable of the environment from being set.
	Unset func(e env.Environment) func(error)
}

// An Entry says how to enter an environment.
type Entry struct {
	Environment env.Environment
	Home        string        // the directory of the environments
	ToProject   bool          // whether to go to its project directory
	Then        []hooks.Event // what has happened when it has been entered
	// For is the directory that asks for it, where the shell enters it by itself.
	For string
	// Variables are set by the directory. They win over the environment's own.
	Variables []variables.Variable
}

// Enter returns the Plan that leaves the active environment, if there is one,
// and enters another. It reports hooks and a project that cannot be used, and leaves
// them out: a person can enter their environment without them.
func (s Session) Enter(e Entry) (shell.Plan, error) {
	if err := s.checkWithin(); err != nil {
		return nil, err
	}
	plan, err := s.Leave(ForAnother)
	if err != nil {
		return nil, err
	}
	dirs, err := s.directories(e.Environment, e.For)
	if err != nil {
		return nil, err
	}
	plan = append(plan, s.Run(hooks.PreActivate, dirs, e.Home, e.Environment.Name)...)
	entered := shell.Activation{Path: e.Environment.Path, Prompt: e.Environment.Prompt()}
	if e.For == "" || s.IsOwn(e.Environment) {
		entered = Of(e.Environment, s.Unset(e.Environment))
	}
	entered.For = e.For
	for _, v := range e.Variables {
		entered.Variables = slices.DeleteFunc(entered.Variables, func(own shell.Set) bool { return own.Name == v.Name })
		entered.Variables = append(entered.Variables, shell.Set{Name: v.Name, Value: v.Value})
	}
	plan = append(plan, entered.Enter(os.LookupEnv)...)
	return append(plan, s.afterEntering(e, entered, dirs)...), nil
}

// afterEntering is what follows when the environment has been entered: the way
// to the project, then all hooks, which may lead elsewhere. It ends where a hook
// leaves the environment.
func (s Session) afterEntering(e Entry, entered shell.Activation, dirs hooks.Directories) shell.Plan {
	var plan shell.Plan
	if e.ToProject && dirs.Project != "" {
		if info, err := os.Stat(dirs.Project); err == nil && info.IsDir() {
			plan = shell.Plan{shell.Cd{Dir: dirs.Project}}
		} else {
			s.Warnf("the project directory %s of %q is not there", dirs.Project, e.Environment.Name)
		}
	}
	goes := len(plan) > 0
	if project, ok := ProjectAt(dirs.Project); ok {
		plan = append(plan, entered.Serve(project, os.LookupEnv)...)
	}
	var sourced shell.Plan
	for _, event := range append([]hooks.Event{hooks.PostActivate}, e.Then...) {
		for _, hook := range s.Find(event, dirs) {
			sourced = sourcing(sourced, hook)
		}
	}
	if len(sourced) > 0 {
		if goes { // the shell may have hooks of its own for a change of directory
			plan = append(plan, shell.NoteOld{Dir: entered.Bin(), Text: entered.Prefix()})
		}
		plan = slices.Concat(plan, sourced, entered.Settle(os.LookupEnv))
	}
	return s.During(Hooking, whileIn(e.Environment, plan))
}

// whileIn is the plan up to where a hook leaves the environment.
func whileIn(e env.Environment, plan shell.Plan) shell.Plan {
	for i := len(plan) - 2; i >= 0; i-- {
		switch plan[i].(type) {
		case shell.Cd, shell.Source, shell.Cross:
			rest := slices.Clone(plan[i+1:])
			plan = append(plan[:i+1], shell.If{Name: "VIRTUAL_ENV", Value: e.Path, Then: rest})
		}
	}
	return plan
}

// These are the kinds of work in a shell during which a hook may call den.
const (
	Hooking = "hooking" // a hook is being sourced
	leaving = "leaving" // and an environment is left, or is to be left for another
)

// During is the plan with a note of what is going on meanwhile.
func (s Session) During(what string, plan shell.Plan) shell.Plan {
	if len(plan) == 0 {
		return nil
	}
	first := shell.Within{What: strings.TrimSpace(s.Within + " " + what)}
	return append(append(shell.Plan{first}, plan...), shell.Within{What: s.Within})
}

// deepest is how many hooks may call den from within each other. More than that
// are calling each other in a circle.
const deepest = 10

// checkWithin returns an error where a hook may not enter an environment.
func (s Session) checkWithin() error {
	switch {
	case s.IsLeaving():
		return hint.With(errors.New("a hook cannot enter an environment while another one is being left"),
			"a postdeactivate hook can, unless the person enters another one")
	case len(strings.Fields(s.Within)) >= deepest:
		return hint.With(errors.New("hooks call each other without end"), "%q shows which there are", "den hooks")
	}
	return nil
}

// IsLeaving reports whether the shell is leaving an environment.
func (s Session) IsLeaving() bool { return slices.Contains(strings.Fields(s.Within), leaving) }

// Active is the activation in which the shell is. Where the exported variables
// have vanished, or are those of another tool, it is the one that the shell says
// was put into it.
func (s Session) Active() (shell.Activation, bool) {
	active, ok := shell.Active(os.LookupEnv)
	if put, was := shell.Marked(s.Put); was && (!ok || active.Foreign) {
		return put, true
	}
	return active, ok
}

// A Purpose is what an environment is left for.
type Purpose int

// An environment is left for good, or for another one.
const (
	ForGood Purpose = iota
	ForAnother
)

// Leave returns the Plan that leaves what is active; it is empty when nothing is.
func (s Session) Leave(purpose Purpose) (shell.Plan, error) {
	active, ok := s.Active()
	if !ok {
		return nil, nil
	}
	if active.Foreign { // no hooks have fired for it
		return shell.Plan{shell.LeaveOther{}}, nil
	}
	left := env.Environment{Name: filepath.Base(active.Path), Path: active.Path}
	entered := os.Getenv(shell.VarDirectory)
	dirs, err := s.directories(left, entered)
	if err != nil {
		return nil, err
	}
	plan := shell.Plan{shell.LeaveOther{}}
	plan = append(plan, s.During(leaving, s.Source(hooks.PreDeactivate, dirs))...)
	plan = append(plan, active.Leave(os.LookupEnv)...)
	if put, ok := shell.Marked(s.Put); ok && put.Path != active.Path {
		plan = append(plan, shell.PathRemove{Dir: put.Bin()}, shell.PromptRemove{Text: put.Prefix()})
	}
	if after := s.Source(hooks.PostDeactivate, dirs); len(after) > 0 {
		what := Hooking
		if purpose == ForAnother {
			what = leaving
		}
		plan = append(plan, lastLeft(left, s.During(what, after))...)
	}
	if removal := removeTemporary(left); len(removal) > 0 {
		return append(plan, removal...), nil
	}
	if entered != "" && !s.IsOwn(left) {
		return plan, nil // it has no name to come back by
	}
	return append(plan, shell.Remember{Name: left.Name}), nil
}

// directories returns where the hooks of the environment are. entered is the directory
// that it was entered for, or "" if the person entered it.
func (s Session) directories(e env.Environment, entered string) (hooks.Directories, error) {
	dirs, err := s.Directories(e)
	if entered != "" && !s.IsOwn(e) {
		dirs = hooks.Directories{Global: dirs.Global}
	}
	return dirs, err
}

// lastLeft is the plan with a variable that tells postdeactivate hooks which
// environment was left.
func lastLeft(left env.Environment, after shell.Plan) shell.Plan {
	const variable = "VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV"
	return slices.Concat(shell.Plan{shell.Set{Name: variable, Value: left.Path}}, after, shell.Plan{shell.Unset{Name: variable}})
}

// Source returns what sources the hooks of the event in the shell.
func (s Session) Source(event hooks.Event, dirs hooks.Directories) shell.Plan {
	var plan shell.Plan
	for _, hook := range s.Find(event, dirs) {
		plan = sourcing(plan, hook)
	}
	return plan
}

// sourcing adds to the plan that the hook is sourced. Hooks for sh that follow
// on each other are sourced by one, as they would be by the person's own.
func sourcing(plan shell.Plan, hook hooks.Hook) shell.Plan {
	if !hook.ForSh {
		return append(plan, shell.Source{File: hook.Path})
	}
	if last := len(plan) - 1; last >= 0 {
		if cross, ok := plan[last].(shell.Cross); ok {
			plan[last] = shell.Cross{Files: append(cross.Files, hook.Path)}
			return plan
		}
	}
	return append(plan, shell.Cross{Files: []string{hook.Path}})
}

// Run returns what runs the hooks of the event, in home.
func (s Session) Run(event hooks.Event, dirs hooks.Directories, home string, args ...string) shell.Plan {
	var plan shell.Plan
	for _, hook := range s.Find(event, dirs) {
		plan = append(plan, shell.Run{Dir: home, Argv: append(hook.Argv, args...)})
	}
	return plan
}

// Fire returns what runs or sources the hooks of the event, which belong to the
// environment.
func (s Session) Fire(event hooks.Event, e env.Environment, home string, args ...string) (shell.Plan, error) {
	dirs, err := s.Directories(e)
	if err != nil {
		return nil, err
	}
	if !event.Sourced {
		return s.Run(event, dirs, home, args...), nil
	}
	plan := s.Source(event, dirs)
	if event.Name == hooks.PostDeactivate.Name && len(plan) > 0 {
		plan = lastLeft(e, plan)
	}
	return plan, nil
}

// Resume returns the plan for a new shell: it restores the environment in which the shell
// was started, and sources the initialize hook in hookDir.
func (s Session) Resume(hookDir string) shell.Plan {
	var plan shell.Plan
	if shell.Entered(os.LookupEnv) {
		active, _ := shell.Active(os.LookupEnv)
		plan = active.Resume(os.LookupEnv)
		if project, ok := ProjectAt(os.Getenv(shell.VarProject)); ok {
			plan = append(plan, active.Serve(project, os.LookupEnv)...)
		}
	}
	return append(plan, s.Source(hooks.Initialize, hooks.Directories{Global: hookDir})...)
}

// removeTemporary has the shell remove the environment that it has left, if that is
// temporary and belongs to this shell. It is where it was made, whatever WORKON_HOME is
// by now.
func removeTemporary(left env.Environment) shell.Plan {
	home, err := env.NewHome(filepath.Dir(left.Path))
	if err != nil || !home.Owns(os.Getppid(), left) {
		return nil
	}
	return shell.Plan{shell.Again{Args: []string{"rm", "--workon-home", home.Dir(), "--if-there", "--", left.Name}}}
}
