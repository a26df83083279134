package bourne

import (
	"strings"

	"den/shell"
)

// watcher is the function that looks where the shell is.
const watcher = "__den_watch"

// Watch defines a function that sets the variable or puts it back, by where the shell
// is, and hangs it where the shell has something to hang it on. It goes upwards from the
// directory until it comes to the project, or to another one.
func (r *renderer) Watch(s shell.Watch) {
	name := s.Variable.Name
	isThere := r.isSet(shell.EnteredName(name))
	r.linef("function %s {", watcher)
	r.linef("%s", r.local("__den_a", `"${`+shell.VarProject+`:+${PWD-}}"`))
	r.linef(`if %s; then __den_a=''; fi`, r.test(`"${__den_a#/}" = "$__den_a"`))
	r.linef("while %s; do", r.test(`-n "$__den_a"`)+r.noneOf(s.Dirs))
	stop := "__den_a=${__den_a%/*}"
	if s.Stop != "" {
		stop = "if " + r.test(`-e "$__den_a/"`+r.Quote(s.Stop)) + "; then __den_a=''; else " + stop + "; fi"
	}
	r.linef("%s", stop)
	r.linef("done")
	r.linef(`if %s && ! { %s; }; then`, r.test(`-n "$__den_a"`), isThere)
	r.Save(shell.Save{Name: name, Exported: s.Exported})
	r.Set(s.Variable)
	r.Set(shell.Set{Name: shell.EnteredName(name), Value: s.Variable.Value})
	r.linef(`elif %s && %s; then`, r.test(`-z "$__den_a"`), isThere)
	r.Restore(shell.Restore{Name: name, Ours: &s.Variable.Value, Exported: s.Exported})
	r.linef("fi")
	r.linef("}")
	if r.Hang != "" {
		r.linef("%s", r.Hang)
	}
	if !r.HangsOnCd { // so that it is right in the middle of a line, too
		r.defineCommand(s.Command, "("+watcher+" || "+r.Builtin+`:; \command `+s.Command+` "$@")`)
	}
}

// noneOf is the rest of a condition: the directory is none of those.
func (r *renderer) noneOf(dirs []string) string {
	var b strings.Builder
	for _, dir := range dirs {
		b.WriteString(" && " + r.test(`"$__den_a" != `+r.Quote(dir)))
	}
	return b.String()
}

func (r *renderer) Unwatch(s shell.Unwatch) {
	name := s.Variable.Name
	r.linef("if %s; then", r.isSet(shell.EnteredName(name)))
	r.Restore(shell.Restore{Name: name, Ours: &s.Variable.Value, Exported: s.Exported})
	r.linef("fi")
	if r.Unhang != "" {
		r.linef("%s", r.Unhang)
	}
	if !r.HangsOnCd {
		r.removeCommand(s.Command)
	}
	r.linef("%sunset -f %s 2>/dev/null || %s:", r.Builtin, watcher, r.Builtin)
}
