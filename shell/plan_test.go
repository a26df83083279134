package shell

import (
	"slices"
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
			plan := append(web.Enter(lookupIn(row.before)), row.meanwhile...)
			plan = append(plan, web.Leave(lookupIn(plan.Environ(row.before)))...)
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
	enter := slices.Clip(web.Enter(lookupIn(before)))
	for name, plan := range map[string]Plan{
		"enter":            enter,
		"enter and leave":  append(enter, web.Leave(lookupIn(enter.Environ(before)))...),
		"resume":           append(enter, web.Resume()...),
		"leave only":       web.Leave(lookupIn(before)),
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

// lookupIn finds variables in a list of NAME=value, in which the last counts.
func lookupIn(environ []string) Lookup {
	return func(name string) (value string, found bool) {
		for _, entry := range environ {
			if v, ok := strings.CutPrefix(entry, name+"="); ok {
				value, found = v, true
			}
		}
		return value, found
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
		{"den's", web.Enter(lookupIn(nil)).Environ(nil), web, true, true},
		{"another tool's", []string{"VIRTUAL_ENV=/x", "VIRTUAL_ENV_PROMPT=x"}, Activation{Path: "/x", Prompt: "x", Foreign: true}, true, false},
		{"another tool's on top", append(web.Enter(lookupIn(nil)).Environ(nil), "VIRTUAL_ENV=/x"), web, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Active(lookupIn(row.environ))
			if got != row.want || ok != row.ok {
				t.Errorf("Active: %+v, %v; want %+v, %v", got, ok, row.want, row.ok)
			}
			if Entered(lookupIn(row.environ)) != row.entered {
				t.Errorf("Entered: %v", !row.entered)
			}
		})
	}
}

// Which of the saved values were exported is told by the variables as the shell
// has exported them, also while another environment is active.
func TestExportedAsBefore(t *testing.T) {
	exported := func(plan Plan, name string) (save, restore bool) {
		for _, step := range plan {
			switch s := step.(type) {
			case Save:
				save = save || s.Name == name && s.Exported
			case Restore:
				restore = restore || s.Name == name && s.Exported
			}
		}
		return save, restore
	}
	outside := []string{"PYTHONHOME=/p"}
	inside := web.Enter(lookupIn(outside)).Environ(outside)
	for _, row := range []struct {
		name string
		plan Plan
		want map[string]bool
	}{
		{"entering", web.Enter(lookupIn(outside)), map[string]bool{varHome: true, varEnv: false}},
		{"leaving", web.Leave(lookupIn(inside)), map[string]bool{varHome: true, varEnv: false}},
		{"switching", web.Enter(lookupIn(inside)), map[string]bool{varHome: true, varEnv: false}},
		{"switching, with one of the person's own", web.Enter(lookupIn(append(inside, "PYTHONHOME=/mine"))), map[string]bool{varHome: true}},
		{"switching, with another tool's on top", web.Enter(lookupIn(append(inside, "VIRTUAL_ENV=/theirs"))), map[string]bool{varEnv: true}},
	} {
		for name, want := range row.want {
			if save, restore := exported(row.plan, name); (save || restore) != want {
				t.Errorf("%s: %s is exported: %v, want %v", row.name, name, !want, want)
			}
		}
	}
}
