package fish

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed check.fish
var checkScript string

// resumeAtEnd is the end of an init file: it asks den if there may be something to do.
const resumeAtEnd = `
__den_needs_nothing
or __den resume
builtin functions -e __den_needs_nothing
builtin true`

// check is the function __den_needs_nothing.
func (d Dialect) check(file shell.InitFile) string {
	other := `builtin test "$config" != ` + d.Quote(file.Config) + ` -o -e ` + d.Quote(file.Config)
	if file.HasConfig {
		other = `test "$config" != ` + d.Quote(file.Config) + ` -o ! -e "$config" -o "$config" -nt ` + d.Quote(file.Path)
	}
	return strings.NewReplacer("DEN_OTHER_SETTINGS", other, "DEN_HOME", d.Quote(file.Home), "DEN_HOOKS", d.Quote(file.HookDir)).Replace(checkScript)
}
