
# Hangs __den_auto on what zsh does after a change of directory, and before a prompt: in
# front of all that makes a prompt, and behind direnv, which puts an old copy of PATH back.
function __den_hook {
    \builtin typeset -ga chpwd_functions precmd_functions
    \builtin local __den_f __den_behind=''
    \builtin local -a __den_all
    __den_all=()
    for __den_f in "${precmd_functions[@]}"; do
        if \builtin [ "$__den_f" = __den_auto ]; then \builtin return 0; fi
        __den_all+=("$__den_f")
        if \builtin [ "$__den_f" = _direnv_hook ]; then
            __den_all+=(__den_auto)
            __den_behind=1
        fi
    done
    if \builtin [ -z "$__den_behind" ]; then __den_all=(__den_auto "${__den_all[@]}"); fi
    precmd_functions=("${__den_all[@]}")
    chpwd_functions+=(__den_auto)
}
case $- in
*i*) __den_hook ;;
esac
\builtin unset -f __den_hook
