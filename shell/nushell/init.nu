# den in nushell. This is a module, to be kept in a file and loaded with "use FILE *";
# "den setup nushell" sees to it.

# ask runs den and returns the plan that comes back, in a file. Standard input,
# output and error stay the person's. Where den fails there is no file, and no plan.
def --wrapped ask [...args] {
    let file = (new-file)
    $env.DEN_PLAN_FILE = $file
    ^command den --shell nushell --loaded DEN_LOADED --last (note last | default "") --within (note within | default "") --put (note put | default "") ...$args
    go / # here alone, for this directory may be gone
    let plan = (open --raw $file | from nuon)
    remove $file
    $plan
}

# The commands named first act on this shell; which one it is after a flag, den
# finds out. The words are aliases: a command that calls another would have layers
# of variables. The arguments are text, or nushell would hand 3.1 over for 3.10. It leaves
# ~/ in the arguments of such a command as it is.
@complete __den_complete
export def --env --wrapped den [...args: string] {
    let home = ($env.HOME? | default "~")
    let args = ($args | each {|arg| if ($arg starts-with "~/") { $home + ($arg | str substring 1..) } else { $arg } })
    let command = ($args | get --optional 0 | default "")
    if (prints-only $args) or not ($command in [DEN_COMMANDS] or ($command | str starts-with "-")) {
        ^command den ...$args
    } else {
        take-plan (ask ...$args)
    }
}

# prints-only reports whether den only prints something, which may go to a pipe.
def prints-only [args: list] { $args == [workon] or ($args | any {|a| $a in [-h --help] }) }

# DEN_FUNCTIONS

# DEN_PLAN

# look says once, before a prompt, that others have removed the active environment, or have
# given it another name.
def --env look [] {
    let active = ($env.DEN_ACTIVE? | default "")
    let gone = if $active == "" or (try { $active | path exists } catch { true }) { "" } else { $active }
    if $gone != (note gone | default "") {
        $env.__den = ($env.__den? | default {} | upsert gone $gone)
        if $gone != "" { print --stderr $"DEN_GONE ($gone)\nDEN_LEAVE" }
    }
}

# before-each-prompt has the shell do that before a prompt, once, however often this is
# loaded. What is first may leave an environment that is gone.
def --env before-each-prompt [hook: closure, --first] {
    let code = (view source $hook)
    let others = ($env.config.hooks?.pre_prompt? | default [] | where {|other| ($other | describe) != "closure" or (view source $other) != $code })
    $env.config.hooks.pre_prompt = if $first { $others | prepend $hook } else { $others | append $hook }
}

# load makes whole what was active in the shell that started this one. A hook may have
# started it: what is going on there is not going on here.
def --env load [] {
    if $nu.is-interactive { before-each-prompt {|| look } }
    # DEN_RESUME
}

# Of several blocks like this one, nushell takes the last.
export-env { load }
