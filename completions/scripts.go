package completions

import (
	_ "embed"
	"strings"

	"den/shell"
)

var (
	//go:embed complete.bash
	bashScript string
	//go:embed complete.zsh
	zshScript string
	//go:embed complete.fish
	fishScript string
)

// programCall is how the scripts, as they stand in the source, call den.
const programCall = "command den"

// Script returns the code that has the shell ask the program at an absolute
// path for completions. It comes after the code that defines den's functions,
// and may be loaded more than once.
func Script(dialect shell.Dialect, program string) string {
	script := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[dialect.Name()]
	return strings.ReplaceAll(script, programCall, dialect.Quote(program))
}
