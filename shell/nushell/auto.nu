
# Environments are entered and left as the person changes the directory. Before each
# prompt, the shell itself finds out whether den has anything to do. What it keeps from
# prompt to prompt is in the record $env.__den_auto.

# modified returns when a file was last changed.
def modified [file: string] { ls -D $file | get 0.modified }

# read-links returns the state with the list of projects in it: mark is its first line,
# and the end of the name of a file that is there for as long as the list is this one.
# Where the home has changed since it was written, den writes it anew. Where den cannot,
# it is asked once.
def read-links [state: record, home: string] {
    let file = $"($home)/.den/linked"
    mut stuck = $state.stuck
    mut mark = (try { open --raw $file | lines | first } catch { "" })
    let marker = $"($file)-($mark)"
    if not $stuck and ($home | path type) == dir and (not ($marker | path exists) or (modified $home) > (modified $marker)) {
        $stuck = (try { ask here --list; false } catch { true })
        $mark = (try { open --raw $file | lines | first } catch { "" })
    }
    let links = (try { open --raw $file | lines | skip 1 | each {|line| $line | split row --number 2 "\t" | last } } catch { [] })
    $state | merge {stuck: $stuck, mark: $mark, links: $links}
}

# asking returns the nearest directory, from this one upwards, that asks for an
# environment, and what its .venv says, if that is a file.
def asking [links: list<string>, mode: string] {
    mut dir = $env.PWD
    while $dir != "/" {
        if $dir in $links { return {dir: $dir, pin: ""} }
        let file = $"($dir)/.venv"
        if $mode == on and ($file | path exists) {
            let size = (if ($file | path type) == file { ls -D $file | get 0.size } else { 0b })
            let is_small = $size > 0b and $size < 4kB
            return {dir: $dir, pin: (if $is_small { try { open --raw $file | into string } catch { "" } } else { "" })}
        }
        $dir = ($dir | path dirname)
    }
    {dir: "", pin: ""}
}

# auto-next returns the state after this prompt, and what there is to do for it. A workon or
# deactivate by hand holds until the person goes elsewhere: hold has a colon and the
# directory that asked for an environment then.
def auto-next [] {
    let fresh = {mark: "", links: [], stuck: false, hold: "", asked: "", told: [], env: (if ($env.DEN_DIRECTORY? | is-empty) { "" } else { $env.VIRTUAL_ENV? | default "" })}
    mut state = ($env.__den_auto? | default $fresh)
    let mode = if ($env.DEN_AUTO? | is-empty) { "DEN_MODE" } else { $env.DEN_AUTO }
    if $mode not-in [linked on] { return {state: $state, by_hand: false, flags: null, key: ""} }
    let home = if ($env.WORKON_HOME? | is-empty) { DEN_HOME } else { $env.WORKON_HOME }
    let marker = $"($home)/.den/linked-($state.mark)"
    if not ($marker | path exists) or (modified $home) > (modified $marker) { $state = (read-links $state $home) }
    let place = (asking $state.links $mode)
    let active = ($env.VIRTUAL_ENV? | default "")
    let by_hand = $active != $state.env
    if $by_hand {
        $state = ($state | merge {env: $active, hold: (if $active == "" and $place.dir == "" { "" } else { $":($place.dir)" })})
    }
    let key = $"($place.dir)/($place.pin)"
    if $state.hold in [":" $":($place.dir)"] { return {state: $state, by_hand: $by_hand, flags: null, key: $key} }
    let question = $"($mode):($state.mark):($key)"
    let is_new = $question != $state.asked
    $state = ($state | merge {hold: "", asked: $question})
    let directory = if $by_hand { "" } else { $env.DEN_DIRECTORY? | default "" }
    if not $is_new or ($place.dir == "" and $directory == "") { return {state: $state, by_hand: $by_hand, flags: null, key: $key} }
    let flags = if $key in $state.told { [--told] } else { [] }
    {state: ($state | upsert told ($state.told | append $key | uniq)), by_hand: $by_hand, flags: $flags, key: $key}
}

# Hangs it on what nushell does before a prompt. All is in the closure: each call has a
# layer of variables.
export-env {
    load
    let hook = {||
        let next = (auto-next)
        if $next.by_hand { take-plan [{do: unset, name: DEN_DIRECTORY}] }
        if $next.flags != null { take-plan (try { ask here ...$next.flags } catch { [] }) }
        # den says why it does not enter what a directory asks for, once.
        let entered = (is-set DEN_DIRECTORY) and ($next.key | str starts-with $"($env.DEN_DIRECTORY)/")
        let told = if $entered { $next.state.told | where $it != $next.key } else { $next.state.told }
        $env.__den_auto = if $next.flags == null { $next.state } else { $next.state | merge {env: ($env.VIRTUAL_ENV? | default ""), told: $told} }
    }
    before-each-prompt --first $hook
}
