# Completion of den and its functions in bash.

# den reads the line, and returns what may stand in place of $2, matched and
# quoted.
function __den_complete {
    \builtin local __den_line="${COMP_LINE:0:COMP_POINT}" __den_replies='' IFS=$'\n'
    COMPREPLY=()
    __den_replies=$(command den complete bash "$1" "$__den_line" "${2-}" 2>/dev/null) || \builtin :
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
    # A blank follows the only reply, unless that is a directory.
    case $__den_replies in
    '' | */ | *$'\n'*) \builtin return 0 ;;
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

\builtin complete -o nospace -F __den_complete den workon deactivate mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv \
    lsvenv lsvirtualenv cdvenv cdvirtualenv mktmpenv mkproject setvirtualenvproject cdproject cdsitepackages lssitepackages \
    add2virtualenv toggleglobalsitepackages wipeenv allvirtualenv showvirtualenv virtualenvwrapper 2>/dev/null || \builtin :
