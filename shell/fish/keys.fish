# Alt-J shows the environments to choose from, and leaves the line that is being typed.
if status is-interactive
    for __den_mode in default insert
        bind -M $__den_mode \ej 'workon -i; commandline -f repaint'
    end
    set -e __den_mode
end
