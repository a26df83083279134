# Has an interactive bash or zsh look before each prompt.

# The text in PROMPT_COMMAND is harmless where somebody keeps it for longer than this,
# and one word whatever IFS holds.
# shellcheck disable=SC2016,SC2034 # expanded by the shell, before each prompt
function __den_hang_look {
    if \builtin [ -n "${ZSH_VERSION-}" ]; then
        # bash must be able to read what is for zsh, so it stands in quotes.
        \builtin eval '\builtin typeset -ga precmd_functions; case " ${precmd_functions[*]-} " in *" __den_look "*) ;; *) precmd_functions+=(__den_look) ;; esac'
    elif __den_may PROMPT_COMMAND; then
        __den_looking=__den_look
        case ${PROMPT_COMMAND[*]-} in
        *'"${__den_looking-:}"'*) ;;
        *) PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}'"${__den_looking-:}"' ;;
        esac
    fi
}
# Reports whether a variable may be changed.
function __den_may { \builtin local "$@"; } 2>/dev/null
case $- in
*i*) __den_hang_look ;;
esac
\builtin unset -f __den_hang_look __den_may
