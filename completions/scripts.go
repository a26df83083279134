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
	//go:embed register.zsh
	zshRegistration string
	//go:embed complete.fish
	fishScript string
)

const (
	// programCall is how the scripts, as they stand in the source, call den.
	programCall = "command den"
	// functionCall is how they call it where den's functions are loaded, in bash
	// and zsh: so that it sees what is set and not exported.
	functionCall = "__den_exec"
	// nameList stands in them for the names of the commands that complete.
	nameList = "DEN_NAMES"
)

// Script returns the code that has the shell ask the program at an absolute
// path for completions of the named functions, and of den. It belongs to the code
// that defines den's functions, and may be loaded more than once.
func Script(dialect shell.Dialect, program string, functions []string) string {
	names := strings.Join(append([]string{"den"}, functions...), " ")
	switch dialect.Name() {
	case "bash":
		return strings.NewReplacer(programCall, functionCall, nameList, names).Replace(bashScript)
	case "zsh":
		return strings.NewReplacer(programCall, functionCall, nameList, names).Replace(zshScript + zshRegistration)
	default:
		return strings.NewReplacer(programCall, dialect.Quote(program), nameList, names).Replace(fishScript)
	}
}

// File returns the completion of den as a file that the shell loads by itself
// when it is to complete den, from the directory in which it looks for such. It
// calls the den on PATH, knows none of den's functions, and is in the way of
// nothing that Script defines: that is the same, but for the program.
func File(dialect shell.Dialect) string {
	switch dialect.Name() {
	case "bash":
		return strings.Replace(bashScript, nameList, "den", 1)
	case "zsh":
		return "#compdef den\n\n" + zshScript + "\n_den \"$@\"\n"
	default:
		return "if not builtin functions --query __den_complete\n\n" + strings.ReplaceAll(fishScript, nameList, "den") + "\nend\n"
	}
}
