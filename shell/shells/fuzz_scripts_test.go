package shells

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/shell"
	"den/shell/shelltest"
)

// Any text, as the place of an environment and as its prompt, goes through the
// activate scripts into the variables that they export as it is, is gone after
// deactivate, and nothing in it is expanded or executed.

func FuzzActivateSh(f *testing.F)   { fuzzScript(f, "sh") }
func FuzzActivateBash(f *testing.F) { fuzzScript(f, "bash") }
func FuzzActivateZsh(f *testing.F)  { fuzzScript(f, "zsh") }
func FuzzActivateFish(f *testing.F) { fuzzScript(f, "fish") }
func FuzzActivateKsh(f *testing.F)  { fuzzScript(f, "ksh") }
func FuzzActivateMksh(f *testing.F) { fuzzScript(f, "mksh") }
func FuzzActivateCsh(f *testing.F)  { fuzzScript(f, "tcsh") }

func fuzzScript(f *testing.F, shell string) {
	for i, text := range shelltest.Hostile {
		f.Add(text, shelltest.Hostile[len(shelltest.Hostile)-1-i])
	}
	p := startScriptProbe(f, shell)
	f.Fuzz(p.sourced)
}

func TestManyScripts(t *testing.T) {
	for _, s := range sourced {
		t.Run(s.shell, func(t *testing.T) {
			t.Parallel()
			p := startScriptProbe(t, s.shell)
			texts := shelltest.Texts(many(300), 2)
			if s.shell == "tcsh" { // which takes its time
				texts = texts[len(texts)-many(60):]
			}
			for i, text := range texts {
				p.sourced(t, text, texts[len(texts)-1-i])
			}
		})
	}
}

// A scriptProbe has a shell source activate scripts.
type scriptProbe struct {
	*shelltest.Shell
	script, source string
	before         map[string]string // the variables to begin with
}

func startScriptProbe(t testing.TB, shell string) scriptProbe {
	p := scriptProbe{Shell: shelltest.Start(t, shell, "PATH=/usr/bin:/bin")}
	for _, s := range sourced {
		if s.shell == shell {
			p.script = filepath.Join(t.TempDir(), s.script)
			p.source = strings.ReplaceAll(s.source, "%s", p.script) + "\n"
		}
	}
	p.before = exported(p.Eval(t, "/usr/bin/env -0\n"))
	return p
}

// exported reads what env -0 prints, but for what shells keep for themselves.
func exported(entries []string) map[string]string {
	variables := map[string]string{}
	for _, entry := range entries {
		name, value, _ := strings.Cut(entry, "=")
		if name != "_" {
			variables[name] = value
		}
	}
	return variables
}

// sourced sources the script of an environment, and leaves it again.
func (p scriptProbe) sourced(t *testing.T, text, prompt string) {
	if strings.ContainsAny(text, ":\n\x00") || strings.ContainsAny(prompt, "\n\x00") {
		return // no environment can be there, or have such a prompt
	}
	a := shell.Activation{Path: filepath.Clean("/envs/" + text), Prompt: prompt}
	script := ActivateScripts(a)[filepath.Base(p.script)]
	if err := os.WriteFile(p.script, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	got := p.Eval(t, p.source+"/usr/bin/env -0\n/usr/bin/printf 'left\\0'\ndeactivate\n/usr/bin/env -0\n")
	inside, after := got, []string(nil)
	for i, entry := range got {
		if entry == "left" {
			inside, after = got[:i], got[i+1:]
		}
	}
	want := maps.Clone(p.before)
	maps.Copy(want, map[string]string{shell.VarEnv: a.Path, shell.VarPrompt: prompt, "PATH": a.Bin() + ":/usr/bin:/bin"})
	if !strings.HasSuffix(p.script, ".csh") {
		maps.Copy(want, map[string]string{shell.VarActive: a.Path, shell.VarActivePrompt: a.Prefix()})
	}
	if got := exported(inside); !maps.Equal(got, want) {
		t.Errorf("%q, %q: entered\n%q, want\n%q\nscript:\n%s", text, prompt, got, want, script)
	}
	if got := exported(after); !maps.Equal(got, p.before) {
		t.Errorf("%q, %q: left\n%q, want\n%q", text, prompt, got, p.before)
	}
}
