package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shownList is the end of what den writes when it first shows a list.
const shownList = "\x1b[1;3H\x1b[?25h"

// TestPicker chooses in den's own list and in fzf.
func TestPicker(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("fzf"); err != nil {
		t.Fatalf("%v: .ci/need fzf installs it", err)
	}
	const list, inFzf = "export DEN_PICKER=den; ", "export DEN_PICKER=fzf FZF_DEFAULT_OPTS='--no-sort --prompt mine: --print-query'; "
	for _, row := range []struct {
		name, typed string
		talk        []string // what is shown, and the keys that follow
		says        []string
		status      int
	}{
		{"enter", list + "workon -i; echo in $VIRTUAL_ENV_PROMPT", []string{shownList, "wb\r"}, []string{"in web"}, 0},
		{"interrupt", list + "workon -i; s=$?; echo in $VIRTUAL_ENV_PROMPT.; (exit $s)", []string{shownList, "wb\x03"}, []string{"in ."}, 130},
		{"escape", list + "workon -i", []string{shownList, "\x1b"}, nil, 130},
		{"run in one", list + "den run -i sh -c 'echo in $VIRTUAL_ENV_PROMPT; exit 7'", []string{shownList, "\x1b[B\r"}, []string{"in my env"}, 7},
		{"run in several", list + "den run -i sh -c 'echo in $VIRTUAL_ENV_PROMPT from $PWD'", []string{shownList, "\t\t\r"}, []string{"api\r\n===", "in api from $HOME", "in my env from $HOME"}, 0},
		{"run in several, and fail", list + "den run -i sh -c 'exit 3'", []string{shownList, "\t\t\r"}, []string{"api", "my env"}, 1},
		{"in fzf", inFzf + "workon -i; echo in $VIRTUAL_ENV_PROMPT", []string{"3/3", "web", "1/3", "\r"}, []string{"mine:", "in web"}, 0},
		{"several in fzf", inFzf + "den run -i sh -c 'echo in $VIRTUAL_ENV_PROMPT'", []string{"3/3", "\t\x1b[A\t\r"}, []string{"in api", "in my env"}, 0},
		{"the first of equals in fzf", "export DEN_PICKER=fzf FZF_DEFAULT_OPTS=; lay web2; workon web; deactivate; workon -i; echo in $VIRTUAL_ENV_PROMPT.", []string{"4/4", "we", "2/4", "\r"}, []string{"in web."}, 0},
		{"no match in fzf", inFzf + "workon -i", []string{"3/3", "xyz", `nothing matches "xyz"`, "\r"}, []string{"den: error: nothing matches what was typed"}, 1},
		{"interrupt fzf", inFzf + "workon -i", []string{"3/3", "\x03"}, nil, 130},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.lay("web", "api", "my env")
			shown, status := p.answers(scenario{loaded: true}, "", row.typed, row.talk...)
			if status != row.status {
				t.Errorf("the exit status is %d, want %d:\n%s", status, row.status, shown)
			}
			for _, text := range row.says {
				text = strings.ReplaceAll(strings.ReplaceAll(text, "$HOME", p.home), "\r", "")
				if !strings.Contains(shown, text) {
					t.Errorf("%q is not shown:\n%s", text, shown)
				}
			}
		})
	}
}

// TestPickerAsks removes nothing that the person has not said yes to.
func TestPickerAsks(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	shown, status := p.answers(scenario{}, "", "export DEN_PICKER=den; den rm -i", shownList, "\r", `remove "web"? [y/N] `, "n\r")
	if status != 130 || len(p.names()) != 1 {
		t.Errorf("it ends with %d, and there are %q:\n%s", status, p.names(), shown)
	}
	p.lay("api", "old")
	shown, status = p.answers(scenario{loaded: true}, "", "export DEN_PICKER=den; rmvenv -i", shownList, "\t\t\r", `remove "api" and "old"? [y/N] `, "y\r")
	if names := p.names(); status != 0 || len(names) != 1 || names[0] != "web" {
		t.Errorf("it ends with %d, and there are %q:\n%s", status, p.names(), shown)
	}
}

// TestPickerRefuses: where there is nothing to choose in, den says so, and what to
// type.
func TestPickerRefuses(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	for _, row := range []struct{ term, typed, says string }{
		{"dumb", "workon -i", `this terminal (TERM="dumb") cannot show a list`},
		{"dumb", "rmvenv -i", `this terminal (TERM="dumb") cannot show a list`},
		{"dumb", "den run -i true", `this terminal (TERM="dumb") cannot show a list`},
		{"xterm", "setsid -w den run -i true", "there is no terminal to choose in"},
		{"xterm", "setsid -w den rm -i", "there is no terminal to choose in"},
	} {
		shown, status := p.bash(scenario{loaded: true}, "", "TERM="+row.term+" "+row.typed)
		if status != 1 || !strings.Contains(shown, row.says) || !strings.Contains(shown, "den: hint: ") {
			t.Errorf("TERM=%s %s ends with %d and says\n%s", row.term, row.typed, status, shown)
		}
	}
	if names := p.names(); len(names) != 1 {
		t.Errorf("there are %q", names)
	}
	if shown, status := p.bash(scenario{loaded: true}, "rm -r $WORKON_HOME", "workon -i"); status != 1 || !strings.Contains(shown, "make one: mkvenv NAME") {
		t.Errorf("without environments it ends with %d and says\n%s", status, shown)
	}
	if _, err := os.Stat(filepath.Join(p.envs, ".den")); err == nil {
		t.Error("a list that was not shown has left something")
	}
}
