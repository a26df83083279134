package bourne

import (
	"strings"

	"den/shell"
)

// Channel is how a Plan gets into the shells of the family: their functions
// evaluate what den writes to it.
const Channel = shell.Descriptor(3)

// Completion returns a completion script of the family for the integration. It
// calls den as the functions do, so that den sees what is set and not exported.
func Completion(script string, i shell.Integration) string {
	return strings.NewReplacer(shell.ProgramCall, "__den_exec", shell.NameList, strings.Join(i.Names(), " ")).Replace(script)
}
