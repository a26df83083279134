package nushell

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"den/shell"
	"den/shell/shelltest"
)

// run has the real nushell run a script, after what takes plans.
func run(t *testing.T, script string) string {
	t.Helper()
	program := shelltest.Program(t, "nu")
	dir := t.TempDir()
	file := filepath.Join(dir, "script.nu")
	if err := os.WriteFile(file, []byte(planScript+script), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "--no-config-file", file)
	c.Dir = dir
	c.Env = []string{"HOME=" + dir, "PATH=/nowhere", "TMPDIR=" + dir}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// Thousands of texts, as the value of what a plan can hold, come through a plan as
// themselves, in a list that one nushell takes; nothing in them is run.
func TestManyTexts(t *testing.T) {
	texts := append([]string{}, shelltest.Hostile...)
	for _, text := range shelltest.Texts(3000, 1) {
		if utf8.ValidString(text) && !strings.Contains(text, "\x00") {
			texts = append(texts, text)
		}
	}
	var plans, want []string
	for _, text := range texts {
		if !utf8.ValidString(text) {
			continue
		}
		dir := "/envs/" + strings.ReplaceAll(text, ":", "")
		plan := shell.Plan{
			shell.Set{Name: "DEN_TEST", Value: "old"}, shell.Save{Name: "DEN_TEST", Exported: true}, shell.Set{Name: "DEN_TEST", Value: text},
			shell.If{Name: "DEN_TEST", Value: text, Then: shell.Plan{shell.Remember{Name: text}}},
			shell.If{Name: "DEN_TEST", Value: text + "x", Then: shell.Plan{shell.Remember{Name: "wrong"}}},
			shell.PathPrepend{Dir: dir}, shell.PathPrepend{Dir: "/mine"}, shell.PathRemove{Dir: dir}, shell.PathRemove{Dir: "/mine"},
			shell.Set{Name: "DEN_NOW", Value: text},
			shell.Restore{Name: "DEN_TEST", Ours: &text, Exported: true},
		}
		plans = append(plans, Dialect{}.Render(plan))
		want = append(want, text)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "plans")
	if err := os.WriteFile(file, []byte(strings.Join(plans, "\x00")), 0o666); err != nil {
		t.Fatal(err)
	}
	script := `
mut taken = []
for plan in (open --raw ` + Dialect{}.Quote(file) + ` | split row (char nul)) {
    take-plan ($plan | from nuon)
    $taken = [...$taken {now: $env.DEN_NOW, last: (note last), test: $env.DEN_TEST, path: ($env.PATH | str join ":")}]
}
print ($taken | to json --raw)
`
	var got []struct{ Now, Last, Test, Path string }
	out := run(t, script)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	if len(got) != len(want) || len(got) < 1000 {
		t.Fatalf("%d plans taken of %d", len(got), len(want))
	}
	for i, g := range got {
		if g.Now != want[i] || g.Last != want[i] || g.Test != "old" || g.Path != "/nowhere" {
			t.Errorf("%q: %+v", want[i], g)
		}
	}
}

// Code has each text too, in the line for a start-up file and in the module.
func TestQuoteIsReadBack(t *testing.T) {
	var code strings.Builder
	var want []string
	for _, text := range shelltest.Hostile {
		if utf8.ValidString(text) {
			code.WriteString("print --no-newline " + Dialect{}.Quote(text) + " (char nul)\n")
			want = append(want, text)
		}
	}
	if got := run(t, code.String()); got != strings.Join(want, "\x00")+"\x00" {
		t.Errorf("%q came back as %q", want, got)
	}
}

// A module that is kept for years asks den when it is loaded; one that den keeps up
// to date asks only where there is something to do.
func TestModules(t *testing.T) {
	i := shell.Integration{Program: "/opt/it's/den", Words: []shell.Word{{Name: "mkit", Command: "make it", ActsOnShell: true}}, Commands: []string{"mk", "rm"}}
	for name, code := range map[string]string{
		"init": Dialect{}.Init(i, nil) + "\n" + script(i),
		"kept": Dialect{}.InitFile(i, shell.InitFile{Path: "/f", Config: "/c", Home: "/h", Before: script(i) + "\n"}),
	} {
		for _, want := range []string{`^"/opt/it's/den" --shell nushell --loaded `, "[mk rm]", "export alias mkit = den make it", "take-plan (ask resume)"} {
			if !strings.Contains(code, want) {
				t.Errorf("%s: %q is not in it", name, want)
			}
		}
		file := filepath.Join(t.TempDir(), name+".nu")
		if err := os.WriteFile(file, []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := run(t, "print (nu-check --as-module "+Dialect{}.Quote(file)+")\n"); got != "true\n" {
			t.Errorf("%s: nushell does not take the module: %s", name, got)
		}
	}
}

func TestChannelTakesTextAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan")
	t.Setenv(planVariable, file)
	channel := &shell.File{Variable: planVariable}
	channel.Reserve()
	if os.Getenv(planVariable) != "" {
		t.Error("programs are told of the file")
	}
	if err := channel.Send("[{do: cd, dir: \"\xff\"}]"); err == nil {
		t.Error("what is not UTF-8 is sent")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("and the file is there")
	}
	if err := channel.Send("[]\n"); err != nil {
		t.Fatal(err)
	}
	if err := channel.Send("[]\n"); err == nil {
		t.Error("a file that is there is written to")
	}
}
