package fish

import (
	_ "embed"

	"den/shell"
)

//go:embed activate.fish
var activate string

// Activate returns the script bin/activate.fish.
func Activate(a shell.Activation) string {
	return a.Fill(activate, Dialect{}.Quote(a.Path), Dialect{}.Render)
}
