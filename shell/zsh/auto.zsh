
# Hangs __den_auto on what zsh does after a change of directory, and before a prompt.
function __den_hook {
    \builtin typeset -ga chpwd_functions precmd_functions
    \builtin local __den_f
    for __den_f in "${precmd_functions[@]}"; do
        if \builtin [ "$__den_f" = __den_auto ]; then \builtin return 0; fi
    done
    precmd_functions=(__den_auto "${precmd_functions[@]}")
    chpwd_functions+=(__den_auto)
}
case $- in
*i*) __den_hook ;;
esac
\builtin unset -f __den_hook
