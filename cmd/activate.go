package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/hooks"
	"den/shell"
)

// entering says how to enter an environment.
type entering struct {
	environment env.Environment
	toProject   bool          // whether to go to its project directory
	then        []hooks.Event // what has happened when it has been entered
}

// enterPlan is the Plan that leaves the active environment, if there is one,
// and enters another. Hooks and project that cannot be used are told of and
// left out; they do not keep a person from their environment.
func (a *app) enterPlan(e entering) (shell.Plan, error) {
	if err := a.check(e.environment); err != nil {
		return nil, err
	}
	if err := a.checkWithin(); err != nil {
		return nil, err
	}
	plan, err := a.leavePlan(leavingForAnother)
	if err != nil {
		return nil, err
	}
	dirs, err := a.hookDirectories(e.environment)
	if err != nil {
		return nil, err
	}
	before, err := a.runSteps(hooks.PreActivate, dirs, e.environment.Name)
	if err != nil {
		return nil, err
	}
	plan = append(plan, before...)
	plan = append(plan, activate.Of(e.environment).Enter(os.LookupEnv)...)
	return append(plan, a.afterEntering(e, dirs)...), nil
}

// afterEntering is what follows when the environment has been entered: the way
// to the project, then all hooks, which may lead elsewhere. It ends where a hook
// leaves the environment.
func (a *app) afterEntering(e entering, dirs hooks.Directories) shell.Plan {
	var plan shell.Plan
	if e.toProject && dirs.Project != "" {
		if info, err := os.Stat(dirs.Project); err == nil && info.IsDir() {
			plan = shell.Plan{shell.Cd{Dir: dirs.Project}}
		} else {
			a.warnf("the project directory %s of %q is not there", dirs.Project, e.environment.Name)
		}
	}
	var sourced shell.Plan
	for _, event := range append([]hooks.Event{hooks.PostActivate}, e.then...) {
		for _, hook := range a.find(event, dirs) {
			sourced = sourcing(sourced, hook)
		}
	}
	if len(sourced) > 0 {
		entered := activate.Of(e.environment)
		if len(plan) > 0 { // the shell may have hooks of its own for a change of directory
			plan = append(plan, shell.Keep{Dir: entered.Bin(), Text: entered.Prefix()})
		}
		plan = slices.Concat(plan, sourced, entered.Settle(os.LookupEnv))
	}
	return a.during(hooking, whileIn(e.environment, plan))
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

// What may be going on in the shell when a hook calls den.
const (
	hooking = "hooking" // a hook is being sourced
	leaving = "leaving" // and an environment is left, or is to be left for another
)

// during is the plan with a note of what is going on meanwhile.
func (a *app) during(what string, plan shell.Plan) shell.Plan {
	if len(plan) == 0 {
		return nil
	}
	first := shell.Within{What: strings.TrimSpace(a.within + " " + what)}
	return append(append(shell.Plan{first}, plan...), shell.Within{What: a.within})
}

// deepest is how many hooks may call den from within each other. More than that
// are calling each other in a circle.
const deepest = 10

// checkWithin returns an error where a hook may not enter an environment.
func (a *app) checkWithin() error {
	going := strings.Fields(a.within)
	switch {
	case slices.Contains(going, leaving):
		return hint.With(errors.New("a hook cannot enter an environment while another one is being left"),
			"a postdeactivate hook can, when the person has not asked for another one")
	case len(going) >= deepest:
		return hint.With(errors.New("hooks have called each other too often"), "%q shows which there are", "den hooks")
	}
	return nil
}

// activation is the one in which the shell is. Where the exported variables
// have vanished, or are those of another tool, it is the one that the shell says
// was put into it.
func (a *app) activation() (shell.Activation, bool) {
	active, ok := shell.Active(os.LookupEnv)
	if put, was := shell.Marked(a.put); was && (!ok || active.Foreign) {
		return put, true
	}
	return active, ok
}

// A leave is what an environment is left for.
type leave int

const (
	leavingForGood leave = iota
	leavingForAnother
)

// leavePlan is the Plan that leaves what is active; it is empty when nothing is.
func (a *app) leavePlan(l leave) (shell.Plan, error) {
	active, ok := a.activation()
	if !ok {
		return nil, nil
	}
	if active.Foreign { // no hooks have fired for it
		return shell.Plan{shell.LeaveOther{}}, nil
	}
	left := env.Environment{Name: filepath.Base(active.Path), Path: active.Path}
	dirs, err := a.hookDirectories(left)
	if err != nil {
		return nil, err
	}
	plan := shell.Plan{shell.LeaveOther{}}
	plan = append(plan, a.during(leaving, a.sourceSteps(hooks.PreDeactivate, dirs))...)
	plan = append(plan, active.Leave(os.LookupEnv)...)
	if put, ok := shell.Marked(a.put); ok && put.Path != active.Path {
		plan = append(plan, shell.PathRemove{Dir: put.Bin()}, shell.PromptRemove{Text: put.Prefix()})
	}
	if after := a.sourceSteps(hooks.PostDeactivate, dirs); len(after) > 0 {
		what := hooking
		if l == leavingForAnother {
			what = leaving
		}
		plan = append(plan, shell.Set{Name: varLastEnvironment, Value: left.Path})
		plan = append(plan, a.during(what, after)...)
		plan = append(plan, shell.Unset{Name: varLastEnvironment})
	}
	if removal := removeTemporary(left); len(removal) > 0 {
		return append(plan, removal...), nil
	}
	return append(plan, shell.Remember{Name: left.Name}), nil
}

// varLastEnvironment tells postdeactivate hooks which environment was left.
const varLastEnvironment = "VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV"

// check returns an error, with the way to mend it, for an environment whose
// Python does not run: a pip called in it would be some other Python's.
func (a *app) check(e env.Environment) error {
	err := e.Check()
	var broken *env.BrokenError
	if errors.As(err, &broken) {
		return hint.With(err, "%s", a.mend(e))
	}
	return err
}

// mend says how an environment of which the Python is gone gets another.
func (a *app) mend(e env.Environment) string {
	if home, err := a.home(); err == nil && home.Path(e.Name) == e.Path {
		return "give it another Python, and the same packages: den upgrade " + hint.Word(e.Name)
	}
	return "make it anew with the tool that made it"
}

// hookDirectories are those where the environment's hooks live.
func (a *app) hookDirectories(e env.Environment) (hooks.Directories, error) {
	globalDir, err := a.settings.dir(keyHookDir)
	if err != nil {
		return hooks.Directories{}, err
	}
	project, err := a.project(e)
	if err != nil {
		a.warnf("%s", err)
	}
	return hooks.Directories{Global: globalDir, Local: e.Bin(), Project: project}, nil
}

func (a *app) project(e env.Environment) (string, error) {
	file, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return "", err
	}
	return e.Project(file)
}

// find returns the hooks that fire, and tells of those that are there but
// cannot be used.
func (a *app) find(event hooks.Event, dirs hooks.Directories) []hooks.Hook {
	suffix := ""
	if a.shell != nil {
		suffix = a.shell.HookSuffix
	}
	found, problems := dirs.Find(event, suffix)
	a.logHooks(event, found)
	for _, err := range problems {
		a.warnUnused(err)
	}
	return found
}

// warnUnused says why a hook is not used, and what mends it.
func (a *app) warnUnused(err error) {
	var unused *hooks.UnusedError
	if errors.As(err, &unused) && unused.Mend != "" {
		err = hint.With(err, "%s", unused.Mend)
	}
	a.warnOf(wordHookProblem(err))
}

// sourceSteps source the hooks of the event in the shell.
func (a *app) sourceSteps(event hooks.Event, dirs hooks.Directories) shell.Plan {
	var plan shell.Plan
	for _, hook := range a.find(event, dirs) {
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

// runSteps run the hooks of the event, in WORKON_HOME.
func (a *app) runSteps(event hooks.Event, dirs hooks.Directories, args ...string) (shell.Plan, error) {
	home, err := a.home()
	if err != nil {
		return nil, err
	}
	var plan shell.Plan
	for _, hook := range a.find(event, dirs) {
		plan = append(plan, shell.Run{Dir: home.Dir(), Argv: append(hook.Argv, args...)})
	}
	return plan, nil
}

// goesToProject decides whether to go to the project directory: by flag, or
// else by setting.
func (a *app) goesToProject(cd, noCd bool) (bool, error) {
	if cd && noCd {
		return false, usagef("--cd and --no-cd contradict each other")
	}
	if cd || noCd {
		return cd, nil
	}
	value, err := a.settings.text(keyCd)
	return value == "true", err
}
