package bourne

import (
	"strings"
	"testing"

	"den/shell/shelltest"
)

// One script serves bash and zsh: what den defines in them differs in nothing
// but the name.
func TestTheInitScriptsDifferInTheNameOnly(t *testing.T) {
	for _, text := range []string{"den in bash", "den init bash", "--shell bash"} {
		if strings.Count(bashInit, text) != 1 {
			t.Errorf("the init script of bash has %q %d times", text, strings.Count(bashInit, text))
		}
	}
	if asZsh := strings.ReplaceAll(bashInit, "bash", "zsh"); asZsh != zshInit {
		t.Error("the init scripts of bash and zsh differ in more than the name")
	}
}

// The completion for zsh means nothing to bash, which has to read over it.
func TestVirtualenvwrapperIsReadByBoth(t *testing.T) {
	script := Virtualenvwrapper("/it's/den", []string{"workon"}, "said=bash\n", "said='zsh'; if [[ a == ${(q)x} ]] { said=no }\n")
	body, _, _ := strings.Cut(script, "\nvirtualenvwrapper_initialize\n")
	for _, name := range []string{"bash", "zsh"} {
		out := shelltest.Run(t, name, body+"\necho $said\n")
		if out != name+"\n" {
			t.Errorf("%s read the completion of %q", name, out)
		}
	}
}
