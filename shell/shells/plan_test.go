package shells

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/shell"
	"den/shell/shelltest"
)

var web = shell.Activation{Path: "/envs/web", Prompt: "web"}

// What a Plan does to a list of variables is what the shells do when they
// evaluate the code for it.
func TestShellsDoWhatThePlanSays(t *testing.T) {
	before := []string{"PATH=/usr/bin:/bin:/envs/web/bin", "PYTHONHOME=", "VIRTUAL_ENV=/old"}
	enter := slices.Clip(web.Enter(shelltest.LookupIn(before)))
	for name, plan := range map[string]shell.Plan{
		"enter":            enter,
		"enter and leave":  append(enter, web.Leave(shelltest.LookupIn(enter.Environ(before)))...),
		"resume":           append(enter, web.Resume(shelltest.LookupIn(enter.Environ(before)))...),
		"leave only":       web.Leave(shelltest.LookupIn(before)),
		"remove not there": {shell.PathRemove{Dir: "/not/there"}},
	} {
		want := variables(plan.Environ(before))
		for _, d := range shOrFish() {
			t.Run(name+" in "+d.Name, func(t *testing.T) {
				code := "f() {\n" + d.Render(plan) + "}\nf\n"
				if d.Name == "fish" {
					code = "function f\n" + d.Render(plan) + "end\nf\n"
				}
				got := variables(strings.Split(shelltest.Run(t, d.Name, code+"/usr/bin/env\n", before...), "\n"))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// variables picks those that a Plan is about.
func variables(environ []string) map[string]string {
	picked := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if name == "PATH" || name == shell.VarHome || strings.HasPrefix(name, "VIRTUAL_ENV") || strings.HasPrefix(name, "DEN_") {
			picked[name] = value
		}
	}
	return picked
}
