# Takes plans. A plan is data, for nushell evaluates no text: a list of records,
# each a step that says under "do" which one it is.

# All that is this shell's alone is in the record $env.__den, which is no text, and
# so not handed to programs.
def note [name: string] { $env.__den? | default {} | get --optional $name }

# new-file returns the path of a file that is not there, for what a program hands over.
def new-file [] {
    let dirs = ([$env.XDG_RUNTIME_DIR? $env.TMPDIR? /tmp /var/tmp $env.HOME?] | where {|dir| not ($dir | is-empty) and ($dir | path type) == dir })
    $dirs | get --optional 0 | default "/" | path join $"den-(random uuid)"
}

def is-set [name: string] { ($env | get --optional $name) != null }

# is-entered reports whether a variable has the value with which the hooks of
# entering have left it.
def is-entered [step: record] {
    (is-set $step.entered) and (is-set $step.name) and ($env | get $step.name) == ($env | get $step.entered)
}

# entries returns the directories on PATH, which may be a list or a text.
def entries [path: any] {
    match ($path | describe --detailed).type {
        "list" => $path
        "nothing" => []
        _ => ($path | split row (char esep))
    }
}

# without returns the list without the first entry that is dir.
def without [dir: string] {
    let list = $in
    let at = ($list | enumerate | where item == $dir | get --optional 0.index)
    if $at == null { $list } else { $list | drop nth $at }
}

# is-path-entered reports whether PATH is what the hooks of entering have left.
def is-path-entered [] { (is-set DEN_ACTIVE_PATH) and (entries $env.PATH?) == (entries $env.DEN_ACTIVE_PATH) }

# go changes the directory, whatever the person has made of the word cd. Hidden, it
# is nushell's own again; where it was that all along there is none then, and
# go-plainly has it.
def --env go-plainly [dir: string] { cd $dir }
def --env go-uncovered [dir: string] { hide cd; cd $dir }
def --env go [dir: string] {
    if $env.PWD == $dir { return }
    try { go-uncovered $dir }
    if $env.PWD != $dir {
        try { go-plainly $dir } catch {|e| print --stderr $"den: ($e.msg): ($dir)" }
    }
}

# remove deletes a file of den's, whatever the person has made of the word rm.
def remove [file: string] { if ("/bin/rm" | path exists) { ^/bin/rm -f $file } else { rm $file } }

def draw [prompt: any] {
    if ($prompt | describe) == "closure" { do $prompt } else { $prompt } | default "" | into string
}

# shows-prompt reports whether the prompt is, or calls, the one that den has made,
# and shows the text.
def shows-prompt [text: string] { (note wrapped) != null and (draw $env.PROMPT_COMMAND? | str contains $text) }

# wrapper returns a prompt with the text in front. It looks the text up each time:
# where the person's own prompt has come to call this one, the text goes when the
# environment is left.
def wrapper [wrapped: any] { {|| $"($env.DEN_ACTIVE_PROMPT? | default '')(draw $wrapped)" } }

def is-wrapper [prompt: any] { ($prompt | describe) == "closure" and (view source $prompt | str contains "(draw $wrapped)") }

# await-terminal returns when this shell has its terminal back from the program before.
# nushell takes it back a moment after that has ended, and Ctrl-C would not reach a program
# that is started meanwhile.
def await-terminal [] {
    if not $nu.is-interactive { return }
    for _ in 1..200 {
        let stat = (try { open --raw $"/proc/($nu.pid)/stat" | str replace --regex '^.*\) ' '' | split row ' ' } catch { [] })
        # state, parent, group, session, terminal, the group in its foreground: proc(5)
        if ($stat | get --optional 5 | default "-1") in ["-1" ($stat | get --optional 2)] { return }
        sleep 1ms
    }
}

# of-hook returns the steps that take over what a hook in nushell's language has
# changed. It is sourced by a nushell of its own: in this one, that could be done only
# while this text is parsed.
def of-hook [file: string] {
    let told = (new-file)
    let code = $"let seen = {|| {dir: $env.PWD, env: \($env | transpose name value | where {|v| \($v.value | describe) =~ '^\(string|int|float|bool|list<string>)$'})}}
let before = do $seen
source ($file | to nuon)
[$before, \(do $seen)] | to nuon | save --raw ($told | to nuon)"
    try { ^$nu.current-exe --no-config-file -c $code; null }
    if not ($told | path exists) { return [] }
    let seen = (open --raw $told | from nuon)
    remove $told
    let own = [PWD OLDPWD SHLVL _ FILE_PWD CURRENT_FILE LAST_EXIT_CODE CMD_DURATION_MS NU_VERSION DEN_ACTIVE DEN_ACTIVE_PROMPT]
    let before = ($seen.0.env | where name not-in $own)
    let after = ($seen.1.env | where name not-in $own)
    [
        ...($before | where name not-in $after.name | each {|v| {do: unset, name: $v.name} })
        ...($after | where {|v| $v not-in $before } | each {|v| {do: set, name: $v.name, value: $v.value} })
        ...(if $seen.0.dir == $seen.1.dir { [] } else { [{do: cd, dir: $seen.1.dir}] })
    ]
}

# take-plan takes a plan. Steps that come to more steps put them in front. All of it
# is in one command: each call has a layer of variables to itself, and hide-env takes
# away what is in the uppermost alone.
def --env take-plan [plan: list] {
    mut todo = $plan
    mut mine = [] # the variables in the layer of this command
    mut notes = ($env.__den? | default {})
    while ($todo | is-not-empty) {
        let step = ($todo | first)
        $todo = ($todo | skip 1)
        match $step.do {
            "set" => {
                load-env {($step.name): (if $step.name == "PATH" { entries $step.value } else { $step.value })}
                $mine = [...$mine $step.name]
            }
            "unset" => {
                mut layers = if $step.name in $mine { -1 } else { 0 }
                $mine = ($mine | where $it != $step.name)
                while (is-set $step.name) {
                    hide-env $step.name
                    $layers += 1
                }
                # Of what is below the caller too, only one layer would go.
                if $layers > 1 { load-env {($step.name): null} }
            }
            "save" => {
                let value = ($env | get --optional $step.name)
                let noting = if $value == null { [] } else { [{do: set, name: $step.saved, value: $value}] }
                $todo = [{do: unset, name: $step.saved} ...$noting ...$todo]
            }
            "settle" => {
                let value = ($env | get --optional $step.name)
                let noting = if $value == null or $value == $step.ours { [] } else { [{do: set, name: $step.entered, value: $value}] }
                $todo = [{do: unset, name: $step.entered} ...$noting ...$todo]
            }
            "restore" => {
                let unchanged = ($env | get --optional $step.name) == $step.ours or (is-entered $step)
                let saved = ($env | get --optional $step.saved)
                let back = if not $unchanged { [] } else if $saved == null { [{do: unset, name: $step.name}] } else { [{do: set, name: $step.name, value: $saved}] }
                $todo = [...$back {do: unset, name: $step.saved} {do: unset, name: $step.entered} ...$todo]
            }
            "path-prepend" => { $env.PATH = [$step.dir ...(entries $env.PATH?)] }
            "path-remove" => { $env.PATH = (entries $env.PATH? | without $step.dir) }
            "path-keep" => { $notes = ($notes | upsert path (entries $env.PATH?)) }
            "path-keep-without" => { $notes = ($notes | upsert path (entries $env.PATH? | without $step.dir)) }
            "path-settle" => {
                let noted = ($notes | get --optional path)
                let changed = ($noted != null and (entries $env.PATH?) != [$step.dir ...$noted])
                $todo = [
                    {do: unset, name: DEN_ACTIVE_PATH} {do: unset, name: DEN_SAVED_PATH}
                    ...(if $changed {
                        [[name value]; [DEN_ACTIVE_PATH (entries $env.PATH?)] [DEN_SAVED_PATH $noted]] | each {|v| {do: set, name: $v.name, value: ($v.value | str join (char esep))} }
                    } else { [] })
                    ...$todo
                ]
            }
            "path-restore" => {
                $env.PATH = if (is-path-entered) { entries $env.DEN_SAVED_PATH? } else { entries $env.PATH? | without $step.dir }
                $notes = ($notes | upsert path null)
                $todo = [{do: unset, name: DEN_ACTIVE_PATH} {do: unset, name: DEN_SAVED_PATH} ...$todo]
            }
            "path-resume" => {
                if (is-path-entered) {
                    $notes = ($notes | upsert path (entries $env.DEN_SAVED_PATH?))
                } else {
                    let others = (entries $env.PATH? | without $step.dir)
                    $notes = ($notes | upsert path $others)
                    $env.PATH = [$step.dir ...$others]
                }
            }
            "prompt" => {
                if ($env.VIRTUAL_ENV_DISABLE_PROMPT? | is-empty) and not (shows-prompt $step.text) {
                    $notes = ($notes | upsert wrapped {prompt: $env.PROMPT_COMMAND?})
                    $env.PROMPT_COMMAND = (wrapper $env.PROMPT_COMMAND?)
                }
            }
            "prompt-remove" => {
                let noted = ($notes | get --optional wrapped)
                if $noted != null and (is-wrapper $env.PROMPT_COMMAND?) {
                    $notes = ($notes | upsert wrapped null)
                    let back = if $noted.prompt == null { {do: unset, name: PROMPT_COMMAND} } else { {do: set, name: PROMPT_COMMAND, value: $noted.prompt} }
                    $todo = [$back ...$todo]
                }
            }
            "note" => { $notes = ($notes | upsert $step.name $step.value) }
            "source" => { $todo = [...(of-hook $step.file) ...$todo] }
            "if" => { if ($env | get --optional $step.name) == $step.value { $todo = [...$step.then ...$todo] } }
            "run" => { await-terminal; try { ^/bin/sh -c 'cd -- "$1" && shift && exec "$@"' sh $step.dir ...$step.argv; null } }
            "cd" => { go $step.dir }
            "cross" => { await-terminal; $todo = [...(try { ask cross --carried (note carried | default "") -- ...$step.files } catch { [] }) ...$todo] }
            "again" => { await-terminal; $todo = [...(try { ask ...$step.args } catch { [] }) ...$todo] }
            _ => { error make --unspanned {msg: $"den: this shell does not know the step ($step.do), so nothing of it was taken: exec nu"} }
        }
        $env.__den = $notes
    }
    # No program starts in a directory that is gone.
    mut dir = $env.PWD
    while not ($dir | path exists) { $dir = ($dir | path dirname) }
    go $dir
    ignore # a null could not be written to a file
}
