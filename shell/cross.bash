# Has bash, or sh where there is none, source hooks for a shell that cannot read
# them, and tells on descriptor 9 what has come of it, in fields that end with a
# NUL: see Crossing. What only bash knows is not run by others, which read it all
# the same.

__den_tell() { command printf '%s\0' "$@" >&9; }

# These are done by the shell itself, when the hooks are through.
workon() { __den_tell call "$#" workon "$@"; }
deactivate() { __den_tell call "$#" deactivate "$@"; }

cdvirtualenv() { command cd -- "$VIRTUAL_ENV/${1-}" || return; }
cdvenv() { cdvirtualenv "$@"; }
cdproject() {
    IFS= read -r __den_dir <"$VIRTUAL_ENV/${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}" && command cd -- "$__den_dir" || return
}

# Tells what a file that ends here has defined.
__den_sourced() {
    if [ -n "${BASH_VERSION-}" ]; then
        { command printf 'defined\0' && command compgen -A function && command compgen -a; command printf '\0'; } >&9
    else
        __den_tell defined ''
    fi
}

# Tells the variables that only this shell has, and the functions, for those
# hooks that come later: often one keeps a value for another to put back.
__den_keep() {
    local IFS=$'\n' __den_name __den_exported
    __den_exported=$'\n'$(command compgen -e)$'\n'
    command printf 'carried\0'
    for __den_name in $(command compgen -v); do
        case $__den_name in __den_* | BASH* | PIPESTATUS | FUNCNAME | _ | IFS | LINES | COLUMNS) continue ;; esac
        case $__den_variables$__den_exported in *$'\n'"$__den_name"$'\n'*) ;; *) command declare -p "$__den_name" ;; esac
    done
    for __den_name in $(command compgen -A function); do
        case $__den_functions in *$'\n'"$__den_name"$'\n'*) ;; *) command declare -f "$__den_name" ;; esac
    done
    command printf '\0'
}

# Becomes den, which tells the rest.
__den_end() {
    command set +eu
    if [ -n "${BASH_VERSION-}" ]; then __den_keep >&9 2>/dev/null; fi
    command exec command den environ >&9
}

if [ -n "${BASH_VERSION-}" ]; then
    __den_variables=$(command printf '\n' && command compgen -v && command printf .)
    __den_functions=$(command printf '\n' && command compgen -A function && command printf .)
    eval "DEN_CARRIED" 2>/dev/null
fi
trap __den_end EXIT # also where a hook exits
__den_sourced
# DEN_FILES
__den_end
