# den in fish: den init fish | source

# Not that of a shell in which a hook has started this one.
set -e __den_within

# Runs den and evaluates the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's.
function __den
    command den --shell fish --loaded DEN_LOADED --last "$__den_last" --within "$__den_within" $argv 3>| read --local --null __den_plan
    set --local __den_status $pipestatus[1]
    eval $__den_plan
    return $__den_status
end

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
function den
    switch "$argv[1]"
        case DEN_COMMANDS '-*'
            __den $argv
        case '*'
            command den $argv
    end
end

function workon
    __den workon $argv
end
function mkvenv
    __den mk $argv
end
function mkvirtualenv
    __den mk $argv
end
function cpvenv
    __den cp $argv
end
function cpvirtualenv
    __den cpvirtualenv $argv
end
function mvvenv
    __den mv $argv
end
function rmvenv
    __den rm $argv
end
function rmvirtualenv
    __den rmvirtualenv $argv
end
function cdvenv
    __den cd $argv
end
function cdvirtualenv
    __den cd $argv
end
function lsvenv
    command den list $argv
end
function lsvirtualenv
    command den lsvirtualenv $argv
end
function mktmpenv
    __den tmp $argv
end
function mkproject
    __den project new $argv
end
function setvirtualenvproject
    command den project set $argv
end
function cdproject
    __den project cd $argv
end
function cdsitepackages
    __den site-packages cd $argv
end
function lssitepackages
    command den site-packages ls $argv
end
function add2virtualenv
    command den add2virtualenv $argv
end
function toggleglobalsitepackages
    command den toggle-site-packages $argv
end
function wipeenv
    command den wipe $argv
end
function allvirtualenv
    command den all $argv
end
function showvirtualenv
    command den showvirtualenv $argv
end
function virtualenvwrapper
    command den virtualenvwrapper $argv
end

# resume
