package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// An editor that was started in an environment activates it once more in each of its
// terminals. VS Code puts VIRTUAL_ENV and PATH into the terminal's variables, and sources
// or types the activate script: before den is loaded, or after. The shell is inside once,
// and one deactivate leaves.
func TestEditorActivatesAgain(t *testing.T) {
	for _, row := range []struct {
		name          string
		before, after bool
	}{{"variables alone", false, false}, {"before den is loaded", true, false}, {"after den is loaded", false, true}, {"both", true, true}} {
		t.Run(row.name, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.made("web")
				bin := filepath.Join(web, "bin")
				hand := func(activates bool) string {
					if activates {
						return w.byHand(web)
					}
					return w.export("TERM_PROGRAM", "vscode")
				}
				child := w.child("child", hand(row.after), w.take("child"), "deactivate", w.take("left"))
				file := filepath.Join(w.dir, "files", "child")
				w.write(file, w.own(lines(w.setPrompt(base), hand(row.before)))+w.read("child"), 0o644)
				w.run("workon web", w.prependPath(bin), w.export("VIRTUAL_ENV", web), child)
				w.inside("child", web)
				w.outside("left")
				if entries := strings.Split(w.snap("left").Env["PATH"], ":"); slices.Contains(entries, bin) {
					w.Errorf("PATH still has it: %q", entries)
				}
			})
		})
	}
}
