package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canary has all that den may source of an environment at path, and more, make a file,
// and returns the path of that.
func (w *world) canary(path string) string {
	file := filepath.Join(w.dir, "canary")
	for _, name := range []string{"activate", "activate.fish", "postactivate", "postactivate.fish", "preactivate", "predeactivate", "predeactivate.fish", "postdeactivate", "postdeactivate.fish"} {
		w.write(filepath.Join(path, "bin", name), "#!/bin/sh\ntouch "+w.quote(file)+"\n", 0o755)
	}
	w.write(filepath.Join(path, "den.env"), "EVIL=1\n", 0o600)
	return file
}

// An environment that a directory brings is entered when the person has allowed it, and
// nothing of it is run or read as code even then.
func TestAutoOfAStrangersEnvironment(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		project := w.mkdir("home/git/x")
		theirs := w.layAt(filepath.Join(project, ".venv"))
		canary := w.canary(theirs)
		term := w.openKept()
		term.enter(w.take("before"))
		term.goes("cd git/x", base)
		term.goes("cd ..", base)
		term.goes("cd x", base)
		w.outside("before")
		term.goes("den allow", "(x) base> ")
		term.look("inside")
		w.insideAs("inside", theirs, "x", base)
		term.goes("cd ~", base)
		term.look("after")
		w.same("before", "after")
		term.goes("cd git/x", "(x) base> ")
		term.goes("deactivate", base)
		term.goes("cd ~", base)

		// What it is has changed: it is asked for anew.
		w.write(filepath.Join(theirs, "pyvenv.cfg"), w.text(filepath.Join(theirs, "pyvenv.cfg"))+"x = y\n", 0o644)
		term.goes("cd git/x", base)
		term.goes("cd ~", base)
		term.goes("cd git/x", base)
		if n := strings.Count(term.text(), "which is not entered"); n != 2 {
			w.Errorf("the person was asked %d times", n)
		}
		term.goes("den deny", base)
		term.goes("cd ~", base)
		if _, set := w.snap("inside").Env["EVIL"]; set {
			w.Errorf("the environment's own variables are set")
		}
		if w.exists(canary) {
			w.Errorf("something of the project was run")
		}
	})
}

// A pin is a name or a path. One that appears, changes, moves or vanishes is noticed at
// the next prompt.
func TestAutoOfPins(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		w.lay("web")
		w.lay("api")
		w.mkdir("home/src/pin/sub")
		elsewhere := w.layAt(filepath.Join(w.home, "src", "elsewhere", "venv"))
		term := w.openKept()
		term.goes("cd src/pin", base)
		term.goes("den pin web", "(web) base> ")
		term.goes("cd sub", "(web) base> ")
		term.goes("den pin api", "(api) base> ")
		term.goes("command mv .venv other", "(web) base> ")
		term.goes("command mv other .venv", "(api) base> ")
		term.goes("command rm .venv", "(web) base> ")
		term.goes("cd ..", "(web) base> ")
		term.goes("echo api > .venv", base)
		term.goes("echo web > .venv", "(web) base> ")
		term.goes("command mv .venv other", base)
		term.goes("command mv other .venv", "(web) base> ")
		term.goes("echo ../elsewhere/venv > .venv", base)
		term.goes("den allow", "(elsewhere) base> ")
		term.look("path")
		w.insideAs("path", elsewhere, "elsewhere", base)
		term.enter("command chmod go+w ../elsewhere/venv", "cd ~")
		term.goes("cd src/pin", base) // others could change it
		term.goes("command rm .venv", base)

		// What is noted of a pin is not taken for a directory.
		term.goes("cd sub", base)
		term.goes("den pin web", "(web) base> ")
		term.goes("cd ..", base)
		term.goes("printf sub > .venv", base)
		term.goes("cd sub", "(web) base> ")

		switch w.name() {
		case "bash", "zsh", "fish": // where a pattern does for a name of two lines
			w.write(filepath.Join(w.mkdir("home/src/two\nlines"), ".venv"), "web\n", 0o644)
			term.goes("cd ~/src/two*lines", base)
			term.goes("den allow", "(web) base> ")
			term.goes("cd ~", base)
			term.goes("cd src/two*lines", "(web) base> ")
			term.goes("cd ~", base)
		}

		// A directory that is gone, with what it asked for, asks for nothing.
		gone := w.mkdir("home/src/gone")
		term.goes("cd "+w.quote(gone), base)
		term.goes("den pin web", "(web) base> ")
		term.deletes("command rm -r "+w.quote(gone), base)
		term.goes("cd ~", base)
	})
}

// Where den can keep no notes, the person learns that once, and a pin leads to its
// environment all the same.
func TestAutoWithoutNotes(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		w.lay("web")
		w.write(filepath.Join(w.mkdir("home/src/pin"), ".venv"), "web\n", 0o644)
		os.RemoveAll(filepath.Join(w.workonHome, ".den"))
		w.write(filepath.Join(w.workonHome, ".den"), "", 0o644)
		term := w.openKept()
		term.enter("den allow ~/src/pin")
		said := strings.Count(term.text(), "den: warning")
		for range 2 {
			term.goes("cd src/pin", "(web) base> ")
			term.goes("cd ~", base)
		}
		if again := strings.Count(term.text(), "den: warning") - said; again != 0 {
			w.Errorf("den has said so %d times more", again)
		}
	})
}

// What a pin says is a text.
func TestAutoOfAHostilePin(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		w.lay("web")
		project := w.mkdir("home/git/x")
		term := w.openKept()
		for _, pin := range []string{"$(touch pwned)", "`touch pwned`;touch pwned", "'; touch pwned; '", "\x1b]0;x\x07", "../../../../../etc", "*", "\n\n", strings.Repeat("x", 100_000), "\x00\x00", "%n$(touch pwned)"} {
			w.write(filepath.Join(project, ".venv"), pin, 0o644)
			term.goes("cd "+w.quote(project), base)
			term.goes("den allow", base)
			term.goes("cd ~", base)
		}
		os.Remove(filepath.Join(project, ".venv"))
		odd := filepath.Join(w.home, "git", "\x1b]0;$(touch pwned)\x07")
		w.layAt(filepath.Join(odd, ".venv"))
		w.symlink(odd, filepath.Join(w.home, "git", "odd"))
		term.goes("cd git/odd", base)
		term.goes("den allow", "(odd) base> ")
		term.goes("cd ~", base)
		w.write(filepath.Join(project, ".venv"), odd+"/.venv\n", 0o644)
		term.goes("cd git/x", base)
		term.goes("den allow", "(venv) base> ")
		term.goes("cd ~", base)
		os.Remove(filepath.Join(project, ".venv"))
		term.enter("command mkfifo git/x/.venv")
		term.goes("cd git/x", base)
		term.goes("cd ~", base)
		os.Remove(filepath.Join(project, ".venv"))
		w.symlink("/proc/self/mem", filepath.Join(project, ".venv"))
		term.goes("cd git/x", base)
		if strings.Contains(term.text(), "read error") {
			w.Errorf("the shell has read a file of /proc")
		}
		if w.exists(filepath.Join(project, "pwned")) || w.exists(filepath.Join(w.home, "pwned")) {
			w.Errorf("a pin was executed")
		}
	})
}

// The variables beside a pin are allowed with it, are texts, and are undone exactly. Those
// by which the shell or den would be led elsewhere are not set.
func TestAutoOfAProjectsVariables(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		web := w.lay("web")
		w.write(filepath.Join(web, "den.env"), "OWN=den.env\nSHARED=den.env\n", 0o600)
		project := w.mkdir("home/src/web")
		file := filepath.Join(project, ".env")
		w.write(file, "SHARED=project\nODD='$(touch pwned) `touch pwned` it is; '\nMINE=theirs\nPATH=/evil\nLD_PRELOAD=/evil\nXDG_STATE_HOME=/evil\nDEN_AUTO=off\n", 0o644)
		w.env["MINE"] = "mine"
		term := w.openKept()
		term.look("before")
		term.goes("cd src/web", base)
		term.goes("den pin web", "(web) base> ")
		term.look("inside")
		term.goes("cd ~", base)
		term.look("after")
		w.same("before", "after")
		for name, want := range map[string]string{"OWN": "den.env", "SHARED": "project", "ODD": "$(touch pwned) `touch pwned` it is; ", "MINE": "theirs"} {
			if got := w.snap("inside").Env[name]; got != want {
				w.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		for _, name := range []string{"LD_PRELOAD", "XDG_STATE_HOME", "DEN_AUTO"} {
			if got, set := w.snap("inside").Env[name]; set && got != w.env[name] {
				w.Errorf("%s is set to %q", name, got)
			}
		}
		if w.exists(filepath.Join(project, "pwned")) || w.exists(filepath.Join(w.home, "pwned")) {
			w.Errorf("a variable was executed")
		}

		// Another text is not what was allowed; a link of one's own stays.
		w.write(file, "SHARED=changed\n", 0o644)
		term.goes("cd src/web", base)
		term.goes("command den project set web .", "(web) base> ")
		term.look("linked")
		if got := w.snap("linked").Env["SHARED"]; got != "den.env" {
			w.Errorf("SHARED is %q without permission", got)
		}
		term.goes("cd ~", base)
		term.goes("den allow src/web", base)
		term.goes("cd src/web", "(web) base> ")
		term.look("allowed")
		if got := w.snap("allowed").Env["SHARED"]; got != "changed" {
			w.Errorf("SHARED is %q with permission", got)
		}
	})
}

// One's own link goes before what the directory says, and needs no permission.
func TestAutoOfALinkBesideAPin(t *testing.T) {
	eachAutoShell(t, "on", func(w *world) {
		project := w.link(w.lay("web"), "home/src/web")
		w.lay("api")
		w.write(filepath.Join(project, ".venv"), "api\n", 0o644)
		w.write(filepath.Join(w.mkdir("home/src/web/sub"), ".venv"), "api\n", 0o644)
		term := w.openKept()
		term.goes("cd src/web", "(web) base> ")
		term.goes("cd sub", "(web) base> ") // which is not allowed
		term.goes("den allow", "(api) base> ")
		term.goes("cd ..", "(web) base> ")
	})
}
