# Source this file, from fish, to enter the environment:
#     source bin/activate.fish
# The function deactivate leaves it again.

# A shell that was started in the environment, or is in it, stays in it.
if test "$DEN_ACTIVE" = DEN_PATH; and test "$VIRTUAL_ENV" = DEN_PATH
    # resume
else
    if test -n "$VIRTUAL_ENV$__den_put"; and builtin functions -q deactivate
        deactivate
    end
    # enter
    builtin functions -e deactivate
end

if not builtin functions -q deactivate
    function deactivate --description 'Leave the Python environment'
        set -q __den_asking; and return 1
        # leave
    end
end
