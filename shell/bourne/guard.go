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
	r.linef("%s", strings.ReplaceAll(d.Guard(names, typed), "DEN_BUILTIN", d.Builtin))
	for _, set := range particular {
		r.linef("%s || (%s=%s && %s) 2>/dev/null || __den_a=%s:value", r.test(`"$__den_a" != .`), set.Name, d.Quote(set.Value), r.holds(set.Name, d.Quote(set.Value)), set.Name)
	}
	r.linef("%s", strings.ReplaceAll(refuse, "DEN_BUILTIN", d.Builtin))
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

// refuse ends the guard where that has left NAME:WHY in __den_a, and not a dot. An array
// could not be exported, nor be put back. A variable of another type would hold another
// value than it is given, or not come back with its type.
const refuse = `case $__den_a in
.) ;;
*)
    case $__den_a in
    *:readonly) __den_b='it is readonly' ;;
    *:array) __den_b='it is an array' ;;
    *:type) __den_b='it has a type that changes values' ;;
    *:value) __den_b='it does not take its value' ;;
    *) __den_b='it is a readonly function' ;;
    esac
    DEN_BUILTINecho "den: error: this shell does not let ${__den_a%:*} be changed ($__den_b), and stays as it was" >&2
    case $__den_a in
    PS1:*) DEN_BUILTINecho 'den: hint: export VIRTUAL_ENV_DISABLE_PROMPT=1' >&2 ;;
    *) DEN_BUILTINecho 'den: hint: without a change of this shell: den run NAME COMMAND' >&2 ;;
    esac
    DEN_BUILTINreturn 1 ;;
esac`

// fillGuard puts the names of variables into the code of a guard. It adds the one that
// __den_b names.
func fillGuard(code string, names, typed []string) string {
	return strings.NewReplacer(
		"DEN_NAMES", strings.Join(names, " ")+` "$__den_b"`,
		"DEN_TYPED", strings.Join(typed, " ")+` "$__den_b"`,
	).Replace(code)
}

// GuardBySubshell is the Guard of every shell of the family; it needs processes. It finds
// a variable that is an array, or of a type in which it would not hold a text. A subshell
// writes each name before it tries it: some shells end then. A function that ksh calls for
// the value, as of a prompt, is no type.
func GuardBySubshell(names, typed []string) string { return fillGuard(guardBySubshell, names, typed) }

const guardBySubshell = `__den_a=.
if ! (\unset DEN_NAMES) 2>/dev/null; then
    for __den_a in DEN_NAMES; do
        (\unset "$__den_a") 2>/dev/null || { __den_a="${__den_a}:readonly"; break; }
    done
fi
case $__den_a in
*:readonly) ;;
*)
    __den_a=$(
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
    __den_a="${__den_a##*[!a-zA-Z0-9_:.]}" ;;
esac`

// GuardByLocal is the Guard of bash. It asks a new bash about all variables at once, without
// a process. bash refuses to make a readonly variable local to a function, and that has no
// other effect. An array has other keys than the 0 of a plain variable. Where something is
// not as it should be, and in an old bash, processes find out. To take "readonly" off a
// function fails if the function has it.
func GuardByLocal(names, typed []string) string {
	each := func(form string, names []string) string {
		var code strings.Builder
		for _, name := range append(names, "PS1") {
			code.WriteString(strings.ReplaceAll(form, "NAME", name))
		}
		return code.String()
	}
	return fillGuard(strings.NewReplacer(
		"DEN_KEYS", each("${!NAME[*]}", names),
		"DEN_TYPES", each("${NAME@a}", typed),
		"DEN_REFERENCES", each(`\builtin [ -R NAME ] || `, typed),
	).Replace(guardByLocal), names, typed)
}

const guardByLocal = `function __den_may { \builtin local "$@"; } 2>/dev/null
function __den_plain {
    case $BASH_VERSION in [1-4].* | 5.0.*) \builtin return 1 ;; esac
    \builtin local -
    \builtin set +u
    if DEN_REFERENCES\builtin false; then \builtin return 1; fi
    case DEN_KEYS in *[!0]*) \builtin return 1 ;; esac
    case DEN_TYPES in *[!artx]*) \builtin return 1 ;; esac
}
if __den_may DEN_NAMES && __den_plain; then
    __den_a=.
else
    ` + guardBySubshell + `
fi
\builtin unset -f __den_may __den_plain
if \builtin declare -F deactivate >/dev/null && ! \builtin declare +r -f deactivate 2>/dev/null; then __den_a=deactivate:function; fi`

// GuardByType is the Guard of zsh. It asks for the type. path is PATH as an array.
func GuardByType(names, typed []string) string { return fillGuard(guardByType, names, typed) }

const guardByType = `for __den_a in DEN_NAMES path; do
    case $__den_a:${(tP)__den_a-} in
    *:*readonly*) __den_a="${__den_a}:readonly"; break ;;
    path:*) ;;
    *:array* | *:association*) __den_a="${__den_a}:array"; break ;;
    esac
done
case $__den_a in
*:*) ;;
*)
    for __den_a in DEN_TYPED; do
        case ${(tP)__den_a-} in
        *-left* | *-right_* | *-lower* | *-upper* | [!s]*) __den_a="${__den_a}:type"; break ;;
        esac
    done ;;
esac
case $__den_a in *:*) ;; *) __den_a=. ;; esac`
