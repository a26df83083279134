package bourne

import "den/shell"

// watcher is the function that looks where the shell is.
const watcher = "__den_watch"

// Watch defines a function that sets the variable or puts it back, by where the shell
// is, and hangs it where the shell has something to hang it on. It goes upwards from the
// directory until it comes to the project, or to another one.
func (r *renderer) Watch(s shell.Watch) {
	name := s.Variable.Name
	ends := "''"
	for _, dir := range s.Dirs {
		ends += " | " + r.Quote(dir)
	}
	stop := "__den_a=${__den_a%/*}"
	if s.Stop != "" {
		stop = "if " + r.test(`-e "$__den_a/"`+r.Quote(s.Stop)) + "; then __den_a=''; else " + stop + "; fi"
	}
	r.linef("function %s {", watcher)
	r.linef("%s", r.local("__den_a", `"${`+shell.VarProject+`:+${PWD-}}"`))
	r.linef("case $__den_a in /*) ;; *) __den_a='' ;; esac")
	r.linef("while case $__den_a in %s) ! %s: ;; esac; do", ends, r.Builtin)
	r.linef("%s", stop)
	r.linef("done")
	r.linef("case ${__den_a:+in}:${%s+set} in", shell.EnteredName(name))
	r.linef("in:)")
	r.Save(shell.Save{Name: name, Exported: s.Exported})
	r.Set(s.Variable)
	r.Set(shell.Set{Name: shell.EnteredName(name), Value: s.Variable.Value})
	r.linef(";;")
	r.linef(":set)")
	r.Restore(shell.Restore{Name: name, Ours: &s.Variable.Value, Exported: s.Exported})
	r.linef(";;")
	r.linef("esac")
	r.linef("}")
	if r.Hang != "" {
		r.linef("%s", r.Hang)
	}
	if !r.HangsOnCd { // so that it is right in the middle of a line, too
		r.defineCommand(s.Command, "("+watcher+" || "+r.Builtin+`:; \command `+s.Command+` "$@")`)
	}
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
