# den in fish: den init fish | source

# Not that of a shell in which a hook has started this one.
set -e __den_within

# Says that the program is not there any more, if so.
function __den_lacks_program
    builtin test -x DEN_FILE
    and return 1
    builtin printf 'DEN_LACKED %s\nDEN_UNLOAD\n' DEN_FILE >&2
end

# Runs den.
function __den_exec
    __den_lacks_program
    and return 127
    command den $argv
end

# Runs den and evaluates the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's.
function __den
    __den_lacks_program
    and return 127
    command den --shell fish --loaded DEN_LOADED --last "$__den_last" --within "$__den_within" --put "$__den_put" $argv 3>| read --local --null __den_plan
    set --local __den_status $pipestatus[1]
    test $__den_status = 0; or return $__den_status
    set -g -a __den_busy plan
    eval $__den_plan
    set -eg __den_busy[1]
    if test "$__den_plan" != taken
        builtin printf 'den: error: this shell has not taken all that den had for it\n' >&2
        return 1
    end
    return $__den_status
end

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
function den
    switch "$argv[1]"
        case DEN_COMMANDS '-*'
            __den $argv
        case '*'
            __den_exec $argv
    end
end

# DEN_FUNCTIONS

# Says once, before a prompt, that others have removed the active environment, or have
# given it another name.
function __den_look
    if builtin test -z "$DEN_ACTIVE" -o -e "$DEN_ACTIVE"
        set -g __den_gone
    else if builtin test "$__den_gone" != "$DEN_ACTIVE"
        set -g __den_gone $DEN_ACTIVE
        builtin printf 'DEN_GONE %s\nDEN_LEAVE\n' $DEN_ACTIVE >&2
    end
end

function __den_prompt --on-event fish_prompt
    __den_look
end

# DEN_RESUME
