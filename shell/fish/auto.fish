
# Environments are entered and left as the person changes the directory. The shell itself
# finds out whether den has anything to do.

# Reads the list of projects: __den_mark is its first line, and the end of the name of a
# file that is there for as long as the list is this one. Where the home has changed since
# it was written, den writes it anew. Where den cannot, it is asked once.
function __den_read_links
    set -l file $__den_home/.den/linked
    set -l first
    builtin test -r "$file"; and builtin read first <$file
    if builtin test -z "$__den_stuck" -a -d "$__den_home"; and begin; not builtin test -e "$file-$first"; or builtin test "$__den_home" -nt "$file-$first"; end
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
    set -g __den_below (builtin string replace -ra '[*?\\\\]' '*' -- $__den_links)'/*'
end

# Finds the directory that asks for something, and puts it into __den_dir: the nearest one,
# from this one upwards, that is in the list of projects or, in the mode on, has a .venv.
# __den_pin has the text of that if it is a file, __den_file its path, and __den_pins tests
# whether another .venv counts now than did then.
function __den_find --argument-names mode
    set -g __den_dir ''
    set -g __den_pin ''
    set -g __den_file
    set -g __den_pwd $PWD
    set -g __den_pins -n ''
    set -l names (builtin string split -n / -- $PWD)
    set -l links
    switch $PWD/
        case '*'\n'*' # where a substitution splits as well
            builtin printf %s $PWD | builtin read -z -d / -a names
            set -e names[1]
            set links $__den_links
        case $__den_below # these patterns match more, where a name has something to escape
            set links $__den_links
    end
    set -l way ''
    for name in $names
        set way $way/$name
        set -p __den_pins -e $way/.venv -o
        if set -q links[1]; and builtin contains -- $way $links
            set __den_dir $way
            set __den_pins -n ''
        end
    end
    builtin test $mode = on; or set __den_pins -n ''
    builtin test $__den_pins; or return
    set -l places $__den_pins
    set __den_pins -n ''
    for place in $places
        builtin contains -- "$place" -e -o -n ''; and continue
        if not builtin test -e $place
            set -a __den_pins -o -e $place
            continue
        end
        set __den_dir (builtin string replace -r '/\.venv\z' '' -- $place | builtin string collect)
        # The files of /proc, which a link may lead to, can have a reader wait. They are empty.
        if builtin test -f $place -a -s $place -a -r $place
            set __den_file $place
            builtin read -g -z -n 4096 __den_pin <$__den_file
            set -a __den_pins -o ! -f $__den_file -o ! -s $__den_file -o ! -r $__den_file
        else if builtin test -d $place
            set -a __den_pins -o ! -d $place
        else
            set __den_pins -n x
        end
        return
    end
end

# Enters or leaves what there is to enter or leave. Most prompts end at the first test: it
# is one, because each call takes longer than a look at the disk. A workon or deactivate by
# hand holds until the person goes elsewhere: __den_hold has a colon and the directory that
# asked for an environment then. It does nothing while a plan is taken.
function __den_auto
    set -q __den_busy[1]; and return
    if builtin test "$__den_seen" = "$DEN_AUTO:$WORKON_HOME:$PWD:$VIRTUAL_ENV" -a -e "$__den_list" -a ! "$__den_home" -nt "$__den_list" -a ! \( $__den_pins \)
        set -q __den_file[1]; or return 0
        builtin read -l -z -n 4096 pin <$__den_file
        builtin test "$pin" = "$__den_pin"; and return
    end
    set -l mode DEN_MODE
    builtin test -n "$DEN_AUTO"; and set mode $DEN_AUTO
    builtin contains -- $mode linked on; or return 0
    set -g __den_home DEN_HOME
    builtin test -n "$WORKON_HOME"; and set -g __den_home $WORKON_HOME
    set -g __den_list "$__den_home/.den/linked-$__den_mark"
    if builtin test ! -e "$__den_list" -o "$__den_home" -nt "$__den_list"
        __den_read_links
        set __den_list "$__den_home/.den/linked-$__den_mark"
    end
    set -l here "$DEN_AUTO:$WORKON_HOME:$PWD"
    __den_find $mode
    if builtin test "$VIRTUAL_ENV" != "$__den_env"
        set -g __den_env $VIRTUAL_ENV
        set -g __den_hold ":$__den_dir"
        set -eg DEN_DIRECTORY
        builtin test -z "$__den_env$__den_dir"; and set -g __den_hold ''
    end
    if not builtin contains -- "$__den_hold" : ":$__den_dir"
        set -g __den_hold ''
        __den_ask "$__den_dir" "$__den_pin" $mode
    end
    set -g __den_seen "$here:$VIRTUAL_ENV"
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

# Looks at once, unless "cd ." has changed nothing. Where direnv waits for the prompt, to put
# an old copy of PATH back, den comes after that.
function __den_cd --on-variable PWD
    builtin test "$PWD" = "$__den_pwd"; or builtin functions -q __direnv_export_eval; or __den_auto
end

# A command that was interrupted may have left its mark that a plan is taken. There is
# nothing to say of an environment that is gone where the shell leaves it by itself.
function __den_prompt --on-event fish_prompt
    set -eg __den_busy
    __den_auto
    __den_look
end

if not status is-interactive
    builtin functions -e __den_cd __den_prompt
end

# What was entered in the shell that started this one, by itself, was not by hand.
set -g __den_mark
set -g __den_links
set -g __den_below
set -g __den_stuck ''
set -g __den_seen ''
set -g __den_pwd ''
set -g __den_list ''
set -g __den_home ''
set -g __den_pins -n ''
set -g __den_file
set -g __den_hold ''
set -g __den_asked ''
set -g __den_told
set -g __den_env ''
builtin test -n "$DEN_DIRECTORY"; and set -g __den_env $VIRTUAL_ENV
builtin true
