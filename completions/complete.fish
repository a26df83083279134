# Completion of den and its functions in fish.

# Loading this twice registers once.
if not builtin functions --query __den_complete
    function __den_complete_register
        for name in den workon deactivate mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv lsvenv lsvirtualenv cdvenv cdvirtualenv mktmpenv mkproject setvirtualenvproject cdproject cdsitepackages lssitepackages add2virtualenv toggleglobalsitepackages wipeenv allvirtualenv showvirtualenv virtualenvwrapper
            builtin complete --command $name --no-files --keep-order --arguments "(__den_complete $name)"
        end
    end
    __den_complete_register
    builtin functions --erase __den_complete_register
end

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
    set --local lines ($program complete fish $argv[1] $tokens[2..-1] "$plain" 2>/dev/null)
    set --local header (string split \t -- $lines[1])
    test (builtin count $header) -eq 4
    or return
    switch $header[3]
        case files directories
            set --local path (string sub --start (builtin math 1 + (string length -- "$header[1]")) -- "$word")
            set --local paths (builtin complete --do-complete "'' $path")
            if test $header[3] = directories
                set paths (string match --regex '.*/$' -- (string replace --regex '\t.*' '' -- $paths))
            end
            set --query paths[1]
            and builtin printf '%s\n' $header[1]$paths
    end
    set --query lines[2]
    and builtin printf '%s\n' $header[1]$lines[2..-1]
end
