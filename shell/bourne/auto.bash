# Environments are entered and left as the person changes the directory. Before each
# prompt, the shell itself finds out whether den has anything to do.

# Notes what there is to look at before each prompt here, and reports whether there is
# anything: __den_linked is the nearest directory, from this one upwards, that is in the
# list of projects, and __den_pins tests all the places of a .venv below that. This holds
# until the directory, one of the person's settings, or the list is another one.
function __den_survey {
    __den_mode=${DEN_AUTO:-DEN_MODE} __den_home=${WORKON_HOME:-DEN_HOME} __den_linked='' __den_pins=('')
    case $__den_mode in
    linked | on) ;;
    *) \builtin return 1 ;;
    esac
    if [[ ! -e "$__den_home/.den/linked-$__den_mark" || "$__den_home" -nt "$__den_home/.den/linked-$__den_mark" ]]; then __den_read_links; fi
    __den_list=$__den_home/.den/linked-$__den_mark
    __den_here=${DEN_AUTO-}:${WORKON_HOME-}:${PWD-}
    case ${PWD-} in
    /?*) __den_linked=$PWD ;;
    esac
    while [[ -n $__den_linked ]]; do
        case $__den_links in
        *$'\t'"$__den_linked"$'\n'*) \builtin return 0 ;;
        esac
        case $__den_mode in
        on) __den_pins+=(-o -e "$__den_linked/.venv") ;;
        esac
        __den_linked=${__den_linked%/*}
    done
}

# Reads the list of projects: __den_mark is its first line, and the end of the name of a
# file that is there for as long as the list is this one. Where the home has changed since
# it was written, den writes it anew. Where den cannot, it is asked once.
function __den_read_links {
    \builtin local __den_first
    __den_read_mark
    if \builtin [ -z "$__den_stuck" ] && { \builtin [ ! -e "$__den_home/.den/linked-$__den_first" ] || \builtin [ "$__den_home" -nt "$__den_home/.den/linked-$__den_first" ]; } && \builtin [ -d "$__den_home" ]; then
        __den here --list || __den_stuck=1
        __den_read_mark
    fi
    if \builtin [ "$__den_first" = "$__den_mark" ]; then \builtin return 0; fi
    __den_mark=$__den_first __den_links=''
    if \builtin [ -n "$__den_first" ]; then IFS= \builtin read -r -d '' __den_links <"$__den_home/.den/linked" || \builtin :; fi
}
function __den_read_mark {
    __den_first=''
    if \builtin [ -r "$__den_home/.den/linked" ]; then IFS= \builtin read -r __den_first <"$__den_home/.den/linked" || \builtin :; fi
}

# Enters or leaves what there is to enter or leave: __den_dir is the directory that asks for
# something, the nearest one with a .venv or else __den_linked, and __den_pin has the text
# of a .venv that is a file. Most prompts end at the third condition. A workon or deactivate by hand holds
# until the person goes elsewhere: __den_hold has a colon and the directory that asked
# for an environment then. It does nothing while a plan is taken, or in a subshell.
function __den_auto {
    case ${__den_plan+x}${ZSH_SUBSHELL-0} in
    0) ;;
    *) \builtin return 0 ;;
    esac
    if [[ ${DEN_AUTO-}:${WORKON_HOME-}:${PWD-} != "$__den_here" || ! -e $__den_list || $__den_home -nt $__den_list ]] && ! __den_survey; then \builtin return 0; fi
    __den_dir=$__den_linked __den_pin=''
    if \builtin [ "${__den_pins[@]}" ]; then
        __den_dir=$PWD
        until [[ $__den_dir = "$__den_linked" || -e $__den_dir/.venv ]]; do __den_dir=${__den_dir%/*}; done
        # The files of /proc, which a link may lead to, can have a reader wait. They are empty.
        if [[ -f $__den_dir/.venv && -s $__den_dir/.venv && -r $__den_dir/.venv ]]; then DEN_READ __den_pin <"$__den_dir/.venv" || \builtin :; fi
    fi
    if [[ $__den_mode:${VIRTUAL_ENV-}:$__den_mark:$__den_dir/$__den_pin = "$__den_seen" ]]; then \builtin return 0; fi
    if \builtin [ "${VIRTUAL_ENV-}" != "$__den_env" ]; then
        __den_env=${VIRTUAL_ENV-} __den_hold=":$__den_dir"
        \builtin unset DEN_DIRECTORY
        if \builtin [ -z "$__den_env$__den_dir" ]; then __den_hold=''; fi
    fi
    if \builtin [ "$__den_hold" != : ] && \builtin [ "$__den_hold" != ":$__den_dir" ]; then
        __den_hold=''
        __den_ask "$__den_mode:$__den_mark:$__den_dir/$__den_pin"
    fi
    __den_seen=$__den_mode:${VIRTUAL_ENV-}:$__den_mark:$__den_dir/$__den_pin
}

# Asks den, unless it has answered the same question last. den says why it does not enter
# what a directory asks for, once: __den_told has those directories.
function __den_ask {
    if \builtin [ "$1" = "$__den_asked" ]; then \builtin return 0; fi
    __den_asked=$1
    if \builtin [ -z "$__den_dir${DEN_DIRECTORY-}" ]; then \builtin return 0; fi
    \builtin set -- $'\n'"$__den_dir/$__den_pin"$'\n'
    case $__den_told in
    *"$1"*) __den here --told || \builtin : ;;
    *)
        __den here || \builtin :
        __den_told=$__den_told$1
        ;;
    esac
    __den_env=${VIRTUAL_ENV-}
    if \builtin [ "${DEN_DIRECTORY-}" = "$__den_dir" ]; then __den_told=${__den_told%%"$1"*}${__den_told#*"$1"}; fi
}

# What was entered in the shell that started this one, by itself, was not by hand.
__den_mark='' __den_links='' __den_stuck='' __den_here='' __den_list='' __den_linked='' __den_pins=('') __den_seen='' __den_hold='' __den_asked='' __den_told='' __den_env=''
if \builtin [ -n "${DEN_DIRECTORY-}" ]; then __den_env=${VIRTUAL_ENV-}; fi
