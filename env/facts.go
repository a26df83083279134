package env

import (
	"sync"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Facts are what can be read of an environment without starting anything.
type Facts struct {
	Environment
	Python  string // its version: see PythonVersion
	Project string // see Project
	Broken  error  // see Check
}

// Facts returns the facts of the environment. projectFile is the name of the file
// that notes its project; one that cannot be read counts as none.
func (e Environment) Facts(projectFile string) Facts {
	config, err := ReadConfig(e.Path)
	project, _ := e.Project(projectFile)
	return Facts{
		Environment: e,
		Python:      e.versionIn(config),
		Project:     project,
		Broken:      e.check(lookAtProgram(unix.AT_FDCWD, e.Python()), config, err, &shared{}),
	}
}

// Facts returns the facts of all environments, sorted by name. It costs, for each,
// little more than Names: all is read once, from the open directory on, and
// what several lead to is looked at once.
func (h Home) Facts(projectFile string) ([]Facts, error) {
	var s shared
	var found sync.Map
	names, err := h.Select(func(dir int, name string) bool {
		facts, is := h.factsAt(dir, name, projectFile, &s)
		if is {
			found.Store(name, facts)
		}
		return is
	})
	all := make([]Facts, len(names))
	for i, name := range names {
		facts, _ := found.Load(name)
		all[i] = facts.(Facts)
	}
	return all, err
}

// factsAt returns the facts of what is called name in the home, which is open
// as dir, and whether it is an environment.
func (h Home) factsAt(dir int, name, projectFile string, s *shared) (facts Facts, is bool) {
	python := lookAtProgram(dir, name+"/bin/python")
	e := Environment{Name: name, Path: h.Path(name)}
	config, err := readConfigAt(dir, name, e.Path)
	if python.err != nil || err != nil {
		if lacks, err := lackingAt(dir, name); lacks != "" || err != nil {
			return Facts{}, false
		}
	}
	facts = Facts{Environment: e, Python: e.versionIn(config), Broken: e.check(python, config, err, s)}
	facts.Project, _ = e.projectAt(dir, name, projectFile)
	return facts, true
}

// shared remembers what one look at many environments has found out about what
// several of them lead to.
type shared struct {
	programs sync.Map // of a file, whether it may be executed
	homes    sync.Map // of a directory, whether it is gone
}

// isExecutable reports whether the person may execute the file at path, of
// which stat tells.
func (s *shared) isExecutable(path string, stat unix.Stat_t) bool {
	type file struct{ device, inode uint64 }
	return remember(&s.programs, file{uint64(stat.Dev), stat.Ino}, func() bool {
		return unix.Access(path, unix.X_OK) == nil
	})
}

// isGone reports whether there is nothing at path.
func (s *shared) isGone(path string) bool {
	return remember(&s.homes, path, func() bool { return disk.IsGone(path) })
}

// remember returns what look has returned for the key, or returns now.
func remember(known *sync.Map, key any, look func() bool) bool {
	if found, ok := known.Load(key); ok {
		return found.(bool)
	}
	found := look()
	known.Store(key, found)
	return found
}
