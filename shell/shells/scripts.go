package shells

import (
	"den/shell"
	"den/shell/bourne"
	"den/shell/csh"
	"den/shell/fish"
)

// Scripts returns the activate scripts that the environment carries for those
// who source them by hand, by their file names. They do what den's integration
// does, but for the hooks, and need no den.
func Scripts(a shell.Activation) map[string]string {
	return map[string]string{
		"activate":      bourne.Activate(a),
		"activate.fish": fish.Activate(a),
		"activate.csh":  csh.Activate(a),
	}
}
