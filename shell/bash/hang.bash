# shellcheck disable=SC2016 # expanded by the shell, before each prompt
# Before each prompt of an interactive bash. The text in PROMPT_COMMAND is harmless where
# somebody keeps it for longer than this: it does nothing then. It is one word whatever
# IFS holds.
case $- in
*i*)
    function __den_may { \builtin local "$@"; } 2>/dev/null
    if __den_may PROMPT_COMMAND; then
        __den_watching=__den_watch
        case ${PROMPT_COMMAND[*]-} in
        *'"${__den_watching-:}"'*) ;;
        *) PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}'"${__den_watching-:}"' ;;
        esac
        __den_watch
    fi
    \builtin unset -f __den_may
    ;;
esac
