# Completion of den and its functions in fish.

# den answers for the words of the command line, which is that of the command
# $argv[1]. Matching and quoting is fish's.
function __den_complete
    set --local program command den
    command --query $program[-1]
    or return
    set --local word (builtin commandline --current-token --cut-at-cursor)
    # Without its quotes, of which one may be open.
    set --local plain (string unescape -- $word; or string unescape -- $word\"; or string unescape -- $word\')
    set --local tokens (builtin commandline --tokenize --current-process --cut-at-cursor)
    set --local lines (command $program[-1] complete fish $argv[1] $tokens[2..-1] "$plain" 2>/dev/null)
    set --local header (string split \t -- $lines[1])
    test (builtin count $header) -eq 5
    or return
    if test $header[3] = command
        # The words of a command of its own, whose completion goes on.
        set --local words (string escape -- $tokens[(builtin math -- -$header[5])..-1])
        set --local --export PATH (string match '?*' -- $header[4]) $PATH
        builtin complete --do-complete "$words $word"
        return
    end
    set --query lines[2]
    and builtin printf '%s\n' $header[1]$lines[2..-1]
    switch $header[3]
        case files directories
            set --local path (string sub --start (builtin math 1 + (string length -- "$header[1]")) -- "$word")
            set --local paths (builtin complete --do-complete "'' $path")
            if test $header[3] = directories
                set header[5] ' '
            end
            if test -n "$header[5]"
                set --local all (string replace --regex '\t.*' '' -- $paths)
                set paths
                for pattern in (string split --no-empty ' ' -- $header[5]) '*/'
                    set --append paths (string match -- "*/$pattern" /$all | string sub --start 2)
                end
            end
            set --query paths[1]
            and builtin printf '%s\n' $header[1]$paths
    end
end

# Loading this twice registers once.
builtin complete --erase --command=(string split ' ' 'DEN_NAMES')
for name in DEN_NAMES
    builtin complete --command $name --no-files --keep-order --arguments "(__den_complete $name)"
end
