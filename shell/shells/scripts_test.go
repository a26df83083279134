package shells

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/shell"
	"den/shell/shelltest"
)

// sourced tells, for each shell that can source an activate script, which
// script that is and how its commands are spelled.
var sourced = []struct {
	shell, script, source string
}{
	{"sh", "activate", ". %s"},
	{"bash", "activate", ". %s"},
	{"zsh", "activate", ". %s"},
	{"ksh", "activate", ". %s"},
	{"mksh", "activate", ". %s"},
	{"fish", "activate.fish", "source %s"},
	{"tcsh", "activate.csh", "source %s"},
}

// An activate script sourced by hand enters its environment, and deactivate
// puts everything back, whatever the directory and the prompt are called.
func TestScriptsEnterAndLeave(t *testing.T) {
	for _, s := range sourced {
		t.Run(s.shell, func(t *testing.T) {
			for _, name := range shelltest.Hostile {
				if strings.ContainsAny(name, "\n\x01") {
					continue // no environment can be called that
				}
				a := shell.Activation{Path: "/envs/" + name, Prompt: name}
				script := filepath.Join(t.TempDir(), s.script)
				if err := os.WriteFile(script, []byte(ActivateScripts(a)[s.script]), 0o666); err != nil {
					t.Fatal(err)
				}
				code := strings.ReplaceAll(s.source, "%s", script) + "\n/usr/bin/env\necho END\ndeactivate\n/usr/bin/env\n"
				out := shelltest.Run(t, s.shell, code, "PYTHONHOME=/p q")
				inside, after, _ := strings.Cut(out, "END\n")
				got := variables(strings.Split(inside, "\n"))
				for variable, want := range map[string]string{
					shell.VarEnv: a.Path, shell.VarPrompt: name, "PATH": a.Bin() + ":/usr/local/bin:/usr/bin:/bin",
				} {
					if got[variable] != want {
						t.Errorf("%q: %s is %q, want %q", name, variable, got[variable], want)
					}
				}
				if home, set := got[shell.VarHome]; set {
					t.Errorf("%q: PYTHONHOME is %q in the environment", name, home)
				}
				left := variables(strings.Split(after, "\n"))
				if len(left) != 2 || left["PATH"] != "/usr/local/bin:/usr/bin:/bin" || left[shell.VarHome] != "/p q" {
					t.Errorf("%q: left behind: %v", name, left)
				}
			}
		})
	}
}

// Sourcing the script of a second environment leaves the first.
func TestScriptsSwitch(t *testing.T) {
	for _, s := range sourced {
		t.Run(s.shell, func(t *testing.T) {
			var code strings.Builder
			for _, name := range []string{"one", "two"} {
				script := filepath.Join(t.TempDir(), s.script)
				if err := os.WriteFile(script, []byte(ActivateScripts(shell.Activation{Path: "/envs/" + name, Prompt: name})[s.script]), 0o666); err != nil {
					t.Fatal(err)
				}
				code.WriteString(strings.ReplaceAll(s.source, "%s", script) + "\n")
			}
			out := shelltest.Run(t, s.shell, code.String()+"/usr/bin/env\necho END\ndeactivate\n/usr/bin/env\n")
			inside, after, _ := strings.Cut(out, "END\n")
			if got := variables(strings.Split(inside, "\n")); got["PATH"] != "/envs/two/bin:/usr/local/bin:/usr/bin:/bin" {
				t.Errorf("PATH in the second is %q", got["PATH"])
			}
			if got := variables(strings.Split(after, "\n")); len(got) != 1 || got["PATH"] != "/usr/local/bin:/usr/bin:/bin" {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

// The scripts work under the strictest options.
func TestScriptsUnderOptions(t *testing.T) {
	script := filepath.Join(t.TempDir(), "activate")
	if err := os.WriteFile(script, []byte(ActivateScripts(web)["activate"]), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][2]string{
		{"sh", "set -eu"},
		{"bash", "set -eu -o pipefail -o noclobber; IFS=/:"},
		{"bash", "set -eu -o posix"},
		{"ksh", "set -eu -o pipefail -o noclobber; IFS=/:"},
		{"mksh", "set -eu -o pipefail -o noclobber; IFS=/:"},
		{"zsh", "setopt err_exit no_unset sh_word_split ksh_arrays no_clobber warn_create_global"},
	} {
		out := shelltest.Run(t, row[0], row[1]+"\n. "+script+"\ndeactivate\necho done\n")
		if out != "done\n" {
			t.Errorf("%s with %s printed %q", row[0], row[1], out)
		}
	}
}
