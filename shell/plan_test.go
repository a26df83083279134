package shell

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/shell/shelltest"
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
			plan := append(web.Enter(shelltest.LookupIn(row.before)), row.meanwhile...)
			plan = append(plan, web.Leave(shelltest.LookupIn(plan.Environ(row.before)))...)
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

func TestActive(t *testing.T) {
	for _, row := range []struct {
		name    string
		environ []string
		want    Activation
		ok      bool
		entered bool
	}{
		{"none", nil, Activation{Foreign: true}, false, false},
		{"den's", web.Enter(shelltest.LookupIn(nil)).Environ(nil), web, true, true},
		{"another tool's", []string{"VIRTUAL_ENV=/x", "VIRTUAL_ENV_PROMPT=x"}, Activation{Path: "/x", Prompt: "x", Foreign: true}, true, false},
		{"another tool's on top", append(web.Enter(shelltest.LookupIn(nil)).Environ(nil), "VIRTUAL_ENV=/x"), web, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Active(shelltest.LookupIn(row.environ))
			if !cmp.Equal(got, row.want) || ok != row.ok {
				t.Errorf("Active: %+v, %v; want %+v, %v", got, ok, row.want, row.ok)
			}
			if Entered(shelltest.LookupIn(row.environ)) != row.entered {
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
	inside := web.Enter(shelltest.LookupIn(outside)).Environ(outside)
	for _, row := range []struct {
		name string
		plan Plan
		want map[string]bool
	}{
		{"entering", web.Enter(shelltest.LookupIn(outside)), map[string]bool{VarHome: true, VarEnv: false}},
		{"leaving", web.Leave(shelltest.LookupIn(inside)), map[string]bool{VarHome: true, VarEnv: false}},
		{"switching", web.Enter(shelltest.LookupIn(inside)), map[string]bool{VarHome: true, VarEnv: false}},
		{"switching, with one of the person's own", web.Enter(shelltest.LookupIn(append(inside, "PYTHONHOME=/mine"))), map[string]bool{VarHome: true}},
		{"switching, with another tool's on top", web.Enter(shelltest.LookupIn(append(inside, "VIRTUAL_ENV=/theirs"))), map[string]bool{VarEnv: true}},
	} {
		for name, want := range row.want {
			if save, restore := exported(row.plan, name); (save || restore) != want {
				t.Errorf("%s: %s is exported: %v, want %v", row.name, name, !want, want)
			}
		}
	}
}
