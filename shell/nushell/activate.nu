# Enter the environment with this file, from nushell:
#     overlay use bin/activate.nu
# or "use bin/activate.nu *". The command deactivate leaves it again.

# DEN_PLAN

# leaving returns the plan that leaves the environment that is active here.
def leaving [] {
    if ($env.DEN_ACTIVE? | is-empty) { return [] }
    let ours = [[name value]; [VIRTUAL_ENV $env.DEN_ACTIVE] [VIRTUAL_ENV_PROMPT $env.VIRTUAL_ENV_PROMPT?] [PYTHONHOME null]]
    [
        ...($ours | each {|v| {do: restore, name: $v.name, ours: $v.value, saved: $"DEN_SAVED_($v.name)", entered: $"DEN_ACTIVE_($v.name)"} })
        {do: path-restore, dir: $"($env.DEN_ACTIVE)/bin"}
        {do: prompt-remove}
        {do: unset, name: DEN_ACTIVE}
        {do: unset, name: DEN_ACTIVE_PROMPT}
    ]
}

export-env {
    # A shell that was started in the environment, or is in it, stays in it.
    if $env.DEN_ACTIVE? == DEN_PATH and $env.VIRTUAL_ENV? == DEN_PATH {
        take-plan (
            # resume
        )
    } else {
        take-plan (leaving)
        take-plan (
            # enter
        )
    }
}

export def --env deactivate [] {
    take-plan (
        # leave
    )
}
