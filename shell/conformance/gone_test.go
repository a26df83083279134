package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A shell says once, at a prompt, that its environment has been removed elsewhere, and
// again if that happens again; it starts no process for that. Renamed in this shell, the
// environment is not gone.
func TestGoneElsewhere(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		const text = "the active environment is not there any more"
		term := w.open()
		term.look("before")
		term.enter("workon web")
		for n := 1; n <= 2; n++ {
			if err := os.Rename(web, web+".elsewhere"); err != nil {
				t.Fatal(err)
			}
			term.enter("printf '%s\\n' one", "printf '%s\\n' two")
			if got := term.times(text); got != n {
				t.Errorf("it is said %d times, want %d:\n%s", got, n, term.text())
			}
			if err := os.Rename(web+".elsewhere", web); err != nil {
				t.Fatal(err)
			}
			term.enter("printf '%s\\n' three")
		}
		term.enter("mvvenv web other", "deactivate")
		term.look("after")
		w.same("before", "after")
		if got := term.times(text); got != 2 {
			t.Errorf("it is said %d times in the end:\n%s", got, term.text())
		}
	})
}

// A hook that cannot be used is told of once in a shell, and again when it has changed.
func TestUnusedHookIsToldOnce(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(web, "bin/preactivate"), "#!/bin/sh\r\necho hello\r\n", 0o755)
		w.run(
			"workon web 2> "+w.out("first"), "deactivate",
			"workon web 2> "+w.out("second"), "deactivate",
		)
		if first := w.read("first"); !strings.Contains(first, "is not used") {
			t.Errorf("at first it says %q", first)
		}
		if second := w.read("second"); strings.Contains(second, "is not used") {
			t.Errorf("again it says %q", second)
		}
	})
}
