// Package shells has the table of the shells that den speaks to.
package shells

import (
	"fmt"
	"strings"

	"den/shell"
	"den/shell/bash"
	"den/shell/csh"
	"den/shell/fish"
	"den/shell/zsh"
)

// All returns the records of all shells.
func All() []*shell.Shell {
	return []*shell.Shell{bash.Shell(), zsh.Shell(), fish.Shell()}
}

// Names returns the names of all shells.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// ByName returns the shell with that name, which may also be the path of its
// program or the name of a login shell ("-bash").
func ByName(name string) (*shell.Shell, error) {
	base := strings.TrimPrefix(name[strings.LastIndexByte(name, '/')+1:], "-")
	for _, s := range All() {
		if s.Name == base {
			return s, nil
		}
	}
	return nil, fmt.Errorf("no support for the shell %q: den speaks %s", name, strings.Join(Names(), ", "))
}

// ActivateScripts returns the scripts that the environment carries for those who
// source them by hand, by their file names. They do what den's integration does,
// but for the hooks, and need no den.
func ActivateScripts(a shell.Activation) map[string]string {
	scripts := map[string]string{csh.ActivateName: csh.Activate(a)}
	for _, s := range All() {
		if scripts[s.ActivateName] == "" {
			scripts[s.ActivateName] = s.Activate(a)
		}
	}
	return scripts
}
