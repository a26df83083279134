// Package activate makes the plans by which a shell, or a program, comes to be in
// an environment and leaves it.
package activate

import (
	"os"

	"den/env"
	"den/shell"
)

// Of returns the activation of the environment.
func Of(e env.Environment) shell.Activation {
	return shell.Activation{Path: e.Path, Prompt: e.Prompt()}
}

// Environ is the environment for a program that is started, without a shell,
// in e and in no other that may be active.
func Environ(e env.Environment) []string {
	var plan shell.Plan
	if active, ok := shell.Active(os.LookupEnv); ok {
		plan = active.Leave(os.LookupEnv)
	}
	return append(plan, Of(e).Enter(os.LookupEnv)...).Environ(os.Environ())
}
