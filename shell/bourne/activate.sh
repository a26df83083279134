# Source this file, from sh, bash or zsh, to enter the environment:
#     . bin/activate
# The function deactivate leaves it again.

if [ -n "${VIRTUAL_ENV-}" ] && [ "$(command -v deactivate)" = deactivate ]; then
    deactivate || :
fi

deactivate() {
    # leave
    \unset __den_a __den_b
}

# Made here, and not in a function, for the sake of zsh's warn_create_global.
__den_a='' __den_b=''
# enter
