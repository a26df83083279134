package bourne

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed check.bash
var checkScript string

// resumeAtEnd is the end of an init file: it asks den if there may be something to do.
const resumeAtEnd = `
function __den_resume {
    if ! __den_needs_nothing; then __den resume; fi
}
__den_resume || \builtin :
\builtin unset -f __den_resume __den_needs_nothing`

// InitFile implements shell.Dialect.
func (d Dialect) InitFile(i shell.Integration, file shell.InitFile) string {
	hooks := "$__den_home"
	if file.HookDir != "" {
		hooks = d.Quote(file.HookDir)
	}
	other := `\builtin [ "$__den_config" != ` + d.Quote(file.Config) + ` ] || \builtin [ -e ` + d.Quote(file.Config) + ` ]`
	if file.HasConfig {
		other = `\builtin [ "$__den_config" != ` + d.Quote(file.Config) + ` ] || \builtin [ ! -e "$__den_config" ] || \builtin [ "$__den_config" -nt ` + d.Quote(file.Path) + ` ]`
	}
	check := d.check(other, d.Quote(file.Home), hooks, "0", `\builtin :`)
	return file.Before + d.fill(initScript, i, file.Mark(), d.own(check+resumeAtEnd))
}

// check is the function __den_needs_nothing: otherSettings are commands that succeed if the
// settings have changed, home and hooks are words, missing is the status if there is no
// initialize hook, and then is the last command.
func (Dialect) check(otherSettings, home, hooks, missing, then string) string {
	return strings.NewReplacer("DEN_OTHER_SETTINGS", otherSettings, "DEN_HOME", home, "DEN_HOOKS", hooks, "DEN_MISSING", missing, "DEN_THEN", then).Replace(checkScript)
}
