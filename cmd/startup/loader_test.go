package startup

import (
	"testing"

	"den/shell/shells"
)

// The line that setup has written is known again, in every shell and whatever the paths
// are, so that it is there once and can be taken out.
func TestOwnLineIsKnown(t *testing.T) {
	for _, s := range shells.All() {
		f := Loader{Shell: s}
		for _, program := range []string{"den", "~/.local/bin/den", "/opt/den/den", "/a b/it's/den", "~/a b/den"} {
			for _, file := range []string{"~/.local/share/den/init", "/data/den/init", "/it's data/init"} {
				for _, line := range []string{s.InitFileLine(file, program), s.RCLine(program)} {
					if !f.IsOurs(line + SetupMark + "\n") {
						t.Errorf("%s: not known: %s", s.Name, line)
					}
					if !Loads(line) {
						t.Errorf("%s: does not load den: %s", s.Name, line)
					}
				}
			}
			if line := s.RCLine(program) + "; true" + SetupMark; f.IsOurs(line) {
				t.Errorf("%s: known: %s", s.Name, line)
			}
		}
	}
}
