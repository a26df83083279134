package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ownText is a den.env with what shells would read something into.
const ownText = `# "it's
DEBUG=1
EMPTY=
ODD="a 'b' \"c\" \\d $HOME $(touch canary) %x ! é"
MY_PATH=/a:/b
LD_PRELOAD=/nowhere
PATH=/nowhere
`

// ownOdd is the value of ODD there.
const ownOdd = `a 'b' "c" \d $HOME $(touch canary) %x ! é`

// giveVariables gives an environment variables.
func (w *world) giveVariables(environment, text string) {
	w.write(filepath.Join(environment, "den.env"), text, 0o600)
}

// hasVariables fails the row unless the snapshot has what ownText says.
func (w *world) hasVariables(label string) {
	w.Helper()
	got := w.snap(label).Env
	for name, want := range map[string]string{"DEBUG": "1", "EMPTY": "", "ODD": ownOdd, "MY_PATH": "/a:/b"} {
		if value, is := got[name]; !is || value != want {
			w.Errorf("%s: %s is %q (%v), want %q", label, name, value, is, want)
		}
	}
	if value, is := got["LD_PRELOAD"]; is {
		w.Errorf("%s: LD_PRELOAD is %q", label, value)
	}
}

// The variables of an environment are there while it is active, and go back to a
// value, to nothing, or to not being there.
func TestOwnVariablesGoBack(t *testing.T) {
	for _, old := range []string{"not set", "", "/old\nit's `here`"} {
		t.Run(old, func(t *testing.T) {
			eachShell(t, func(w *world) {
				web, api := w.lay("web"), w.lay("api")
				w.giveVariables(web, ownText)
				w.giveVariables(api, "DEBUG=2\nOTHER=x\n")
				if old != "not set" {
					for _, name := range []string{"DEBUG", "EMPTY", "ODD"} {
						w.env[name] = old
					}
				}
				r := w.try(
					w.setPrompt(base), w.init(), w.take("before"), "workon web", w.take("inside"), "workon web", w.take("again"), "workon api", w.take("switched"), "deactivate", w.take("after"),
				)
				if r.status != 0 {
					w.Errorf("exit status %d\n%s", r.status, r.stderr)
				}
				w.inside("inside", web)
				w.hasVariables("inside")
				w.same("inside", "again")
				switched := w.snap("switched").Env
				if _, is := switched["MY_PATH"]; is || switched["DEBUG"] != "2" || switched["OTHER"] != "x" {
					w.Errorf("after a switch: %v", switched)
				}
				w.same("before", "after")
			})
		})
	}
}

// One that the person changes, or takes away, meanwhile is theirs.
func TestOwnVariablesChangedMeanwhileStay(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.giveVariables(web, "DEBUG=1\nEMPTY=\nODD=x\n")
		w.env["EMPTY"] = "old"
		w.run(w.take("before"), "workon web", w.export("DEBUG", "mine"), w.unset("EMPTY"), "deactivate", w.take("after"))
		w.sameExcept("before", "after", func(s *snapshot) {
			s.Env["DEBUG"] = "mine"
			delete(s.Env, "EMPTY")
			s.Variables = w.snap("after").Variables
		})
	})
}

// They are set before the hooks of entering. What these make of them goes too, and
// what has become of the file meanwhile does not count.
func TestOwnVariablesAndHooks(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.giveVariables(web, "DEBUG=1\nODD=x\n")
		w.sourced(w.workonHome, "postactivate", lines("/usr/bin/printenv DEBUG >> "+w.out("seen"), w.export("ODD", "hooked")))
		w.run(w.take("before"), "workon web", w.take("inside"), "/bin/rm "+w.quote(filepath.Join(web, "den.env")), "deactivate", w.take("after"))
		if seen := w.read("seen"); seen != "1\n" {
			w.Errorf("the hook sees %q", seen)
		}
		if odd := w.snap("inside").Env["ODD"]; odd != "hooked" {
			w.Errorf("ODD is %q", odd)
		}
		w.sameExcept("before", "after", func(s *snapshot) {
			s.Functions, s.Variables = w.snap("after").Functions, w.snap("after").Variables
		})
	})
}

// A shell inside has them, and gives the old values back.
func TestOwnVariablesInAShellInShell(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.lay("web")
		w.giveVariables(web, "DEBUG=1\nODD=x\n")
		w.env["ODD"] = "/old\nit's `here`"
		w.run(w.take("before"), "workon web", w.take("parent"),
			w.child("child", w.take("child"), "deactivate", w.take("child left")), w.take("parent still"), "deactivate", w.take("after"))
		for label, want := range map[string]string{"parent": "x", "child": "x", "child left": w.env["ODD"], "parent still": "x", "after": w.env["ODD"]} {
			if got := w.snap(label).Env["ODD"]; got != want {
				w.Errorf("%s: ODD is %q, want %q", label, got, want)
			}
		}
		if got, is := w.snap("child left").Env["DEBUG"]; is {
			w.Errorf("in the child that has left, DEBUG is %q", got)
		}
		w.same("before", "after")
	})
}

// The activate scripts set them too, without den.
func TestOwnVariablesByActivateScript(t *testing.T) {
	eachShell(t, func(w *world) {
		web := w.made("web")
		if r := w.execute([]string{filepath.Join(shared.bin, "den"), "vars", "set", "web", "DEBUG=1", "EMPTY=", "ODD=" + ownOdd, "MY_PATH=/a:/b"}); r.status != 0 {
			w.Fatalf("den vars set: exit status %d\n%s", r.status, r.stderr)
		}
		w.env["EMPTY"] = "old"
		w.run(w.take("before"), w.byHand(web), w.take("inside"), "deactivate", w.take("after"))
		w.hasVariables("inside")
		if before, after := w.snap("before").Env, w.snap("after").Env; before["EMPTY"] != after["EMPTY"] || after["ODD"] != "" || after["DEN_VARIABLES"] != "" {
			w.Errorf("after: %v", after)
		}
	})
}

// csh has a script of its own.
func TestOwnVariablesInCsh(t *testing.T) {
	t.Parallel()
	w := newWorld(t, columns[0])
	web := w.made("web")
	if r := w.execute([]string{filepath.Join(shared.bin, "den"), "vars", "set", "web", "DEBUG=1", "EMPTY=", "ODD=" + ownOdd, "MINE=1"}); r.status != 0 {
		t.Fatal(r.stderr)
	}
	script := `setenv DEBUG 'old $x y'
source ` + filepath.Join(web, "bin", "activate.csh") + `
/usr/bin/printenv DEBUG EMPTY ODD MINE
setenv MINE theirs
deactivate
/usr/bin/printenv DEBUG EMPTY ODD MINE`
	c := exec.Command("tcsh", "-f")
	file := filepath.Join(t.TempDir(), "script")
	w.write(file, script+"\n", 0o600)
	c.Args = append(c.Args, file)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, _ := c.CombinedOutput() // printenv fails for what is not there
	if want := "1\n\n" + ownOdd + "\n1\nold $x y\ntheirs\n"; string(out) != want {
		t.Errorf("it prints %q, want %q", out, want)
	}
}
