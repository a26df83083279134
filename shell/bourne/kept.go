package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed plainly.bash
var plainlyScript string

// resumeKept is what a kept script does at the end: it has den
// say what there is to do, if anything.
const resumeKept = `
function __den_resume {
    if ! __den_plainly; then __den resume; fi
}
__den_resume || \builtin :
\builtin unset -f __den_resume __den_plainly`

// Keep implements shell.Dialect.
func (d Dialect) Keep(i shell.Integration, k shell.Kept) string {
	hooks := "$__den_home"
	if k.HookDir != "" {
		hooks = d.Quote(k.HookDir)
	}
	other := `\builtin [ "$__den_config" != ` + d.Quote(k.Config) + ` ] || \builtin [ -e ` + d.Quote(k.Config) + ` ]`
	if k.HasConfig {
		other = `\builtin [ "$__den_config" != ` + d.Quote(k.Config) + ` ] || \builtin [ ! -e "$__den_config" ] || \builtin [ "$__den_config" -nt ` + d.Quote(k.File) + ` ]`
	}
	plainly := d.plainly(other, d.Quote(k.Home), hooks, "0", `\builtin :`)
	return k.Before + d.fill(initScript, i, k.Mark(), d.own(plainly+resumeKept))
}

// plainly is the function __den_plainly: otherSettings are commands that succeed if the
// settings have changed, home and hooks are words, missing is the status if there is no
// initialize hook, and then is the last command.
func (Dialect) plainly(otherSettings, home, hooks, missing, then string) string {
	return strings.NewReplacer("DEN_OTHER_SETTINGS", otherSettings, "DEN_HOME", home, "DEN_HOOKS", hooks, "DEN_MISSING", missing, "DEN_THEN", then).Replace(plainlyScript)
}
