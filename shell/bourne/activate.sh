# Source this file, from sh, bash, zsh, ksh or mksh, to enter the environment:
#     . bin/activate
# The function deactivate leaves it again.

# Made here, and not in a function, for the sake of zsh's warn_create_global.
__den_a='' __den_b=''

# A shell that was started in the environment, or is in it, stays in it.
if [ "${DEN_ACTIVE-}" = DEN_PATH ] && [ "${VIRTUAL_ENV-}" = DEN_PATH ]; then
    \:
    # resume
else
    if [ -n "${VIRTUAL_ENV-}${__den_put-}" ] && [ "$(command -v deactivate)" = deactivate ]; then
        deactivate || :
    fi
    # enter
    \unset -f deactivate 2>/dev/null || :
fi

if [ "$(command -v deactivate)" != deactivate ]; then
    deactivate() {
        if [ -n "${__den_asking-}" ]; then return 1; fi
        # leave
        \unset __den_a __den_b
    }
fi
