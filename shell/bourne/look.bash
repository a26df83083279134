
# Says once, before a prompt, that others have removed the active environment, or have
# given it another name.
function __den_look {
    if [[ -z ${DEN_ACTIVE-} || -e $DEN_ACTIVE ]]; then
        __den_gone=''
    elif \builtin [ "$__den_gone" != "$DEN_ACTIVE" ]; then
        __den_gone=$DEN_ACTIVE
        \builtin printf 'DEN_GONE %s\nDEN_LEAVE\n' "$DEN_ACTIVE" >&2
    fi
}
__den_gone=''
