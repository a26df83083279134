# den in DEN_SHELL: eval "$(den init DEN_SHELL)"

# Not those of a shell in which a hook has started this one.
\builtin unset __den_within __den_asking

\builtin unalias DEN_WORDS 2>/dev/null || \builtin :

# Runs den, in a subshell. What the person has set for it and not exported, den
# sees, but nothing else that they start.
function __den_exec {
    # shellcheck disable=SC2034,SC2086 # the names of those that are set, and no others
    \builtin export PATH DEN_VARIABLES
    if \builtin [ ! -x DEN_FILE ]; then
        \builtin printf 'DEN_LACKED %s\nDEN_UNLOAD\n' DEN_FILE >&2
        \builtin exit 127
    fi
    \builtin exec command den "$@"
}

# Runs den and evaluates the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's.
function __den {
    # With standard output closed there is nothing to keep for the person. This is
    # tried out only where it may be so: zsh does not survive "2>/dev/null" where it
    # can open no more files.
    if \builtin [ ! -e /dev/fd/1 ] && ! { { \builtin :; } 4>&1; } 2>/dev/null; then __den "$@" >/dev/null; \builtin return; fi
    \builtin local __den_plan __den_status __den_call
    __den_status=0
    # shellcheck disable=SC2016 # expanded when it is evaluated
    __den_call='{ __den_plan=$(__den_exec --shell DEN_SHELL --loaded DEN_LOADED --last "${__den_last-}" --within "${__den_within-}" --put "${__den_put-}" "$@" 3>&1 >&4 4>&-) || __den_status=$?; } 4>&1'
    # An interrupt would end all functions of zsh, with status 1.
    # shellcheck disable=SC2016
    if \builtin [ -n "${ZSH_VERSION-}" ]; then __den_call="{ $__den_call; } always { "'if \builtin [ "$TRY_BLOCK_INTERRUPT" = 1 ]; then TRY_BLOCK_INTERRUPT=0; __den_status=130; fi; }'; fi
    # DEN_CALL
    \builtin eval "$__den_call"
    if \builtin [ "$__den_status" != 0 ]; then \builtin return "$__den_status"; fi
    \builtin eval "$__den_plan"
    if \builtin [ "$__den_plan" != taken ]; then
        \builtin echo 'den: error: this shell has not taken all that den had for it' >&2
        \builtin return 1
    fi
    \builtin return "$__den_status"
}

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
function den {
    case ${1-} in
    DEN_COMMANDS | -*) __den "$@" ;;
    *) (__den_exec "$@") ;;
    esac
}

# DEN_FUNCTIONS
# DEN_LOOK

# DEN_RESUME
