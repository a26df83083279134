package shell

import (
	"slices"
	"strings"
)

// Fill puts the Plans that enter and leave the environment, as render says them,
// in their places in the text of an activate script.
func (a Activation) Fill(script string, render func(Plan) string) string {
	// What is exported cannot be known here; what is saved most often is.
	exported := func(string) (string, bool) { return "", true }
	enter := slices.DeleteFunc(a.Enter(exported), func(s Step) bool { return s == DefineDeactivate{} })
	return strings.NewReplacer(
		"    # leave\n", indent(render(a.Leave(exported))),
		"# enter\n", render(enter),
	).Replace(script)
}

func indent(code string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(code, "\n"), "\n", "\n    ") + "\n"
}
