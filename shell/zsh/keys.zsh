# Alt-J shows the environments to choose from. The line that is being typed comes back
# at the next prompt.
if [[ -o zle ]]; then
    function __den_choose {
        \builtin zle push-line
        BUFFER=' workon -i'
        \builtin zle accept-line
    }
    \builtin zle -N __den_choose
    \builtin bindkey '^[j' __den_choose
fi
