# Succeeds if nothing has to be made, expanded, run or resumed: no den was active
# in the shell that started this one, the settings are those that are known
# here, and the initialize hook is not there or still the template, all comments.
function __den_needs_nothing {
    if \builtin [ -n "${DEN_ACTIVE-}" ] || \builtin [ -z "${HOME-}" ]; then \builtin return 1; fi
    \builtin local __den_line __den_config __den_home __den_hooks
    __den_config="${XDG_CONFIG_HOME:-$HOME/.config}/den/config.toml"
    if DEN_OTHER_SETTINGS; then \builtin return 1; fi
    __den_home=${WORKON_HOME:-DEN_HOME}
    __den_hooks=${VIRTUALENVWRAPPER_HOOK_DIR:-DEN_HOOKS}
    case $__den_home:$__den_hooks in
    *[\$~]* | *//* | [!/]* | *:[!/]*) \builtin return 1 ;;
    esac
    # shellcheck disable=SC2152 # a number is put there
    if \builtin [ ! -e "$__den_hooks/initialize" ]; then \builtin return DEN_MISSING; fi
    if \builtin [ ! -r "$__den_hooks/initialize" ]; then \builtin return 1; fi
    while IFS= \builtin read -r __den_line || \builtin [ -n "$__den_line" ]; do
        case $__den_line in
        '' | '#'*) ;;
        *) \builtin return 1 ;;
        esac
    done <"$__den_hooks/initialize"
    DEN_THEN
}
