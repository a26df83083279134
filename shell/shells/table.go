// Package shells has the table of the shells that den speaks to.
package shells

import (
	"fmt"
	"strings"

	"den/shell"
	"den/shell/bourne"
	"den/shell/fish"
)

// dialects has every shell that den speaks to.
var dialects = []shell.Dialect{bourne.Bash(), bourne.Zsh(), fish.Fish()}

// Names returns the names of all dialects.
func Names() []string {
	names := make([]string, len(dialects))
	for i, d := range dialects {
		names[i] = d.Name()
	}
	return names
}

// ByName returns the dialect of the shell with that name, which may also be
// the path of its program or the name of a login shell ("-bash").
func ByName(name string) (shell.Dialect, error) {
	base := strings.TrimPrefix(name[strings.LastIndexByte(name, '/')+1:], "-")
	for _, d := range dialects {
		if d.Name() == base {
			return d, nil
		}
	}
	return nil, fmt.Errorf("no support for the shell %q: den speaks %s", name, strings.Join(Names(), ", "))
}
