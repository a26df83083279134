package elvish

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/shell"
	"den/shell/shelltest"
)

// start starts an elvish that has the steps of a plan.
func start(t *testing.T, environ ...string) *shelltest.Shell {
	return shelltest.Start(t, "elvish", append([]string{"PATH=/nowhere"}, environ...)...)
}

// withSteps is code that has the functions a plan calls, but for those that call den.
func withSteps(code string) string {
	i := shell.Integration{Program: "/bin/echo", Words: []shell.Word{{Name: "deactivate", Command: "deactivate", ActsOnShell: true, WhileActive: true}}}
	return Dialect{}.Init(i, nil) + "fn out {|@texts| for text $texts { print $text\"\\x00\" } }\n" + code
}

// Thousands of texts, as the value of what a plan can hold, come through a plan as
// themselves, in a locale that knows characters and in one that does not; nothing in
// them is run.
func TestManyTexts(t *testing.T) {
	for _, locale := range []string{"C.UTF-8", "C"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			s := start(t, "LC_ALL="+locale)
			texts := append(slices.Clone(shelltest.Hostile), shelltest.Texts(1500, 1)...)
			const together = 25 // in one piece of code, for the steps are read anew each time
			for i := 0; i < len(texts); i += together {
				planned(t, s, texts[i:min(i+together, len(texts))])
			}
		})
	}
}

// planned has the shell take a plan for each text.
func planned(t *testing.T, s *shelltest.Shell, texts []string) {
	var code strings.Builder
	var want []string
	for _, text := range texts {
		if strings.Contains(text, "\x00") {
			continue
		}
		dir := "/envs/" + strings.ReplaceAll(text, ":", "")
		code.WriteString(Dialect{}.Render(shell.Plan{
			shell.Set{Name: "DEN_TEST", Value: "old"}, shell.Save{Name: "DEN_TEST", Exported: true}, shell.Set{Name: "DEN_TEST", Value: text},
			shell.If{Name: "DEN_TEST", Value: text, Then: shell.Plan{shell.Remember{Name: text}}},
			shell.If{Name: "DEN_TEST", Value: text + "x", Then: shell.Plan{shell.Remember{Name: "wrong"}}},
			shell.PathPrepend{Dir: dir}, shell.PathPrepend{Dir: "/mine"}, shell.Carry{Code: text}, shell.Within{What: text},
		}))
		code.WriteString("out $last $carried $within $E:DEN_TEST $E:PATH\n")
		want = append(want, text, text, text, text, "/mine:"+dir+":/nowhere")
		code.WriteString(Dialect{}.Render(shell.Plan{
			shell.PathRemove{Dir: dir}, shell.PathRemove{Dir: "/mine"}, shell.Restore{Name: "DEN_TEST", Ours: &text, Exported: true},
			shell.Run{Dir: "/", Argv: []string{"/usr/bin/printf", `%s\0`, text}},
		}))
		code.WriteString("out $E:DEN_TEST $E:PATH\n")
		want = append(want, text, "old", "/nowhere")
	}
	if got := s.Eval(t, withSteps(code.String())); !slices.Equal(got, want) {
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("%q came back as %q", want[i], got[i])
			}
		}
		t.Fatalf("%d texts, want %d", len(got), len(want))
	}
}

// A plan does to elvish's variables what it does to a list of them.
func TestElvishDoesWhatThePlanSays(t *testing.T) {
	web := shell.Activation{Path: "/envs/web", Prompt: "web", Variables: []shell.Set{{Name: "MINE", Value: "a ' b"}}}
	before := []string{"PATH=/usr/bin::/bin:/envs/web/bin", "PYTHONHOME=", "VIRTUAL_ENV=/old"}
	enter := slices.Clip(web.Enter(shelltest.LookupIn(before)))
	for name, plan := range map[string]shell.Plan{
		"enter":            enter,
		"enter and leave":  append(enter, web.Leave(shelltest.LookupIn(enter.Environ(before)))...),
		"resume":           append(enter, web.Resume(shelltest.LookupIn(enter.Environ(before)))...),
		"leave only":       web.Leave(shelltest.LookupIn(before)),
		"remove not there": {shell.PathRemove{Dir: "/not/there"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := start(t, before...).Eval(t, withSteps(Dialect{}.Render(plan)+"/usr/bin/env -0\n"))
			want := plan.Environ(before)
			got = slices.DeleteFunc(got, func(entry string) bool {
				name, _, _ := strings.Cut(entry, "=")
				return !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(w, name+"=") }) && !strings.HasPrefix(name, "DEN_") && !strings.HasPrefix(name, "VIRTUAL_") && name != "MINE"
			})
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("elvish has\n%q, want\n%q", got, want)
			}
		})
	}
}

// An activate script that is evaluated by hand enters and leaves, whatever the
// environment is called.
func TestActivateScript(t *testing.T) {
	s := start(t)
	for _, text := range shelltest.Hostile {
		if strings.ContainsAny(text, ":\n\x01") {
			continue // no environment is called so
		}
		a := shell.Activation{Path: filepath.Clean("/envs/" + text), Prompt: text}
		code := Activate(a) + "for name [VIRTUAL_ENV VIRTUAL_ENV_PROMPT PATH] { print (get-env $name)\"\\x00\" }\nleave\nprint $E:VIRTUAL_ENV$E:DEN_ACTIVE\" \"$E:PATH\"\\x00\"\n"
		want := []string{a.Path, text, a.Bin() + ":/nowhere", " /nowhere"}
		if got := s.Eval(t, code); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// The parser that is asked about start-up files takes what is only known at a
// terminal, and notices what is no code. It runs nothing.
func TestParse(t *testing.T) {
	for code, taken := range map[string]bool{
		"set edit:prompt = { print x }\n":        true,
		"e:touch pwned\n":                        true,
		"echo )\n":                               false,
		"fn f {\n":                               false,
		"set edit:prompt = 'not closed\n":        false,
		"# }\nvar x = [\n1 2\n]\n":               true,
		Dialect{}.InitFileLine("~/a b", "~/den"): true,
		Dialect{}.RCLine("/it's/den"):            true,
	} {
		dir := t.TempDir()
		c := command(t, Shell().Trial.Parse...)
		c.Dir, c.Stdin = dir, strings.NewReader(code)
		if err := c.Run(); (err == nil) != taken {
			t.Errorf("%q: %v", code, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%q was run", code)
		}
	}
}

// command is elvish with the arguments.
func command(t *testing.T, args ...string) *exec.Cmd {
	return exec.Command(shelltest.Program(t, "elvish"), args...)
}
