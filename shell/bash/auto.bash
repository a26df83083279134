
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
    case "${PROMPT_COMMAND[*]}:$__den_again" in
    *__den_prompt*) \builtin return 0 ;;
    *:1) ;;
    *) __den_again=1 PROMPT_COMMAND=(__den_prompt "${PROMPT_COMMAND[@]}") ;;
    esac
    __den_auto
}

# Puts __den_prompt in front of all that makes a prompt, and behind direnv, which puts
# an old copy of PATH back. The line of bash-preexec in PROMPT_COMMAND does its work only
# where it stands first, so den is one of its functions.
function __den_hook {
    \builtin local __den_i
    __den_again=''
    if [[ -n ${__bp_imported-} ]]; then
        case ${precmd_functions[*]-} in
        *__den_prompt*) ;;
        *) precmd_functions=(__den_prompt ${precmd_functions[@]+"${precmd_functions[@]}"}) ;;
        esac
        \builtin return 0
    fi
    case ${BASH_VERSION-}:"${PROMPT_COMMAND[*]-}" in
    *__den_prompt*) ;;
    [34].*:* | 5.0*:*)
        # shellcheck disable=SC2128,SC2178 # it is no array there
        PROMPT_COMMAND=__den_prompt${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
        ;;
    *)
        for __den_i in "${!PROMPT_COMMAND[@]}"; do
            case ${PROMPT_COMMAND[__den_i]} in
            *_direnv_hook*)
                PROMPT_COMMAND[__den_i]=${PROMPT_COMMAND[__den_i]/_direnv_hook/_direnv_hook; __den_prompt}
                PROMPT_COMMAND+=(__den_last_prompt)
                \builtin return 0
                ;;
            esac
        done
        PROMPT_COMMAND=(__den_prompt "${PROMPT_COMMAND[@]}" __den_last_prompt)
        ;;
    esac
}
case $- in
*i*) __den_hook ;;
esac
\builtin unset -f __den_hook
