# Completion of den and its functions in zsh.

function _den {
    \builtin local -a lines header end
    \builtin local what missing=1
    lines=("${(@f)$(command den complete zsh "$service" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    header=("${(@ps:\t:)lines[1]}")
    (( $#header == 5 )) || \builtin return 1
    what=${header[2]:-argument}
    [[ -z $header[1] ]] || compset -P "${(b)header[1]}"
    # No blank in front of a quote that is closed already.
    [[ -z $QISUFFIX ]] || end=(-S '')
    if [[ $header[3] == command ]]; then
        # The words of a command of its own, whose completion goes on.
        shift $(( CURRENT - header[5] - 1 )) words
        (( CURRENT = header[5] + 1 ))
        \builtin local -x PATH="${header[4]:+$header[4]:}$PATH"
        _normal
        \builtin return
    fi
    if (( $#lines > 1 )); then
        # A line for each, also where their descriptions are alike.
        \builtin zstyle -t ':completion::complete:den::environments' list-grouped || (( $? == 1 )) ||
            \builtin zstyle ':completion:*:(environments|interpreters)' list-grouped no
        # _describe reads NAME:DESCRIPTION, and backslashes.
        lines=("${(@)lines[2,-1]//\\/\\\\}")
        lines=("${(@)lines//:/\\:}")
        lines=("${(@)lines/$'\t'/:}")
        _describe -V -t "${what// /-}s" "$what" lines $end && missing=0
    fi
    case $header[3] in
    # One pattern alone in parentheses would be a glob qualifier.
    files) _files $end ${header[5]:+-g} ${header[5]:+"(|${header[5]// /|})"} && missing=0 ;;
    directories) _files $end -/ ${header[4]:+-W} ${header[4]:+"$header[4]"} && missing=0 ;;
    esac
    \builtin return missing
}
