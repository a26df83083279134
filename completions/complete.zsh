# Completion of den and its functions in zsh.

function _den {
    \builtin local -a lines header
    \builtin local what missing=1
    lines=("${(@f)$(command den complete zsh "$service" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    header=("${(@ps:\t:)lines[1]}")
    (( $#header == 4 )) || \builtin return 1
    what=${header[2]:-argument}
    [[ -z $header[1] ]] || compset -P "${(b)header[1]}"
    case $header[3] in
    files) _files && missing=0 ;;
    directories) _files -/ ${header[4]:+-W} ${header[4]:+"$header[4]"} && missing=0 ;;
    esac
    (( $#lines > 1 )) || \builtin return missing
    # _describe reads NAME:DESCRIPTION, and backslashes.
    lines=("${(@)lines[2,-1]//\\/\\\\}")
    lines=("${(@)lines//:/\\:}")
    lines=("${(@)lines/$'\t'/:}")
    _describe -V -t "${what}s" "$what" lines && missing=0
    \builtin return missing
}

# Tells the completion system, once it is there: the line that loads den may
# come before compinit, or between two calls of it, or there may be none. The
# first prompt with a completion system is the last time.
function __den_compdef {
    \builtin emulate -L zsh
    precmd_functions=("${(@)precmd_functions:#__den_compdef}")
    if \builtin typeset -f compdef >/dev/null; then
        compdef _den den workon deactivate mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv lsvenv lsvirtualenv cdvenv cdvirtualenv mktmpenv mkproject setvirtualenvproject cdproject cdsitepackages lssitepackages add2virtualenv toggleglobalsitepackages wipeenv allvirtualenv showvirtualenv virtualenvwrapper
        # A line for each environment, also where their descriptions are alike.
        \builtin zstyle -t ':completion::complete:den::environments' list-grouped || (( $? == 1 )) ||
            \builtin zstyle ':completion:*:environments' list-grouped no
        (( $# )) || \builtin return 0
    fi
    precmd_functions+=(__den_compdef)
}
__den_compdef now
