package fish

import (
	"strings"

	"den/shell"
)

// watcher is the function that looks where the shell is, each time it goes elsewhere.
const watcher = "__den_watch"

// Watch goes upwards from the directory until it comes to the project, or to another
// one.
func (r *renderer) Watch(s shell.Watch) {
	name := s.Variable.Name
	entered := shell.EnteredName(name)
	var dirs strings.Builder
	for _, dir := range s.Dirs {
		dirs.WriteString(" " + r.Quote(dir))
	}
	r.linef("function %s --on-variable PWD", watcher)
	r.linef("set -l dir")
	r.linef(`builtin test -n "$%s"; and set dir "$PWD"`, shell.VarProject)
	r.linef(`while builtin test -n "$dir"; and not builtin contains -- "$dir"%s`, dirs.String())
	if s.Stop != "" {
		r.linef(`if builtin test -e "$dir"/%s; set dir; continue; end`, r.Quote(s.Stop))
	}
	r.linef(`set dir (builtin string replace -r '/[^/]*\z' '' -- "$dir" | builtin string collect)`)
	r.linef("end")
	r.linef(`if builtin test -n "$dir"; and not set -q %s`, entered)
	r.Save(shell.Save{Name: name, Exported: s.Exported})
	r.Set(s.Variable)
	r.Set(shell.Set{Name: entered, Value: s.Variable.Value})
	r.linef(`else if builtin test -z "$dir"; and set -q %s`, entered)
	r.Restore(shell.Restore{Name: name, Ours: &s.Variable.Value, Exported: s.Exported})
	r.linef("end")
	r.linef("end")
	r.linef("%s", watcher)
}

func (r *renderer) Unwatch(s shell.Unwatch) {
	name := s.Variable.Name
	r.linef("builtin functions -e %s", watcher)
	r.linef("if set -q %s", shell.EnteredName(name))
	r.Restore(shell.Restore{Name: name, Ours: &s.Variable.Value, Exported: s.Exported})
	r.linef("end")
}
