# Completion of den and its functions in bash.

# den reads the line, and returns what may stand in place of $2, matched and
# quoted.
function __den_complete {
    \builtin compopt -o nosort 2>/dev/null || \builtin : # names before files
    \builtin local __den_line="${COMP_LINE:0:COMP_POINT}" __den_rest="${COMP_LINE:COMP_POINT}" __den_fold=off __den_replies='' IFS=$'\n'
    COMPREPLY=()
    case $(\builtin bind -v 2>/dev/null) in
    *'completion-ignore-case on'*) __den_fold=on ;;
    esac
    __den_replies=$(command den complete bash "$1" "$__den_line" "${2-}" "$__den_rest" "$__den_fold" 2>/dev/null) || \builtin :
    # A first line with a tab: the place is in a command of its own.
    case $__den_replies in
    $'\t'*)
        if __den_offset "${__den_replies%%$'\n'*}"; then \builtin return 0; fi
        case $__den_replies in
        *$'\n'*) __den_replies=${__den_replies#*$'\n'} ;;
        *) __den_replies='' ;;
        esac
        ;;
    esac
    case $- in
    *f*)
        # shellcheck disable=SC2206 # it is to be split, at the ends of lines
        COMPREPLY=($__den_replies)
        ;;
    *)
        \builtin set -f
        # shellcheck disable=SC2206
        COMPREPLY=($__den_replies)
        \builtin set +f
        ;;
    esac
    # A blank follows the only reply, unless that is a directory or more of the
    # word comes after the cursor.
    case $__den_replies in
    '' | */ | *$'\n'*) \builtin return 0 ;;
    esac
    case $__den_rest in
    '' | [\ \;\|\&\<\>\)]*) ;;
    *) \builtin return 0 ;;
    esac
    if [ "${BASH_VERSINFO[0]}" -gt 3 ]; then
        \builtin compopt +o nospace 2>/dev/null || \builtin :
    else
        case ${__den_line%"${2-}"} in
        *[\"\']) ;; # the blank would get into the quotes
        *) COMPREPLY=("$__den_replies ") ;;
        esac
    fi
}

# Leaves the place to the completion of the command it is in, by the function of
# the bash-completion package; without that, fails. $1 is a tab, the directory of
# the command's programs, a tab, and the line from the command's name on.
function __den_offset {
    \builtin local __den_offset=_comp_command_offset __den_bin="${1#$'\t'}" __den_text='' __den_blanks='' __den_left="$COMP_LINE" __den_at=0 __den_i=0 IFS=$' \t\n'
    \builtin declare -F "$__den_offset" >/dev/null || __den_offset=_command_offset
    \builtin declare -F "$__den_offset" >/dev/null || \builtin return 1
    __den_text=${__den_bin#*$'\t'}
    __den_bin=${__den_bin%%$'\t'*}
    # Which of bash's own words the name is: it splits at more than blanks.
    while [ "$__den_i" -lt "$COMP_CWORD" ]; do
        __den_blanks=${__den_left%%"${COMP_WORDS[__den_i]}"*}
        __den_at=$((__den_at + ${#__den_blanks}))
        [ "$__den_at" -lt $((COMP_POINT - ${#__den_text})) ] || \builtin break
        __den_left=${__den_left:${#__den_blanks} + ${#COMP_WORDS[__den_i]}}
        __den_at=$((__den_at + ${#COMP_WORDS[__den_i]}))
        __den_i=$((__den_i + 1))
    done
    \builtin local -x PATH="${__den_bin:+$__den_bin:}$PATH"
    \builtin compopt +o nospace 2>/dev/null || \builtin :
    "$__den_offset" "$__den_i" 2>/dev/null || \builtin :
}

\builtin complete -o nospace -F __den_complete DEN_NAMES 2>/dev/null || \builtin :
