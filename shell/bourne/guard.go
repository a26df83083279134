package bourne

import (
	"slices"
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
	r.linef("__den_b=__den_a")
	for _, step := range p {
		r.askPrompt(step)
	}
	typed, particular := d.typed(p)
	if len(typed) == 0 {
		typed = []string{"__den_a"} // linters warn of a loop over one quoted word
	}
	fill := strings.NewReplacer(
		"DEN_NAMES", strings.Join(names, " ")+` "$__den_b"`,
		"DEN_TYPED", strings.Join(typed, " ")+` "$__den_b"`,
		"DEN_RETURN", d.Builtin+"return 1",
		"DEN_BUILTIN", d.Builtin,
	)
	r.linef("%s", fill.Replace(d.Guard))
	for _, set := range particular {
		r.linef("if ! (%s=%s && %s) 2>/dev/null; then", set.Name, d.Quote(set.Value), r.holds(set.Name, d.Quote(set.Value)))
		r.linef("    __den_a=%s", set.Name)
		r.linef("    %s\nfi", fill.Replace(refusalOfValue))
	}
	return r.code.String()
}

// typed returns the names of the variables that the Plan sets to a text. They must keep
// the text as it is; some variables of the shell do not. A locale that is not there, some
// shells leave alone, and say so.
func (d Dialect) typed(p shell.Plan) (names []string, particular []shell.Set) {
	for _, set := range p.Sets() {
		switch {
		case set.Name == "LANG" || strings.HasPrefix(set.Name, "LC_"):
		case slices.Contains(d.Particular, set.Name):
			particular = append(particular, set)
		default:
			names = append(names, set.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), particular
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

// These refusals say why nothing is done, with the name of the variable in __den_a,
// and what can be done. An array could not be exported, nor be put back. One of another
// type would hold another value than it is given, or not come back with its type.
const (
	refusal           = refusalBegins + `it is readonly` + refusalEnds
	refusalOfArray    = refusalBegins + `it is an array` + refusalEnds
	refusalOfType     = refusalBegins + `it has a type that changes values` + refusalEnds
	refusalOfValue    = refusalBegins + `it does not take its value` + refusalEnds
	refusalOfFunction = refusalBegins + `it is a readonly function` + refusalEnds
)

const (
	refusalBegins = `DEN_BUILTINecho "den: error: this shell does not let $__den_a be changed (`
	refusalEnds   = `), and stays as it was" >&2
        case $__den_a in
        PS1) DEN_BUILTINecho 'den: hint: export VIRTUAL_ENV_DISABLE_PROMPT=1' >&2 ;;
        *) DEN_BUILTINecho 'den: hint: without a change of this shell: den run NAME COMMAND' >&2 ;;
        esac
        DEN_RETURN`
)

// findType refuses a variable that is an array, or of a type in which it would not hold
// a text. A subshell writes each name before it tries it: some shells end then. A function
// of ksh that is called for the value, as of a prompt, is no type.
const findType = `__den_a=$(
    DEN_BUILTINset +eu
    DEN_BUILTIN[ -z "${BASH_VERSION-}${KSH_VERSION-}" ] || for __den_a in DEN_NAMES; do
        DEN_BUILTINecho "$__den_a:array"
        DEN_BUILTINeval "case \${!${__den_a}[*]} in '' | 0) ;; *) \DEN_BUILTINexit 0 ;; esac"
    done 2>/dev/null
    for __den_a in DEN_TYPED; do
        DEN_BUILTINecho "$__den_a:type"
        ! DEN_BUILTINeval "\DEN_BUILTINtypeset -f $__den_a.get" >/dev/null || continue
        DEN_BUILTIN[ -z "${BASH_VERSION-}" ] || ! DEN_BUILTIN[ -R "$__den_a" ] || DEN_BUILTINexit 0
        DEN_BUILTIN[ -z "${KSH_VERSION-}" ] || DEN_BUILTINeval "\DEN_BUILTIN[ \"\${!$__den_a}\" = $__den_a ]" || DEN_BUILTINexit 0
        DEN_BUILTINeval "$__den_a=0xaA && \DEN_BUILTIN[ \"\$$__den_a\" = 0xaA ]" || DEN_BUILTINexit 0
    done 2>/dev/null
    DEN_BUILTINecho .
) || DEN_BUILTIN:
__den_a="${__den_a##*[!a-zA-Z0-9_:.]}"
case $__den_a in
.) ;;
*:array)
    __den_a="${__den_a%:*}"
    ` + refusalOfArray + ` ;;
*)
    __den_a="${__den_a%:*}"
    ` + refusalOfType + ` ;;
esac`

// GuardBySubshell has what every shell of the family knows, and processes.
const GuardBySubshell = `if ! (\unset DEN_NAMES) 2>/dev/null; then
    for __den_a in DEN_NAMES; do
        if (\unset "$__den_a") 2>/dev/null; then continue; fi
        ` + refusal + `
    done
fi
` + findType

// GuardByLocal asks by making the variables local to a function, which bash
// refuses for those that are readonly, and nothing else is done by it. An array has
// other keys than the 0 of a plain variable. A new bash tells the type of a variable
// without a process. To take "readonly" off a function fails if the function has it.
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
    if ! \builtin eval "\\builtin [ -z \"\${${__den_a}[*]+x}\" ] || case \${!${__den_a}[*]} in 0) ;; *) \\builtin false ;; esac"; then
        ` + refusalOfArray + `
    fi
done
case $BASH_VERSION in
[1-4].* | 5.0.*) ` + findType + ` ;;
*)
    function __den_may { \builtin local -; \builtin set +u; \builtin eval "case \${$1@a} in *[!artx]*) \\builtin false ;; *) ! \\builtin [ -R $1 ] ;; esac"; }
    for __den_a in DEN_TYPED; do
        if __den_may "$__den_a"; then continue; fi
        \builtin unset -f __den_may
        ` + refusalOfType + `
    done
    \builtin unset -f __den_may ;;
esac
if \builtin declare -F deactivate >/dev/null && ! \builtin declare +r -f deactivate 2>/dev/null; then
        __den_a=deactivate
        ` + refusalOfFunction + `
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
done
for __den_a in DEN_TYPED; do
    case ${(tP)__den_a-} in
    *-left* | *-right_* | *-lower* | *-upper* | [!s]*)
        ` + refusalOfType + ` ;;
    esac
done`
