package shell

import (
	"path/filepath"
	"slices"
	"strings"
)

// The variables in which the state of an activation travels, from a shell to
// the programs and shells started in it. VIRTUAL_ENV and VIRTUAL_ENV_PROMPT
// are read by other tools too: by prompts, editors, pip, uv and poetry.
const (
	VarEnv          = "VIRTUAL_ENV"
	VarPrompt       = "VIRTUAL_ENV_PROMPT"
	VarHome         = "PYTHONHOME"
	VarActive       = "DEN_ACTIVE"
	VarActivePrompt = "DEN_ACTIVE_PROMPT"
	// VarVariables has the names of the environment's own variables that were set.
	// For each there is also what Save and Settle note.
	VarVariables = "DEN_VARIABLES"
	// VarDirectory is set while an environment is active that the shell has entered by
	// itself: it is the directory that asks for it.
	VarDirectory = "DEN_DIRECTORY"

	// VarProject is set while an environment is active that has a project: the project
	// directory.
	VarProject = "DEN_PROJECT"

	varPath = "PATH"
	varPS1  = "PS1"
)

// A Lookup finds a variable among those that the shell has exported, as
// os.LookupEnv does.
type Lookup func(name string) (value string, exported bool)

// getenv returns the value of an exported variable.
func (l Lookup) getenv(name string) string {
	value, _ := l(name)
	return value
}

// wasExported reports whether the value that the variable has, or will have
// again once the active environment is left, is an exported one.
func (l Lookup) wasExported(name string) bool {
	value, exported := l(name)
	active, ok := Active(l)
	if ok && !Entered(l) {
		// Another tool holds the old values, and exports what it puts back.
		return true
	}
	ours := map[string]string{VarEnv: active.Path, VarPrompt: active.Prompt, VarHome: ""}
	put, isOurs := ours[name]
	entered, settled := l(EnteredName(name))
	if ok && (isOurs && value == put || settled && value == entered) {
		_, exported = l(SavedName(name))
	}
	return exported
}

// An Activation is an environment as a shell sees it: where it is and what
// the prompt calls it.
type Activation struct {
	Path   string // the environment's directory, without a newline
	Prompt string // the text for the prompt, without the parentheses, on one line
	// Variables are the environment's own, each on one line, for Enter. An activation
	// that Active returns has none; the shell's variables have them.
	Variables []Set
	// For is the directory that made the shell enter the environment by itself, for
	// Enter. It is "" if the person has entered it.
	For string
	// Foreign is set if another tool or its activate script made the activation, and no
	// Plan of this package.
	Foreign bool
}

// Active returns the activation that the environment variables tell of, and
// whether there is one. It is the one that den made, or else whatever
// VIRTUAL_ENV names.
func Active(lookup Lookup) (a Activation, ok bool) {
	getenv := lookup.getenv
	a.Path = getenv(VarActive)
	if a.Path == "" {
		a = Activation{Path: getenv(VarEnv), Prompt: getenv(VarPrompt), Foreign: true}
		return a, a.Path != ""
	}
	a.Prompt = strings.TrimSuffix(strings.TrimPrefix(getenv(VarActivePrompt), "("), ") ")
	if a.Prompt == "" { // somebody's hook has unset it
		a.Prompt = getenv(VarPrompt)
	}
	return a, true
}

// Entered reports whether the activation is den's own and nothing, such as an
// activate script sourced by hand, has been put on top of it.
func Entered(lookup Lookup) bool {
	active := lookup.getenv(VarActive)
	return active != "" && lookup.getenv(VarEnv) == active
}

// Bin is the directory of the environment's programs.
func (a Activation) Bin() string { return filepath.Join(a.Path, "bin") }

// Prefix is what stands in front of the prompt while the environment is active.
func (a Activation) Prefix() string { return "(" + a.Prompt + ") " }

// Enter is the Plan that activates the environment in a shell that has left
// the one before. lookup finds an exported variable of the shell.
func (a Activation) Enter(lookup Lookup) Plan {
	plan := Plan{}
	for _, name := range []string{VarEnv, VarPrompt, VarHome} {
		plan = append(plan, Save{name, lookup.wasExported(name)})
	}
	plan = append(plan,
		NoteOld{},
		Set{VarEnv, a.Path},
		Set{VarPrompt, a.Prompt},
		Unset{VarHome},
		PathPrepend{a.Bin()},
		Set{VarActive, a.Path},
		Set{VarActivePrompt, a.Prefix()},
	)
	if a.For != "" {
		plan = append(plan, Set{VarDirectory, a.For})
	}
	return append(append(plan, a.setVariables(lookup)...),
		Prompt{a.Prefix()},
		Mark{a},
		DefineDeactivate{},
		DefinePydoc{},
		Rehash{},
	)
}

// setVariables sets the environment's own variables. It notes their values as Settle
// would, for their file may change before the environment is left.
func (a Activation) setVariables(lookup Lookup) Plan {
	var plan Plan
	var names []string
	for _, v := range a.Variables {
		plan = append(plan, Save{v.Name, lookup.wasExported(v.Name)}, v, Set{EnteredName(v.Name), v.Value})
		names = append(names, v.Name)
	}
	if len(names) > 0 {
		plan = append(plan, Set{VarVariables, strings.Join(names, " ")})
	}
	return plan
}

// restoreVariables is the Plan that undoes setVariables.
func (a Activation) restoreVariables(lookup Lookup, restore func(name string, ours *string) Step) Plan {
	names := strings.Fields(lookup.getenv(VarVariables))
	ours := map[string]*string{}
	for _, name := range names {
		if entered, settled := lookup(EnteredName(name)); settled {
			ours[name] = &entered
		}
	}
	for _, v := range a.Variables {
		if !slices.Contains(names, v.Name) {
			names = append(names, v.Name)
			ours[v.Name] = &v.Value
		}
	}
	var plan Plan
	for _, name := range names {
		if identifier().MatchString(name) {
			plan = append(plan, restore(name, ours[name]))
		}
	}
	if len(plan) > 0 {
		plan = append(plan, Unset{VarVariables})
	}
	return plan
}

// A Project is the directory that an environment is for, with what is below it.
type Project struct {
	Dirs []string // its paths; the first is the one that the person has given
	// IsWorkspace tells that projects below have one environment with it.
	IsWorkspace bool
}

// projectVariable names the environment for the commands of uv that are about a project:
// they take the project's .venv otherwise, whatever is active. Where it is set, uv sync
// takes away from that environment what the project does not need, so it may be set in
// the environment's own project alone.
// https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path
const (
	projectVariable = "UV_PROJECT_ENVIRONMENT"
	projectCommand  = "uv"
	projectFile     = "pyproject.toml"
)

// Serve is the Plan by which tools act on the environment in its project.
func (a Activation) Serve(p Project, lookup Lookup) Plan {
	watch := Watch{
		Dirs: p.Dirs, Stop: projectFile, Variable: Set{projectVariable, a.Path},
		Exported: lookup.wasExported(projectVariable), Command: projectCommand,
	}
	if p.IsWorkspace {
		watch.Stop = ""
	}
	return Plan{Set{VarProject, p.Dirs[0]}, watch}
}

// endServing is the Plan that undoes Serve.
func (a Activation) endServing(lookup Lookup) Plan {
	if lookup.getenv(VarProject) == "" {
		return nil
	}
	_, exported := lookup(SavedName(projectVariable))
	return Plan{Unwatch{Set{projectVariable, a.Path}, exported, projectCommand}, Unset{VarProject}}
}

// ServeAnother is the Plan by which tools act on the active environment in another project
// than before, or in one for the first time.
func (a Activation) ServeAnother(p Project, lookup Lookup) Plan {
	return append(a.endServing(lookup), a.Serve(p, lookup)...)
}

// ServeIn is the Plan of Serve for a program that is started in the project.
func (a Activation) ServeIn() Plan { return Plan{Set{projectVariable, a.Path}} }

// Settle is the Plan that notes what the hooks of entering have changed in what
// Leave puts back. One of them may have sourced an activate script of another
// tool, which takes the word deactivate.
func (a Activation) Settle(lookup Lookup) Plan {
	_, exported := lookup(varPS1)
	var plan Plan
	for _, v := range a.Variables {
		plan = append(plan, Settle{v.Name, nil})
	}
	return append(plan,
		Settle{VarPrompt, &a.Prompt}, Settle{VarHome, nil},
		PathSettle{a.Bin()}, PromptSettle{a.Prefix(), exported},
		DefineDeactivate{},
	)
}

// Leave is the Plan that undoes Enter and what Settle noted, and only that.
func (a Activation) Leave(lookup Lookup) Plan {
	restore := func(name string, ours *string) Step {
		_, exported := lookup(SavedName(name))
		return Restore{name, ours, exported}
	}
	plan := append(append(a.restoreVariables(lookup, restore), a.endServing(lookup)...),
		restore(VarEnv, &a.Path), restore(VarPrompt, &a.Prompt), restore(VarHome, nil),
		PathRestore{a.Bin()},
		PromptRestore{a.Prefix()},
		Unset{VarActive}, Unset{VarActivePrompt},
		Unmark{},
		RemoveDeactivate{},
		RemovePydoc{},
		Rehash{},
	)
	if lookup.getenv(VarDirectory) != "" {
		plan = append(plan, Unset{VarDirectory})
	}
	return plan
}

// Resume is the Plan that makes an activation whole in a shell that was
// started inside it: variables were inherited, but functions and the prompt
// were not, and a login profile may have put other directories first on PATH.
// A start-up file may have sourced the environment's activate script.
func (a Activation) Resume(lookup Lookup) Plan {
	prompt := a.Prompt
	if entered, settled := lookup(EnteredName(VarPrompt)); settled {
		prompt = entered
	}
	plan := Plan{LeaveOther{Plan{Set{VarEnv, a.Path}, Set{VarPrompt, prompt}}}}
	for range a.repeated(lookup) {
		plan = append(plan, PathRemove{a.Bin()})
	}
	return append(plan,
		PathResume{a.Bin()},
		PromptResume{a.Prefix()},
		Mark{a},
		DefineDeactivate{},
		DefinePydoc{},
		Rehash{},
	)
}

// repeated is how often the environment is once more first on PATH, and no hook of
// entering has put it there: an editor that was started in the environment does that for
// its terminals.
func (a Activation) repeated(lookup Lookup) (n int) {
	path := lookup.getenv(varPath)
	if entered, settled := lookup(EnteredName(varPath)); settled && path == entered {
		return 0
	}
	for strings.HasPrefix(path, a.Bin()+":"+a.Bin()+":") {
		path = path[len(a.Bin())+1:]
		n++
	}
	return n
}

// Text is how Mark notes the activation: a path has no colon in it.
func (a Activation) Text() string { return a.Path + ":" + a.Prompt }

// Marked returns the activation that a Mark has noted, and whether there is one.
func Marked(text string) (a Activation, ok bool) {
	a.Path, a.Prompt, ok = strings.Cut(text, ":")
	return a, ok
}
