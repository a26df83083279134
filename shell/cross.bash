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
    local IFS=$'\n' __den_name __den_kind=''
    command printf 'carried\0'
    for __den_name in $(__den_names); do
        case $__den_name in
        -*) __den_kind=$__den_name && continue ;;
        __den_* | BASH* | PIPESTATUS | FUNCNAME | _ | . | IFS | LINES | COLUMNS) continue ;;
        esac
        case $__den_known in *$'\n'"$__den_name"$'\n'*) continue ;; esac
        case $__den_kind in
        -e) __den_known=$'\n'$__den_name$'\n'$__den_known ;;
        -v) command declare -p "$__den_name" ;;
        -f) command declare -f "$__den_name" ;;
        esac
    done
    command printf '\0'
}

# Prints the names of exported variables, of all variables, and of functions.
__den_names() {
    command printf '%s\n' -e && command compgen -e
    command printf '%s\n' -v && command compgen -v
    command printf '%s\n' -f && command compgen -A function
    command printf .
}

# Becomes den, which tells the rest.
__den_end() {
    command set +eu
    if [ -n "${BASH_VERSION-}" ]; then __den_keep >&9 2>/dev/null; fi
    command exec command den environ >&9
}

if [ -n "${BASH_VERSION-}" ]; then
    __den_known=$(__den_names)
    eval "DEN_CARRIED" 2>/dev/null
fi
trap __den_end EXIT # also where a hook exits
__den_sourced
# DEN_FILES
__den_end
