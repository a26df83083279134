
# Environments are entered and left as the person changes the directory. Before each
# prompt, the shell itself finds out whether den has anything to do.

# list-mark is the first line of the list of projects, and the end of the name of a file
# that is there for as long as the list is this one. names are the environments that there
# were when the list was read: elvish knows no time of a file.
var list-mark links names stuck = '' [] $nil $false

# hold has a colon and the directory that asked for an environment when the person did a
# workon or deactivate by hand: that holds until they go elsewhere. Something entered by
# itself in the shell that started this one was not by hand.
var hold asked told by-itself = '' '' [&] ''
if (not-eq $E:DEN_DIRECTORY '') { set by-itself = $E:VIRTUAL_ENV }

fn is-list-current {|home|
    and (path:is-regular $home/.den/linked-$list-mark) (eq $names [$home/*[nomatch-ok]])
}

fn read-lines {|file|
    set list-mark links = '' []
    try {
        var first @lines = (slurp < $file | str:split "\n" (one))
        set list-mark = $first
        set links = [(each {|line| var @_ dir = (str:split &max=2 "\t" $line); put $dir } $lines)]
    } catch _ { }
}

# read-list reads the list. Where the environments are others than when it was read, den
# writes it anew. Where den cannot, it is asked once.
fn read-list {|home|
    read-lines $home/.den/linked
    if (and (not $stuck) (path:is-dir &follow-symlink $home) (not (is-list-current $home))) {
        set stuck = (not ?(ask here --list))
        set names = [$home/*[nomatch-ok]]
        read-lines $home/.den/linked
    }
}

# asking puts the nearest directory, from this one upwards, that asks for an environment,
# and what its .venv says, if that is a file. A builtin would read all of the file, however
# large it is.
fn asking {|mode|
    var dir = $pwd
    while (not-eq (str:trim $dir /) '') {
        var pin = $dir/.venv
        if (has-value $links $dir) {
            put $dir ''
            return
        } elif (and (eq $mode on) (path:is-regular &follow-symlink $pin)) {
            var text = ''
            try { set text = (/bin/sh -c '[ ! -s "$1" ] || command -p head -c 4096 <"$1"' sh $pin 2>/dev/null | slurp) } catch _ { }
            put $dir $text
            return
        } elif (and (eq $mode on) (path:is-dir &follow-symlink $pin)) {
            put $dir ''
            return
        }
        set dir = (re:replace '(?s)/[^/]*\z' '' $dir)
    }
    put '' ''
}

fn either {|text otherwise| if (eq $text '') { put $otherwise } else { put $text } }

# ask-here asks den, unless it has answered the same question last. den says why it does
# not enter what a directory asks for, once: told has those directories.
fn ask-here {|question dir pin|
    if (eq $question $asked) { return }
    set asked = $question
    if (eq $dir$E:DEN_DIRECTORY '') { return }
    var key = $dir/$pin
    var flags = [(if (has-key $told $key) { put --told })]
    nop ?(ask here $@flags)
    set told[$key] = $true
    set by-itself = $E:VIRTUAL_ENV
    if (eq $E:DEN_DIRECTORY $dir) { del told[$key] }
}

# is-lost says that this directory is gone, and the one that asked for the environment is
# not: elvish does not know then where it is.
fn is-lost {
    and (not (path:is-dir &follow-symlink $pwd)) (path:is-dir &follow-symlink $E:DEN_DIRECTORY)
}

fn go-by-directory {|&den-auto=$true|
    var mode = (either $E:DEN_AUTO DEN_MODE)
    if (or (not (has-value [linked on] $mode)) (is-lost)) { return }
    var home = (either $E:WORKON_HOME DEN_HOME)
    if (not (is-list-current $home)) { read-list $home }
    var dir pin = (asking $mode)
    if (not-eq $E:VIRTUAL_ENV $by-itself) {
        set by-itself = $E:VIRTUAL_ENV
        set hold = (if (eq $by-itself$dir '') { put '' } else { put ':'$dir })
        unset-env DEN_DIRECTORY
    }
    if (has-value [':' ':'$dir] $hold) { return }
    set hold = ''
    ask-here $mode' '$list-mark' '$dir/$pin $dir $pin
}
before-each-prompt den-auto $go-by-directory~
before-each-prompt den-look $look~ # once more, behind it: there is nothing to say of what it leaves
