# Source this file, from fish, to enter the environment:
#     source bin/activate.fish
# The function deactivate leaves it again.

if set -q VIRTUAL_ENV; and functions -q deactivate
    deactivate
end

function deactivate --description 'Leave the Python environment'
    # leave
end

# enter
