# Enter the environment with this file, from elvish:
#     eval &ns=(ns [&]) (slurp < bin/activate.elv)
# The function deactivate leaves it again.

# DEN_PLAN

fn leave {
    # leave
}

# A shell that was started in the environment, or is in it, stays in it.
if (and (has DEN_ACTIVE DEN_PATH) (has VIRTUAL_ENV DEN_PATH)) {
    # resume
} else {
    if (has-env DEN_ACTIVE) {
        # What is active here is left as it was entered.
        var bin prompt = $E:DEN_ACTIVE/bin $E:VIRTUAL_ENV_PROMPT
        restore VIRTUAL_ENV DEN_SAVED_VIRTUAL_ENV DEN_ACTIVE_VIRTUAL_ENV $E:DEN_ACTIVE
        restore VIRTUAL_ENV_PROMPT DEN_SAVED_VIRTUAL_ENV_PROMPT DEN_ACTIVE_VIRTUAL_ENV_PROMPT $E:VIRTUAL_ENV_PROMPT
        restore PYTHONHOME DEN_SAVED_PYTHONHOME DEN_ACTIVE_PYTHONHOME
        path-restore $bin
        prompt-remove
    }
    # enter
}
add-var deactivate~ $leave~
