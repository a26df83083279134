package shell

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"den/shell/shelltest"
)

// crossed runs a CrossScript for files with the codes, in a shell of the Bourne
// family, with a program in den's place that tells the surroundings by halves. Of
// the variables only the hooks' own are returned.
func crossed(t *testing.T, sh, carried string, codes ...string) CrossResult {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "it's den")
	write := func(path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(program, "#!/bin/sh\nprintf 'surroundings\\0%s\\0FROM_HOOK=%s\\0' \"$PWD\" \"$FROM_HOOK\"\n")
	var files []string
	for i, code := range codes {
		files = append(files, filepath.Join(dir, "a hook's file "+strings.Repeat("i", i)))
		write(files[i], code)
	}
	told, err := os.Create(filepath.Join(dir, "told"))
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	c := exec.Command("/bin/sh", "-c", `exec 9>&1 1>&2 && exec "$@"`, "sh", sh, "-c", CrossScript(program, carried, files), "sh")
	c.Dir, c.Stdout, c.Stderr = dir, told, os.Stderr
	_ = c.Run() // a hook's status is its own
	content, err := os.ReadFile(told.Name())
	if err != nil {
		t.Fatal(err)
	}
	crossing, err := ReadCrossResult(content)
	if err != nil {
		t.Fatalf("%v: %q", err, content)
	}
	if s := crossing.Surroundings; s != nil {
		s.Environ = slices.DeleteFunc(s.Environ, func(entry string) bool { return !strings.HasPrefix(entry, "FROM_HOOK") })
	}
	return crossing
}

func TestCrossScript(t *testing.T) {
	for _, sh := range []string{"bash", "dash", "ksh", "busybox sh"} {
		if _, err := exec.LookPath(strings.Fields(sh)[0]); err != nil {
			continue
		}
		t.Run(sh, func(t *testing.T) {
			sh := sh
			if before, _, isApplet := strings.Cut(sh, " "); isApplet {
				link := filepath.Join(t.TempDir(), "sh")
				path, _ := exec.LookPath(before)
				if err := os.Symlink(path, link); err != nil {
					t.Fatal(err)
				}
				sh = link
			}
			c := crossed(t, sh, "", "export FROM_HOOK=yes", "workon -n 'two words' ''\ndeactivate", "cd /\nexit 3", "export FROM_HOOK=no")
			if c.Passed != 2 || c.Surroundings == nil {
				t.Fatalf("%+v", c)
			}
			if diff := cmp.Diff([][]string{{"workon", "-n", "two words", ""}, {"deactivate"}}, c.Calls); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(Surroundings{"/", []string{"FROM_HOOK=yes"}}, *c.Surroundings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a hook has kept is there for the next one; what is exported is not kept.
func TestCrossScriptCarries(t *testing.T) {
	first := crossed(t, shelltest.Program(t, "bash"), "", "kept=\"a'b\nc\" list=(1 '2 3'); greet() { echo \"hi $1\"; }; export FROM_HOOK=1")
	if diff := cmp.Diff([][]string{{"greet"}}, first.Defined); diff != "" {
		t.Error(diff)
	}
	second := crossed(t, shelltest.Program(t, "bash"), first.Carried, `export FROM_HOOK="${FROM_HOOK-}$kept${list[1]}$(greet you)"`)
	if diff := cmp.Diff([]string{"FROM_HOOK=a'b", "c2 3hi you"}, strings.Split(strings.Join(second.Surroundings.Environ, ""), "\n")); diff != "" {
		t.Error(diff)
	}
	if len(second.Defined[0]) > 0 {
		t.Errorf("what was there before counts as defined: %v", second.Defined)
	}
	third := crossed(t, shelltest.Program(t, "bash"), second.Carried, "unset kept; unset -f greet", `export FROM_HOOK=${kept-gone}${list[0]}`)
	if got := third.Surroundings.Environ[0]; got != "FROM_HOOK=gone1" {
		t.Error(got)
	}
}

// What bash says of its surroundings by itself is what a program in them would.
func TestCrossScriptTellsAsAProgramWould(t *testing.T) {
	for _, row := range []struct {
		name, code string
		want       []string
	}{
		{"odd values", "export FROM_HOOK=$' \\ \t\xff\n*' FROM_HOOK_EMPTY=", []string{"FROM_HOOK= \\ \t\xff\n*", "FROM_HOOK_EMPTY="}},
		{"no value", "export FROM_HOOK", nil},
		{"not exported", "FROM_HOOK=1", nil},
		{"taken back", "export FROM_HOOK=1; unset FROM_HOOK", nil},
		{"a number", "declare -xi FROM_HOOK=1+1", []string{"FROM_HOOK=2"}},
		{"read-only", "declare -xr FROM_HOOK=1", []string{"FROM_HOOK=1"}},
		{"options", "export FROM_HOOK=1; set -euo pipefail; set -f -C; IFS=F", []string{"FROM_HOOK=1"}},
		{"it exits", "export FROM_HOOK=1; cd /usr; exit 3", []string{"FROM_HOOK=1"}},
	} {
		c := crossed(t, shelltest.Program(t, "bash"), "", row.code, "cd /usr; PWD=/nonsense")
		if c.Surroundings == nil {
			t.Errorf("%s: it told nothing", row.name)
			continue
		}
		if c.Surroundings.Dir != "/usr" {
			t.Errorf("%s: the directory is %q", row.name, c.Surroundings.Dir)
		}
		slices.Sort(c.Surroundings.Environ)
		if diff := cmp.Diff(row.want, c.Surroundings.Environ, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: the variables (-want, +got):\n%s", row.name, diff)
		}
	}
	gone := crossed(t, shelltest.Program(t, "bash"), "", `mkdir gone && cd gone && rmdir ../gone`)
	if s := gone.Surroundings; s == nil || s.Dir != "" {
		t.Errorf("in a directory that is gone: %+v", s)
	}
}

func TestReadGarbledCrossResult(t *testing.T) {
	for _, told := range []string{"x", "call\x00x\x00", "call", "defined\x00\x00call\x00-7\x00workon\x00", "call\x0099\x00workon\x00", "surroundings"} {
		c, err := ReadCrossResult([]byte(told))
		if err == nil && c.Surroundings != nil && c.Surroundings.Dir != "" {
			t.Errorf("%q is taken for %+v", told, c)
		}
	}
	if c, err := ReadCrossResult(nil); err != nil || c.Surroundings != nil || c.Passed != 0 {
		t.Errorf("nothing told: %+v, %v", c, err)
	}
}

func TestDifference(t *testing.T) {
	before := Surroundings{"/home", []string{"A=1", "B=2", "PWD=/home", "SHLVL=1", "DEN_ACTIVE=/web", "DEN_SAVED_PATH=x", "GO.NE=1"}}
	now := Surroundings{"/there", []string{"A=1", "C=x=y\n", "DEN_PYTHON=3.12", "PWD=/there", "SHLVL=2", "_=/bin/den", "BASH_FUNC_f%%=() { :; }", "status=1", "__den_x=1"}}
	want := Plan{Unset{"B"}, Set{"C", "x=y\n"}, Set{"DEN_PYTHON", "3.12"}, Cd{"/there"}}
	if diff := cmp.Diff(want, before.Difference(now, "status")); diff != "" {
		t.Error(diff)
	}
	if plan := before.Difference(before); len(plan) > 0 {
		t.Errorf("nothing has changed: %v", plan)
	}
}
