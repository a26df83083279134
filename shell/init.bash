# den in bash: eval "$(den init bash)"

\builtin unalias workon deactivate mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv lsvenv lsvirtualenv cdvenv cdvirtualenv mktmpenv mkproject setvirtualenvproject cdproject cdsitepackages lssitepackages add2virtualenv toggleglobalsitepackages wipeenv allvirtualenv showvirtualenv virtualenvwrapper 2>/dev/null || \builtin :

# Runs den and evaluates the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's.
function __den {
    # With standard output closed there is nothing to keep for the person.
    if ! { { \builtin :; } 4>&1; } 2>/dev/null; then __den "$@" >/dev/null; \builtin return; fi
    \builtin local __den_plan='' __den_status=0
    { __den_plan=$(\builtin exec command den --shell bash --loaded DEN_LOADED --last "${__den_last-}" --within "${__den_within-}" "$@" 3>&1 >&4 4>&-) || __den_status=$?; } 4>&1
    \builtin eval "$__den_plan"
    \builtin return "$__den_status"
}

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
function den {
    case ${1-} in
    DEN_COMMANDS | -*) __den "$@" ;;
    *) command den "$@" ;;
    esac
}

function workon { __den workon "$@"; }
function mkvenv { __den mk "$@"; }
function mkvirtualenv { __den mk "$@"; }
function cpvenv { __den cp "$@"; }
function cpvirtualenv { __den cpvirtualenv "$@"; }
function mvvenv { __den mv "$@"; }
function rmvenv { __den rm "$@"; }
function rmvirtualenv { __den rmvirtualenv "$@"; }
function cdvenv { __den cd "$@"; }
function cdvirtualenv { __den cd "$@"; }
function lsvenv { command den list "$@"; }
function lsvirtualenv { command den lsvirtualenv "$@"; }
function mktmpenv { __den tmp "$@"; }
function mkproject { __den project new "$@"; }
function setvirtualenvproject { command den project set "$@"; }
function cdproject { __den project cd "$@"; }
function cdsitepackages { __den site-packages cd "$@"; }
function lssitepackages { command den site-packages ls "$@"; }
function add2virtualenv { command den add2virtualenv "$@"; }
function toggleglobalsitepackages { command den toggle-site-packages "$@"; }
function wipeenv { command den wipe "$@"; }
function allvirtualenv { command den all "$@"; }
function showvirtualenv { command den showvirtualenv "$@"; }
function virtualenvwrapper { command den virtualenvwrapper "$@"; }

# resume
