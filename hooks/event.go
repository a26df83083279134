package hooks

import "slices"

// A place is a kind of directory in which a hook is looked for.
type place int

const (
	global  place = iota // the hook directory, WORKON_HOME by default
	local                // the environment's bin
	project              // .virtualenvwrapper in the environment's project
)

func (p place) String() string { return [...]string{"global", "local", "project"}[p] }

// An Event is a moment at which hooks fire. Its name is the hooks' file name.
type Event struct {
	Name string
	// Sourced hooks are evaluated in the person's shell, the others are run
	// as programs.
	Sourced bool
	// When says in a few words when the hooks fire, Arguments what those that
	// are run are given.
	When, Arguments string
	places          []place
}

// The events, each with its places in the order in which they fire.
var (
	Initialize = Event{"initialize", true,
		"when a shell starts and loads den", "",
		[]place{global}}
	PreMkvirtualenv = Event{"premkvirtualenv", false,
		"after an environment has been made, before it is entered", "the environment's name",
		[]place{global}}
	PostMkvirtualenv = Event{"postmkvirtualenv", true,
		"after a new environment has been entered, with all its packages", "",
		[]place{global}}
	PreCpvirtualenv = Event{"precpvirtualenv", false,
		"after an environment has been copied, before premkvirtualenv", "the path of the original and the name of the copy",
		[]place{global}}
	PostCpvirtualenv = Event{"postcpvirtualenv", true,
		"after a copy has been entered, after postmkvirtualenv", "",
		[]place{global}}
	PreActivate = Event{"preactivate", false,
		"before an environment is entered", "the environment's name",
		[]place{global, local}}
	PostActivate = Event{"postactivate", true,
		"after an environment has been entered", "",
		[]place{global, local, project}}
	PreDeactivate = Event{"predeactivate", true,
		"before an environment is left", "",
		[]place{project, local, global}}
	PostDeactivate = Event{"postdeactivate", true,
		"after an environment has been left", "",
		[]place{local, global}}
	PreRmvirtualenv = Event{"prermvirtualenv", false,
		"before an environment is removed", "the environment's name",
		[]place{global}}
	PostRmvirtualenv = Event{"postrmvirtualenv", false,
		"after an environment has been removed", "the environment's name",
		[]place{global}}
	PreMkproject = Event{"premkproject", false,
		"before the directory of a new project is made, with its environment active", "the project's name",
		[]place{global}}
	PostMkproject = Event{"postmkproject", true,
		"after a new project has been made, in its directory", "",
		[]place{global}}
	GetEnvDetails = Event{"get_env_details", false,
		"when details of an environment are shown, to print more of them", "the environment's name",
		[]place{global, local}}
)

// Events returns all events, in the order of an environment's life.
func Events() []Event {
	return []Event{Initialize, PreMkvirtualenv, PreCpvirtualenv, PreActivate, PostActivate, PostMkvirtualenv,
		PostCpvirtualenv, PreMkproject, PostMkproject, GetEnvDetails, PreDeactivate, PostDeactivate,
		PreRmvirtualenv, PostRmvirtualenv}
}

// Named returns the event with the name.
func Named(name string) (event Event, ok bool) {
	for _, event := range Events() {
		if event.Name == name {
			return event, true
		}
	}
	return Event{}, false
}

// IsLocal tells whether an environment can have a hook of its own for the event.
func (e Event) IsLocal() bool { return slices.Contains(e.places, local) }

// IsProject tells whether a project can have a hook for the event.
func (e Event) IsProject() bool { return slices.Contains(e.places, project) }
