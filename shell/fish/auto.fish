
# Environments are entered and left as the person changes the directory. The shell itself
# finds out whether den has anything to do.

# Reads the list of projects: __den_mark is its first line, and the end of the name of a
# file that is there for as long as the list is this one. Where the home has changed since
# it was written, den writes it anew. Where den cannot, it is asked once.
function __den_read_links --argument-names home
    set -l file $home/.den/linked
    set -l first
    builtin test -r "$file"; and builtin read first <$file
    if builtin test -z "$__den_stuck" -a -d "$home"; and begin; not builtin test -e "$file-$first"; or builtin test "$home" -nt "$file-$first"; end
        __den here --list; or set -g __den_stuck 1
        builtin test -r "$file"; and builtin read first <$file
    end
    builtin test "$first" = "$__den_mark"; and return
    set -g __den_mark $first
    set -g __den_links
    if builtin test -n "$first"
        builtin read -l -z text <$file
        set -g __den_links (builtin string replace -rf '^[^\t]*\t' '' -- (builtin string split \n -- $text))
    end
end

# Notes what there is to look at before each prompt in this directory: __den_linked is the
# nearest directory, from this one upwards, that is in the list of projects, __den_ways are
# those below that, and __den_pins tests all the places of a .venv in them.
function __den_walk --argument-names mode
    set -g __den_from "$mode:$__den_mark:$PWD"
    set -g __den_linked ''
    set -g __den_ways
    set -g __den_pins ''
    set -l way ''
    for name in (builtin string split -n / -- $PWD)
        set way $way/$name
        if builtin contains -- $way $__den_links
            set __den_linked $way
            set __den_ways
            set __den_pins ''
        else
            set -p __den_ways $way
            set -a __den_pins -o -e $way/.venv
        end
    end
    builtin test $mode = on; or set __den_pins ''
end

# Enters or leaves what there is to enter or leave. A workon or deactivate by hand holds
# until the person goes elsewhere: __den_hold has a colon and the directory that asked
# for an environment then. It does nothing while a plan is taken.
function __den_auto
    set -q __den_busy[1]; and return
    set -l mode DEN_MODE
    builtin test -n "$DEN_AUTO"; and set mode $DEN_AUTO
    builtin contains -- $mode linked on; or return 0
    set -l home DEN_HOME
    builtin test -n "$WORKON_HOME"; and set home $WORKON_HOME
    set -l marker "$home/.den/linked-$__den_mark"
    if not builtin test -e $marker; or builtin test "$home" -nt $marker
        __den_read_links $home
    end
    builtin test "$__den_from" = "$mode:$__den_mark:$PWD"; or __den_walk $mode
    set -l dir $__den_linked
    set -l pin ''
    if builtin test $__den_pins
        for way in $__den_ways
            builtin test -e $way/.venv; or continue
            set dir $way
            # The files of /proc, which a link may lead to, can have a reader wait. They are empty.
            builtin test -f $way/.venv -a -s $way/.venv -a -r $way/.venv; and builtin read -z -n 4096 pin <$way/.venv
            break
        end
    end
    builtin test "$__den_seen" = "$mode:$__den_mark:$VIRTUAL_ENV:$dir/$pin"; and return
    if builtin test "$VIRTUAL_ENV" != "$__den_env"
        set -g __den_env $VIRTUAL_ENV
        set -g __den_hold ":$dir"
        set -eg DEN_DIRECTORY
        builtin test -z "$__den_env$dir"; and set -g __den_hold ''
    end
    if not builtin contains -- "$__den_hold" : ":$dir"
        set -g __den_hold ''
        __den_ask "$dir" "$pin" $mode
    end
    set -g __den_seen "$mode:$__den_mark:$VIRTUAL_ENV:$dir/$pin"
end

# Asks den, unless it has answered the same question last. den says why it does not enter
# what a directory asks for, once: __den_told has those directories.
function __den_ask --argument-names dir pin mode
    builtin test "$mode:$__den_mark:$dir/$pin" = "$__den_asked"; and return
    set -g __den_asked "$mode:$__den_mark:$dir/$pin"
    builtin test -z "$dir$DEN_DIRECTORY"; and return
    if builtin contains -- "$dir/$pin" $__den_told
        __den here --told
    else
        set -a __den_told "$dir/$pin"
        __den here
    end
    set -g __den_env $VIRTUAL_ENV
    if builtin test "$DEN_DIRECTORY" = "$dir"
        set -l told (builtin contains -i -- "$dir/$pin" $__den_told)
        and set -e __den_told[$told]
    end
end

# Looks at once. Where direnv waits for the prompt, to put an old copy of PATH back, den
# comes after that.
function __den_cd --on-variable PWD
    builtin functions -q __direnv_export_eval; or __den_auto
end

# A command that was interrupted may have left its mark that a plan is taken.
function __den_prompt --on-event fish_prompt
    set -eg __den_busy
    __den_auto
end

if not status is-interactive
    builtin functions -e __den_cd __den_prompt
end

# What was entered in the shell that started this one, by itself, was not by hand.
set -g __den_mark
set -g __den_links
set -g __den_stuck ''
set -g __den_seen ''
set -g __den_from ''
set -g __den_ways
set -g __den_linked ''
set -g __den_pins ''
set -g __den_hold ''
set -g __den_asked ''
set -g __den_told
set -g __den_env ''
builtin test -n "$DEN_DIRECTORY"; and set -g __den_env $VIRTUAL_ENV
builtin true
