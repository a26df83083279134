package xonsh

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"den/shell"
	"den/shell/shelltest"
)

// run has the real xonsh run a script, after what takes plans.
func run(t *testing.T, script string) string {
	t.Helper()
	program := shelltest.Program(t, "xonsh")
	dir := t.TempDir()
	file := filepath.Join(dir, "script.xsh")
	if err := os.WriteFile(file, []byte(planScript+"\n"+script), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "--no-rc", file)
	c.Dir = dir
	c.Env = []string{"HOME=" + dir, "PATH=/nowhere", "TMPDIR=" + dir, "LANG=C.UTF-8"}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	return string(out)
}

// Thousands of texts, as the value of what a plan can hold, come through a plan as
// themselves, bytes that are not UTF-8 too; nothing in them is run.
func TestManyTexts(t *testing.T) {
	var texts []string
	for _, text := range append(append([]string{}, shelltest.Hostile...), shelltest.Texts(3000, 1)...) {
		if !strings.Contains(text, "\x00") {
			texts = append(texts, text)
		}
	}
	var plans strings.Builder
	for _, text := range texts {
		dir := "/envs/" + strings.ReplaceAll(text, ":", "")
		plans.WriteString(Dialect{}.Render(shell.Plan{
			shell.Set{Name: "DEN_TEST", Value: "old"}, shell.Save{Name: "DEN_TEST", Exported: true}, shell.Set{Name: "DEN_TEST", Value: text},
			shell.If{Name: "DEN_TEST", Value: text, Then: shell.Plan{shell.Remember{Name: text}}},
			shell.If{Name: "DEN_TEST", Value: text + "x", Then: shell.Plan{shell.Remember{Name: "wrong"}}},
			shell.PathPrepend{Dir: dir}, shell.PathPrepend{Dir: "/mine"}, shell.PathRemove{Dir: dir}, shell.PathRemove{Dir: "/mine"},
			shell.Set{Name: "DEN_NOW", Value: text},
			shell.Restore{Name: "DEN_TEST", Ours: &text, Exported: true},
		}) + "\n")
	}
	file := filepath.Join(t.TempDir(), "plans")
	if err := os.WriteFile(file, []byte(plans.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	out := run(t, `
import ast, json
den, taken = DenShell(), []
hex = lambda text: text.encode("utf-8", "surrogateescape").hex()
for plan in open(`+Dialect{}.Quote(file)+`).read().splitlines():
    den.take(ast.literal_eval(plan))
    taken.append({"now": hex($DEN_NOW), "last": hex(den.notes["last"]), "test": $DEN_TEST, "path": den.get("PATH")})
print(json.dumps(taken))
`)
	var got []struct{ Now, Last, Test, Path string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	if len(got) != len(texts) || len(got) < 1000 {
		t.Fatalf("%d plans taken of %d", len(got), len(texts))
	}
	for i, g := range got {
		want := hexadecimal(texts[i])
		if g.Now != want || g.Last != want || g.Test != "old" || g.Path != "/nowhere" {
			t.Errorf("%q: %+v", texts[i], g)
		}
	}
}

func hexadecimal(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

// A directory on PATH is itself, whatever xonsh would make of it.
func TestPathIsNotExpanded(t *testing.T) {
	for _, dir := range []string{"/envs/$HOME/bin", "~/bin", "/a/${HOME}", "/a b/*"} {
		plan := Dialect{}.Render(shell.Plan{shell.PathPrepend{Dir: dir}})
		got := run(t, "den = DenShell()\nden.take("+plan+")\nprint(den.get('PATH'))\n")
		if got != dir+":/nowhere\n" {
			t.Errorf("%q became %q", dir, got)
		}
	}
}

// A plan of a later den, which this shell does not know all of, changes nothing.
func TestUnknownStepChangesNothing(t *testing.T) {
	got := run(t, "den = DenShell()\nprint(den.take([('set', 'DEN_TEST', 'x'), ('fly',)]), 'DEN_TEST' in ${...})\n")
	if !strings.Contains(got, "den: error: this shell does not know the step fly: exec xonsh") || !strings.HasSuffix(got, "1 False\n") {
		t.Errorf("%q", got)
	}
}
