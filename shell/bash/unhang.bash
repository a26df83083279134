# shellcheck disable=SC2016 # expanded by the shell, before each prompt
if \builtin [ -n "${__den_watching-}" ]; then
    \builtin unset __den_watching
    for __den_a in "${!PROMPT_COMMAND[@]}"; do
        __den_b=${PROMPT_COMMAND[__den_a]}
        case $__den_b in
        '"${__den_watching-:}"') \builtin unset "PROMPT_COMMAND[$__den_a]" ;;
        *$'\n''"${__den_watching-:}"'*)
            __den_b=${__den_b%%$'\n''"${__den_watching-:}"'*}${__den_b#*$'\n''"${__den_watching-:}"'}
            # With an index, a string would become an array.
            if \builtin [ "$__den_a" = 0 ]; then PROMPT_COMMAND=$__den_b; else PROMPT_COMMAND[__den_a]=$__den_b; fi
            ;;
        esac
    done
fi
