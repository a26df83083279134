package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// What comes back to the shell does not come through stdout: that is the
// person's to send where they like.
func TestStdoutIsThePersons(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.run("workon web > "+w.out("printed"), w.take("inside"))
		if got := w.read("printed"); got != "" {
			w.Errorf("workon printed %q", got)
		}
		w.inside("inside", web)
	})
}

func TestStdoutOfMaking(t *testing.T) {
	eachShell(t, func(w *world) {
		w.run("mkvenv web --without-pip > "+w.out("printed"), w.take("inside"))
		w.inside("inside", filepath.Join(w.workonHome, "web"))
		if got := w.read("printed"); strings.Contains(got, "VIRTUAL_ENV") || strings.Contains(got, "PATH") {
			w.Errorf("mkvenv printed\n%s", got)
		}
	})
}

// Hooks print; what they print is stdout's and stderr's, and no code.
func TestHooksPrintWhereThePersonLooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(w.workonHome, "preactivate"), "#!/bin/sh\necho VIRTUAL_ENV=/evil; echo to stderr >&2\n", 0o755)
		w.sourced(w.workonHome, "postactivate", lines("builtin printf 'sourced\\n'", "builtin printf 'to stderr too\\n' >&2"))
		w.run("workon web > "+w.out("printed")+" 2> "+w.out("said"), w.take("inside"))
		w.inside("inside", web)
		if got, want := w.read("printed"), "VIRTUAL_ENV=/evil\nsourced\n"; got != want {
			w.Errorf("stdout is %q, want %q", got, want)
		}
		if got, want := w.read("said"), "to stderr\nto stderr too\n"; got != want {
			w.Errorf("stderr is %q, want %q", got, want)
		}
	})
}

// Hooks may ask a question: stdin is theirs.
func TestStdinReachesHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(w.workonHome, "preactivate"), "#!/bin/sh\nread -r answer; echo \"run: $answer\"\n", 0o755)
		w.sourced(w.workonHome, "postactivate", lines("builtin read answer", `builtin printf 'sourced: %s\n' "$answer"`))
		w.write(w.file("answers"), "yes\nno\n", 0o644)
		stdout := w.run("workon web < "+w.out("answers"), w.take("inside"))
		w.inside("inside", web)
		if want := "run: yes\nsourced: no\n"; stdout != want {
			w.Errorf("the hooks say %q, want %q", stdout, want)
		}
	})
}

// Nor does den read what is meant for somebody else.
func TestStdinIsNotEaten(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		w.write(w.file("input"), "web\nweb\nweb\n", 0o644)
		stdout := w.run(w.eachLine(w.file("input"), lines("workon \"$line\"", "deactivate", "builtin printf 'round\\n'")))
		if want := "round\nround\nround\n"; stdout != want {
			w.Errorf("%q, want %q", stdout, want)
		}
	})
}

// The descriptor that den uses is the person's as well.
func TestOtherDescriptorsAreLeftAlone(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(w.workonHome, "preactivate"), "#!/bin/sh\necho run >&4\n", 0o755)
		w.sourced(w.workonHome, "postactivate", "builtin printf 'sourced\\n' >&3")
		w.run(
			w.group(lines("workon web", w.take("inside"), "builtin printf 'three\\n' >&3", "builtin printf 'four\\n' >&4", "deactivate", "builtin printf 'three again\\n' >&3"),
				"3> "+w.out("three")+" 4> "+w.out("four")),
		)
		w.inside("inside", web)
		if got, want := w.read("three"), "sourced\nthree\nthree again\n"; got != want {
			w.Errorf("descriptor 3 got %q, want %q", got, want)
		}
		if got, want := w.read("four"), "run\nfour\n"; got != want {
			w.Errorf("descriptor 4 got %q, want %q", got, want)
		}
	})
}

// Nobody listens: that is no reason to fail.
func TestClosedStreams(t *testing.T) {
	for _, closed := range []string{"<&-", ">&-", "2>&-"} {
		t.Run(closed, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web := w.lay("web")
				w.run(w.take("before"), "workon web "+closed, w.take("inside"), "deactivate "+closed, w.take("after"))
				w.inside("inside", web)
				w.same("before", "after")
			})
		})
	}
}

// In a pipeline workon may be in a subshell or not, as the shell has it; it
// must neither hang nor write anything into the pipe.
func TestInAPipeline(t *testing.T) {
	eachShell(t, func(w *world) {
		w.lay("web")
		if stdout := w.run("workon web | /bin/cat", "builtin printf 'x' | workon web"); stdout != "" {
			w.Errorf("workon web printed %q", stdout)
		}
	})
}

// A disk without room for the shell's own temporary files, or none that may
// be written, does not stop den: it needs none.
func TestNoTemporaryDirectory(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.env["TMPDIR"] = filepath.Join(w.dir, "nowhere")
		w.run(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
		w.inside("inside", web)
		w.same("before", "after")
	})
}
