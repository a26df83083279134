package bourne

import (
	"strings"
	"testing"

	"den/shell"
	"den/shell/shelltest"
)

// The completion for zsh means nothing to bash, which has to read over it.
func TestVirtualenvwrapperIsReadByBoth(t *testing.T) {
	script := wrapperScript(shell.Integration{Program: "/it's/den", Commands: []string{"workon"}}, "said=bash\n", "said='zsh'; if [[ a == ${(q)x} ]] { said=no }\n", "", "")
	body, _, _ := strings.Cut(script, "\nvirtualenvwrapper_initialize\n")
	for _, name := range []string{"bash", "zsh"} {
		out := shelltest.Run(t, name, body+"\necho $said\n")
		if out != name+"\n" {
			t.Errorf("%s read the completion of %q", name, out)
		}
	}
}
