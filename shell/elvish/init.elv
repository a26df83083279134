# den in elvish: eval &ns=(ns [&]) (den init elvish | slurp)

# DEN_PLAN

var within = ''     # the work in progress, which a den that a hook calls reads
var failure = $ok   # the exception of a den that a plan has called
var whole = $false  # whether all of a plan has been taken
var words = [&]     # the functions of the integration
var steps = (ns [&])

# take-plan takes a plan. A den that it calls takes a plan of its own meanwhile.
fn take-plan {|plan|
    var outer = $within
    set whole = $false
    try { eval &ns=$steps $plan } finally { set within = $outer }
    if (not $whole) { fail 'den: this shell has not taken all that den had for it' }
    set whole = $false
}

# ask runs den and takes the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's. Where it fails, the exception is
# the program's.
fn call {|@args| command den --shell elvish --loaded DEN_LOADED --last $last --within $within --put $mark $@args >&5 5>&- }
fn ask {|@args|
    var plan = ''
    var result = ?({ set plan = (call $@args 3>&1 | slurp) } 5>&1)
    if (and $result (not-eq $plan '')) { # there is none where head has had enough of den
        take-plan $plan
        set result failure = $failure $ok
    }
    if (not $result) { fail $result }
}

fn all-taken { set whole = $true }
fn note-within {|text| set within = $text }

# again has den go on from the shell as it is now.
fn again {|@args| set failure = ?(ask $@args) }

# cross has sh source hooks that are written for it.
fn cross {|@files| nop ?(ask cross --carried $carried -- $@files) }

# source sources a hook. A command that fails ends it, which is said. The functions that
# it has defined are the person's.
fn source {|file|
    var defined = (ns [&])
    try {
        eval &ns=(ns $words) &on-end={|all| set defined = $all } (slurp < $file)
        keys $defined | each {|name|
            if (and (str:has-suffix $name '~') (not (has-key $words $name))) { add-var $name $defined[$name] }
        }
    } catch e {
        var said = (show $e | take 1 | re:replace "\e\\[[0-9;]*m|^Exception: " '' (one))
        echo 'den: warning: the hook '$file' has ended: '$said >&2
    }
}

fn run {|dir @argv| nop ?(/bin/sh -c 'cd -- "$1" && shift && exec "$@"' sh $dir $@argv) }

# go calls the person's own functions for a change of the directory.
fn go {|dir| if (not-eq $pwd $dir) { try { cd $dir } catch _ { echo 'den: no way to '$dir >&2 } } }

fn define-deactivate { add-var deactivate~ $words[deactivate~] }

# before-each-prompt has the shell call a function that has den's option of that name, in
# place of one that an earlier load has hung there.
var prompt-calls~ = (of-edit 'put { put $@edit:before-readline }' $nop~)
var set-prompt-calls~ = (of-edit 'put {|@all| set edit:before-readline = $all }' $nop~)
fn before-each-prompt {|option function|
    set-prompt-calls (prompt-calls | each {|f| if (not (is-marked $f $option)) { put $f } }) $function
}

# look says once, before a prompt, that others have removed the active environment, or have
# given it another name. Loading this twice has the shell look once.
var gone = ''
fn look {|&den-look=$true|
    if (or (eq $E:DEN_ACTIVE '') (path:is-dir &follow-symlink $E:DEN_ACTIVE)) {
        set gone = ''
    } elif (not-eq $gone $E:DEN_ACTIVE) {
        set gone = $E:DEN_ACTIVE
        echo 'DEN_GONE '$gone"\nDEN_LEAVE" >&2
    }
}
before-each-prompt den-look $look~

set steps = (ns [
    &all-taken~=$all-taken~ &again~=$again~ &cross~=$cross~ &define-deactivate~=$define-deactivate~ &go~=$go~ &has~=$has~
    &note-carried~=$note-carried~ &note-last~=$note-last~ &note-mark~=$note-mark~ &note-within~=$note-within~
    &path-keep~=$path-keep~ &path-keep-without~=$path-keep-without~ &path-prepend~=$path-prepend~ &path-remove~=$path-remove~
    &path-restore~=$path-restore~ &path-resume~=$path-resume~ &path-settle~=$path-settle~
    &prompt~=$prompt~ &prompt-remove~=$prompt-remove~ &prompt-settle~=$prompt-settle~ &remove-deactivate~=$remove-deactivate~
    &restore~=$restore~ &run~=$run~ &save~=$save~ &settle~=$settle~ &source~=$source~ &unwatch~=$unwatch~ &watch~=$watch~
])

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
fn den {|@args|
    if (and (not-eq $args []) (or (has-value [DEN_COMMANDS] $args[0]) (str:has-prefix $args[0] -))) {
        ask $@args
    } else {
        command den $@args
    }
}
set words[den~] = $den~

# DEN_FUNCTIONS

# deactivate is there while an environment is active. A script finds all of them in
# what eval hands to &on-end.
for name [(keys $words)] { if (not-eq $name deactivate~) { add-var $name $words[$name] } }

# DEN_RESUME
