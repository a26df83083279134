# Takes plans: each function here that has a name in a plan is one step.

use path
use re
use str

# What only a shell at a terminal has: there is no edit: in a script.
fn of-edit {|code otherwise| try { eval &ns=(ns [&]) $code } catch _ { put $otherwise } }
var add-var~ = (of-edit 'put $edit:add-var~' $nop~)
var del-var~ = (of-edit 'put $edit:del-var~' $nop~)
var prompt-now~ = (of-edit 'put { put $edit:prompt }' { put $nil })
var set-prompt~ = (of-edit 'put {|prompt| set edit:prompt = $prompt }' $nop~)

# is-marked reports whether a function has den's option of that name.
fn is-marked {|f option| try { has-value $f[opt-names] $option } catch _ { put $false } }

# What is this shell's alone.
var mark last carried = '' '' ''
var path-before = $nil    # PATH, but for the environment's entry
var prompt-before = $nil  # the prompt that den has wrapped
var prompt-of-hook = $nil # the one that a hook has left

fn note-mark {|text| set mark = $text }
fn note-last {|text| set last = $text }
fn note-carried {|text| set carried = $text }

fn remove-deactivate { del-var deactivate~ }

# has reports whether the variable is set, to one of the values.
fn has {|name @values| and (has-env $name) (has-value $values (get-env $name)) }

# same reports whether two variables are set, to the same value.
fn same {|name other| and (has-env $other) (has $name (get-env $other)) }

# copy sets a variable to the value of another, if that has one.
fn copy {|from to| if (has-env $from) { set-env $to (get-env $from) } }

fn save {|name saved|
    unset-env $saved
    copy $name $saved
}

# What a variable has as den's own value comes last; nothing, where it is unset.
fn settle {|name entered @ours|
    unset-env $entered
    if (not (has $name $@ours)) { copy $name $entered }
}

fn restore {|name saved entered @ours|
    if (or (has $name $@ours) (eq [(has-env $name) $ours] [$false []]) (same $name $entered)) {
        unset-env $name
        copy $saved $name
    }
    unset-env $saved
    unset-env $entered
}

# is-inside reports whether the shell is in one of the directories. What is below one
# that has a file called stop is no part of it.
fn is-inside {|stop @dirs|
    var dir = $pwd
    while (not-eq $dir '') {
        if (has-value $dirs $dir) { put $true; return }
        if (and (not-eq $stop '') (path:is-regular &follow-symlink $dir/$stop)) { break }
        set dir = (re:replace '(?s)/[^/]*\z' '' $dir)
    }
    put $false
}

# watch keeps a variable set while the shell is in one of the directories.
fn end-watch { set after-chdir = [(each {|f| if (not (is-marked $f den-watch)) { put $f } } $after-chdir)] }
fn watch {|name saved entered value stop @dirs|
    end-watch
    var look~ = {|&den-watch=$true @_|
        var inside = (and (has-env DEN_PROJECT) (is-inside $stop $@dirs))
        if (and $inside (not (has-env $entered))) {
            save $name $saved
            set-env $name $value
            set-env $entered $value
        } elif (and (not $inside) (has-env $entered)) {
            restore $name $saved $entered $value
        }
    }
    set after-chdir = [$@after-chdir $look~]
    look
}

fn unwatch {|name saved entered value|
    end-watch
    if (has-env $entered) { restore $name $saved $entered $value }
}

fn entries { if (has-env PATH) { str:split : $E:PATH } }
fn set-path {|@dirs| set-env PATH (str:join : $dirs) }

# without puts the directories, but for the first that is dir.
fn without {|dir @dirs|
    var found = $false
    for entry $dirs {
        if (or $found (not-eq $entry $dir)) { put $entry } else { set found = $true }
    }
}

fn path-prepend {|dir| set-path $dir (entries) }
fn path-remove {|dir| if (has-env PATH) { set-path (without $dir (entries)) } }
fn path-keep { set path-before = [(entries)] }
fn path-keep-without {|dir| set path-before = [(without $dir (entries))] }

fn path-settle {|dir|
    unset-env DEN_ACTIVE_PATH
    unset-env DEN_SAVED_PATH
    if (and (not-eq $path-before $nil) (not-eq [(entries)] [$dir $@path-before])) {
        copy PATH DEN_ACTIVE_PATH
        set-env DEN_SAVED_PATH (str:join : $path-before)
    }
}

fn path-restore {|dir|
    if (same PATH DEN_ACTIVE_PATH) { copy DEN_SAVED_PATH PATH } else { path-remove $dir }
    unset-env DEN_ACTIVE_PATH
    unset-env DEN_SAVED_PATH
    set path-before = $nil
}

fn path-resume {|dir|
    if (same PATH DEN_ACTIVE_PATH) {
        set path-before = [(str:split : $E:DEN_SAVED_PATH)]
    } else {
        path-keep-without $dir
        set-path $dir $@path-before
    }
}

# wrapper returns a prompt with den's text in front, which it looks up each time:
# where the person's own prompt has come to call this one, the text goes when the
# environment is left. It hands out the wrapped one if it is asked for that. A prompt
# either prints or puts; of one that does both, the order would be lost.
fn wrapper {|wrapped|
    var show~ = $put~
    if (not-eq ($wrapped | only-bytes | slurp) '') { set show~ = $print~ }
    put {|&den-wrapped=$false|
        if $den-wrapped { put $wrapped } else { show $E:DEN_ACTIVE_PROMPT; $wrapped }
    }
}

fn is-wrapper {|prompt| is-marked $prompt den-wrapped }

fn draw {|prompt| print ($prompt) | slurp }

# shows-prompt reports whether the prompt is, or calls, the wrapper.
fn shows-prompt {|text|
    or (is-wrapper (prompt-now)) (and (not-eq $prompt-before $nil) (str:contains (draw (prompt-now)) $text))
}

fn prompt {|text|
    if (and (eq $E:VIRTUAL_ENV_DISABLE_PROMPT '') (not-eq (prompt-now) $nil) (not (shows-prompt $text))) {
        set prompt-before = (prompt-now)
        set-prompt (wrapper $prompt-before)
    }
}

fn prompt-settle {
    set prompt-of-hook = $nil
    if (not (is-wrapper (prompt-now))) { set prompt-of-hook = (prompt-now) }
}

# Where the person has defined another prompt since, it stays. If it calls the wrapper,
# that one still needs the wrapped.
fn prompt-remove {
    if (is-wrapper (prompt-now)) {
        set-prompt ((prompt-now) &den-wrapped)
    } elif (and (not-eq $prompt-before $nil) (eq (prompt-now) $prompt-of-hook)) {
        set-prompt $prompt-before
    }
    set prompt-of-hook = $nil
}
