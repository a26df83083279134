package bourne

import (
	"strings"

	"den/shell"
)

// guard is code that asks whether the shell lets all variables be changed that the
// Plan changes. Where it does not, it says so, and nothing of the Plan is taken.
func (d Dialect) guard(p shell.Plan) string {
	names := p.Changes()
	if len(names) == 0 {
		return ""
	}
	names = append(names, oldPath, oldPrompt, marked)
	r := &renderer{Dialect: d}
	r.linef("__den_b=%s", names[0])
	for _, step := range p {
		r.askPrompt(step)
	}
	asked := strings.Join(names, " ") + ` "$__den_b"`
	r.linef("%s", strings.NewReplacer("DEN_NAMES", asked, "DEN_RETURN", d.Builtin+"return 1", "DEN_ECHO", d.Builtin+"echo").Replace(d.Guard))
	return r.code.String()
}

// askPrompt has the guard ask for PS1 too where the Step is going to change it.
func (r *renderer) askPrompt(step shell.Step) {
	text, condition := "", r.isSet("PS1")
	switch s := step.(type) {
	case shell.Prompt, shell.PromptResume:
		condition += " && " + r.test(`-z "${VIRTUAL_ENV_DISABLE_PROMPT-}"`)
	case shell.PromptRestore:
		text = s.Text
	case shell.PromptRemove:
		text = s.Text
	default:
		return
	}
	if text != "" {
		r.linef("%s", r.AssignPrompt(r.Dialect, text))
		condition += " && { " + r.test(`"${PS1#*"$__den_a"}" != "$PS1"`) + " || { " + r.isEntered("PS1") + "; }; }"
	}
	r.linef("if %s; then __den_b=PS1; fi", condition)
}

// refusal says why nothing is done, with the name of the variable in __den_a, and
// what can be done.
const refusal = refusalBegins + `it is readonly` + refusalEnds

// refusalOfArray is for a variable that could not be exported, nor be put back.
const refusalOfArray = refusalBegins + `it is an array` + refusalEnds

const (
	refusalBegins = `DEN_ECHO "den: error: this shell does not let $__den_a be changed (`
	refusalEnds   = `), and stays as it was" >&2
        case $__den_a in
        PS1) DEN_ECHO 'den: hint: export VIRTUAL_ENV_DISABLE_PROMPT=1' >&2 ;;
        *) DEN_ECHO 'den: hint: without a change of this shell: den run NAME COMMAND' >&2 ;;
        esac
        DEN_RETURN`
)

// GuardByLocal asks by making the variables local to a function, which bash
// refuses for those that are readonly, and nothing else is done by it. An array has
// other keys than the 0 of a plain variable.
const GuardByLocal = `function __den_may { \builtin local "$@"; } 2>/dev/null
if ! __den_may DEN_NAMES; then
    for __den_a in DEN_NAMES; do
        if __den_may "$__den_a"; then continue; fi
        \builtin unset -f __den_may
        ` + refusal + `
    done
fi
\builtin unset -f __den_may
for __den_a in DEN_NAMES; do
    if ! \builtin eval "\\builtin [ -z \"\${$__den_a[*]+x}\" ] || case \${!$__den_a[*]} in 0) ;; *) \\builtin false ;; esac"; then
        ` + refusalOfArray + `
    fi
done`

// GuardBySubshell has what every shell of the family knows, and a process.
const GuardBySubshell = `if ! (\unset DEN_NAMES) 2>/dev/null; then
    for __den_a in DEN_NAMES; do
        if (\unset "$__den_a") 2>/dev/null; then continue; fi
        ` + refusal + `
    done
fi`

// GuardByType asks zsh for the type. path is PATH as an array.
const GuardByType = `for __den_a in DEN_NAMES path; do
    case $__den_a:${(tP)__den_a-} in
    *:*readonly*)
        ` + refusal + ` ;;
    path:*) ;;
    *:array* | *:association*)
        ` + refusalOfArray + ` ;;
    esac
done`
