package shell

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var web = Activation{Path: "/envs/web", Prompt: "web"}

// Leaving undoes entering, and only that.
func TestLeaveUndoesEnter(t *testing.T) {
	for _, row := range []struct {
		name      string
		before    []string
		meanwhile Plan
		want      []string // nil: as before
	}{
		{"nothing set", []string{"PATH=/bin"}, nil, nil},
		{"everything set", []string{"PATH=/bin", "PYTHONHOME=/p", "VIRTUAL_ENV=/old", "VIRTUAL_ENV_PROMPT=old"}, nil, nil},
		{"set but empty", []string{"PATH=/bin", "PYTHONHOME=", "VIRTUAL_ENV="}, nil, nil},
		{"an empty entry on PATH", []string{"PATH=:/bin::"}, nil, nil},
		{"its directory on PATH already", []string{"PATH=/bin:/envs/web/bin"}, nil, nil},
		{"PATH changed meanwhile", []string{"PATH=/bin"}, Plan{PathPrepend{"/mine"}}, []string{"PATH=/mine:/bin"}},
		{"variables changed meanwhile", []string{"PATH=/bin", "PYTHONHOME=/p"},
			Plan{Set{"PYTHONHOME", "/q"}, Set{"VIRTUAL_ENV", "/theirs"}},
			[]string{"PATH=/bin", "PYTHONHOME=/q", "VIRTUAL_ENV=/theirs"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan := append(append(web.Enter(), row.meanwhile...), web.Leave()...)
			want := row.want
			if want == nil {
				want = row.before
			}
			if diff := cmp.Diff(want, plan.Environ(row.before)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a Plan does to a list of variables is what the shells do when they
// evaluate the code for it.
func TestShellsDoWhatThePlanSays(t *testing.T) {
	before := []string{"PATH=/usr/bin:/bin:/envs/web/bin", "PYTHONHOME=", "VIRTUAL_ENV=/old"}
	for name, plan := range map[string]Plan{
		"enter":            web.Enter(),
		"enter and leave":  append(web.Enter(), web.Leave()...),
		"resume":           append(web.Enter(), web.Resume()...),
		"leave only":       web.Leave(),
		"remove not there": {PathRemove{"/not/there"}},
	} {
		want := variables(plan.Environ(before))
		for _, d := range dialects {
			t.Run(name+" in "+d.Name(), func(t *testing.T) {
				code := "f() {\n" + d.Render(plan) + "}\nf\n"
				if d.Name() == "fish" {
					code = "function f\n" + d.Render(plan) + "end\nf\n"
				}
				got := variables(strings.Split(run(t, d.Name(), code+"/usr/bin/env\n", before...), "\n"))
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
		if name == "PATH" || name == varHome || strings.HasPrefix(name, "VIRTUAL_ENV") || strings.HasPrefix(name, "DEN_") {
			picked[name] = value
		}
	}
	return picked
}

func TestActive(t *testing.T) {
	for _, row := range []struct {
		name    string
		environ []string
		want    Activation
		ok      bool
		entered bool
	}{
		{"none", nil, Activation{Foreign: true}, false, false},
		{"den's", web.Enter().Environ(nil), web, true, true},
		{"another tool's", []string{"VIRTUAL_ENV=/x", "VIRTUAL_ENV_PROMPT=x"}, Activation{Path: "/x", Prompt: "x", Foreign: true}, true, false},
		{"another tool's on top", append(web.Enter().Environ(nil), "VIRTUAL_ENV=/x"), web, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			getenv := func(name string) (value string) {
				for _, entry := range row.environ {
					if v, ok := strings.CutPrefix(entry, name+"="); ok {
						value = v
					}
				}
				return value
			}
			got, ok := Active(getenv)
			if got != row.want || ok != row.ok {
				t.Errorf("Active: %+v, %v; want %+v, %v", got, ok, row.want, row.ok)
			}
			if Entered(getenv) != row.entered {
				t.Errorf("Entered: %v", !row.entered)
			}
		})
	}
}
