
# Tells the completion system, once it is there: the line that loads den may
# come before compinit, or between two calls of it, or there may be none. The
# first prompt with a completion system is the last time.
function __den_compdef {
    if (( ! $# && ! ${+functions[compdef]} )); then \builtin return 0; fi
    \builtin emulate -L zsh
    precmd_functions=("${(@)precmd_functions:#__den_compdef}")
    if \builtin typeset -f compdef >/dev/null; then
        compdef _den DEN_NAMES
        (( $# )) || \builtin return 0
    fi
    precmd_functions+=(__den_compdef)
}
__den_compdef now
