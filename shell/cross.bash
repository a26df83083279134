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
        { command printf 'defined\0' && command compgen -A function && { command compgen -a || :; }; command printf '\0'; } >&9
    else
        __den_tell defined ''
    fi
}

# Tells the variables that only this shell has, and the functions, for those
# hooks that come later: often one keeps a value for another to put back.
__den_keep() {
    local IFS=$'\n' __den_name __den_kind=''
    for __den_name in $__den_now; do
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
}

# Tells the directory and the variables that programs get. Whatever the hooks have
# put into PWD, cd makes it the directory; it is "" where that is gone.
__den_surroundings() {
    local IFS=$'\n' __den_name=''
    command cd . && [ . -ef "$PWD" ] || PWD=''
    command printf 'surroundings\0%s\0' "$PWD"
    __den_now=${__den_now#*$'\n'}
    for __den_name in ${__den_now%%$'\n'-v$'\n'*}; do
        if [ -n "${!__den_name+x}" ]; then command printf '%s=%s\0' "$__den_name" "${!__den_name}"; fi
    done
}

# Prints the names of exported variables, of all variables, and of functions.
__den_names() {
    command printf '%s\n' -e && command compgen -e
    command printf '%s\n' -v && command compgen -v
    command printf '%s\n' -f && command compgen -A function
    command printf .
}

# Tells the rest. A sh that is not bash becomes den for that.
__den_end() {
    trap - EXIT
    command set +eu
    if [ -z "${BASH_VERSION-}" ]; then command exec command den environ >&9; fi
    __den_now=$(__den_names)
    {
        command printf 'carried\0'
        if [ "$__den_now" != "$__den_known" ]; then __den_keep; fi
        command printf '\0'
        __den_surroundings
    } >&9 2>/dev/null
}

if [ -n "${BASH_VERSION-}" ]; then
    __den_now=''
    __den_known=''
    __den_known=$(__den_names)
    eval "DEN_CARRIED" 2>/dev/null
fi
trap __den_end EXIT # also where a hook exits
__den_sourced
# DEN_FILES
__den_end
