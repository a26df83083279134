package fish

import (
	_ "embed"
	"strings"

	"den/shell"
)

//go:embed plainly.fish
var plainlyScript string

// resumeKept is what a kept script does at the end: it has den say what there is
// to do, if anything.
const resumeKept = `
__den_plainly
or __den resume
builtin functions -e __den_plainly
builtin true`

// plainly is the function __den_plainly.
func (d Dialect) plainly(k shell.Kept) string {
	other := `builtin test "$config" != ` + d.Quote(k.Config) + ` -o -e ` + d.Quote(k.Config)
	if k.HasConfig {
		other = `test "$config" != ` + d.Quote(k.Config) + ` -o ! -e "$config" -o "$config" -nt ` + d.Quote(k.File)
	}
	return strings.NewReplacer("DEN_OTHER_SETTINGS", other, "DEN_HOME", d.Quote(k.Home), "DEN_HOOKS", d.Quote(k.HookDir)).Replace(plainlyScript)
}
