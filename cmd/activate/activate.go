// Package activate makes the plans by which a shell, or a program, comes to be in
// an environment and leaves it.
package activate

import (
	"os"

	"den/env"
	"den/env/variables"
	"den/shell"
)

// Of returns the activation of the environment, with its own variables. It calls unset,
// which may be nil, with the reason for each variable that cannot be set.
func Of(e env.Environment, unset func(error)) shell.Activation {
	file, err := variables.Read(e.Path)
	if unset != nil {
		if err != nil {
			unset(err)
		}
		for _, err := range file.Errors() {
			unset(err)
		}
	}
	return shell.Activation{Path: e.Path, Prompt: e.Prompt(), Variables: steps(file)}
}

// VariablesIn returns the variables of the environment in the first of the directories
// that has any.
func VariablesIn(dirs ...string) []shell.Set {
	for _, dir := range dirs {
		if file, err := variables.Read(dir); err == nil && len(file.Variables()) > 0 {
			return steps(file)
		}
	}
	return nil
}

// steps set the variables of the file.
func steps(file variables.File) (sets []shell.Set) {
	for _, v := range file.Variables() {
		sets = append(sets, shell.Set{Name: v.Name, Value: v.Value})
	}
	return sets
}

// Environ is the environment for a program that is started, without a shell,
// in e and in no other that may be active. As for Of, unset may be nil.
func Environ(e env.Environment, unset func(error)) []string {
	var plan shell.Plan
	if active, ok := shell.Active(os.LookupEnv); ok {
		plan = active.Leave(os.LookupEnv)
	}
	return append(plan, Of(e, unset).Enter(os.LookupEnv)...).Environ(os.Environ())
}
