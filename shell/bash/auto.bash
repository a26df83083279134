
# Looks before a prompt is made, and keeps the status of the last command.
function __den_prompt {
    \builtin set -- "$?"
    __den_auto
    case $- in
    *e*) \builtin return 0 ;;
    esac
    \builtin return "$1"
}

# Is the last in the array, and stays where somebody sets PROMPT_COMMAND as if it were
# no array: then it puts __den_prompt in front again, once.
function __den_last_prompt {
    case ${PROMPT_COMMAND-}:$__den_again in
    *__den_prompt* | *:1) ;;
    *) __den_again=1 PROMPT_COMMAND=(__den_prompt "${PROMPT_COMMAND[@]}") ;;
    esac
    __den_auto
}

case $- in
*i*)
    __den_again=''
    case ${BASH_VERSION-}:"${PROMPT_COMMAND[*]-}" in
    *__den_prompt*) ;;
    [34].*:* | 5.0*:*)
        # shellcheck disable=SC2128,SC2178 # it is no array there
        PROMPT_COMMAND=__den_prompt${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
        ;;
    *) PROMPT_COMMAND=(__den_prompt "${PROMPT_COMMAND[@]}" __den_last_prompt) ;;
    esac
    ;;
esac
