package added

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/shell"
	"den/shell/bourne"
)

// byVenv and byVirtualenv are scripts of the forms that these write.
const (
	byVenv = `# This file must be used with "source bin/activate" *from bash*
deactivate () {
    if [ -n "${_OLD_VIRTUAL_PATH:-}" ] ; then
        PATH="${_OLD_VIRTUAL_PATH:-}"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    unset VIRTUAL_ENV
    if [ ! "${1:-}" = "nondestructive" ] ; then
        unset -f deactivate
    fi
}
deactivate nondestructive
VIRTUAL_ENV="/envs/web"
export VIRTUAL_ENV
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -n "${BASH:-}" -o -n "${ZSH_VERSION:-}" ] ; then
    hash -r 2> /dev/null
fi
`
	byVirtualenv = `deactivate () {
    unset -f pydoc >/dev/null 2>&1 || true
    hash -r 2>/dev/null || true
    unset VIRTUAL_ENV
}
alias pydoc 2>/dev/null >/dev/null && unalias pydoc || true
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ] ; then
    _OLD_VIRTUAL_PS1="${PS1-}"
    export PS1
    pydoc () {
        python -m pydoc "$@"
    }
    hash -r 2>/dev/null || true
fi
`
)

func TestIn(t *testing.T) {
	byDen := bourne.Activate(shell.Activation{Path: "/it's/web", Prompt: "web"})
	withVariables := bourne.Activate(shell.Activation{Path: "/envs/web", Prompt: "web", Variables: []shell.Set{{Name: "A", Value: "a 'b'"}, {Name: "EMPTY", Value: ""}}})
	for name, script := range map[string]string{"venv": byVenv, "virtualenv": byVirtualenv, "den": byDen, "with variables": withVariables} {
		t.Run(name, func(t *testing.T) {
			check := func(edited string, entering, leaving []string) {
				t.Helper()
				added := In(edited)
				if diff := cmp.Diff(Lines{entering, leaving, added.Rest}, added); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(strings.TrimRight(script, "\n"), strings.TrimRight(added.Rest, "\n")); diff != "" {
					t.Errorf("the rest is not the script: %s", diff)
				}
			}
			check(script, nil, nil)
			check(script+"\n\n", nil, nil)
			check(script+"\nexport KEY='a b'\n. ~/secrets\n", []string{"export KEY='a b'", ". ~/secrets"}, nil)
			check(script+"# mine\nif true; then\n    export KEY=1\nfi\n", []string{"# mine", "if true; then", "    export KEY=1", "fi"}, nil)
			check("export KEY=1\n"+script, []string{"export KEY=1"}, nil)
			at := strings.Index(script, "deactivate")
			at += strings.Index(script[at:], "{\n") + 2
			if name == "den" {
				added := Lines{Entering: []string{"export KEY=1", "export B=2"}, Leaving: []string{"unset KEY", "unset B"}}
				check(added.Into(script), added.Entering, added.Leaving)
			}
			check(script[:at]+"    unset KEY\n"+script[at:]+"export KEY=1\n", []string{"export KEY=1"}, []string{"unset KEY"})
			check(script+"export KEY='a\nb'\n", []string{"export KEY='a\nb'"}, nil)
			// A command is taken whole, and so is a block of the person's.
			check("export KEY='a\nexport B=\"2\"'\n"+script, []string{"export KEY='a\nexport B=\"2\"'"}, nil)
			check("export KEY=1 \\\n    B=2 # it's\n"+script, []string{"export KEY=1 \\\n    B=2 # it's"}, nil)
			check("case $A in\n# mine\n1)\n    if b; then\n        . ~/b\n    fi\n    ;;\nesac\n"+script,
				[]string{"case $A in", "# mine", "1)", "if b; then", ". ~/b", "fi", ";;", "esac"}, nil)
			check(script[:at]+"    if [ -n \"$OLD\" ]; then\n        export KEY=\"$OLD\"\n    else\n        unset KEY\n    fi\n"+script[at:],
				nil, []string{"if [ -n \"$OLD\" ]; then", "export KEY=\"$OLD\"", "else", "unset KEY", "fi"})
		})
	}
}

// Of a script of another kind den knows nothing.
func TestInAnotherScript(t *testing.T) {
	const other = "export CONDA_PREFIX=/opt\n"
	if added := In(other); len(added.All()) > 0 || added.Rest != other {
		t.Errorf("%+v", added)
	}
}

func TestSetsVariables(t *testing.T) {
	variables := []shell.Set{{Name: "A", Value: "a 'b'"}, {Name: "EMPTY", Value: ""}}
	script := bourne.Activate(shell.Activation{Path: "/envs/web", Prompt: "web", Variables: variables})
	if !SetsVariables(script, variables) {
		t.Error("it does")
	}
	if SetsVariables(script, variables[:1]) || SetsVariables(script, []shell.Set{variables[0], {Name: "EMPTY", Value: "x"}}) || SetsVariables(script, nil) {
		t.Error("it does not")
	}
	if !SetsVariables(bourne.Activate(shell.Activation{Path: "/envs/web", Prompt: "web"}), nil) {
		t.Error("there are none")
	}
}
