# den in zsh: eval "$(den init zsh)"

\builtin unalias workon deactivate mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv lsvenv lsvirtualenv cdvenv cdvirtualenv mktmpenv mkproject setvirtualenvproject cdproject cdsitepackages lssitepackages add2virtualenv toggleglobalsitepackages wipeenv allvirtualenv showvirtualenv virtualenvwrapper 2>/dev/null || \builtin :

# Runs den, in a subshell. What the person has set for it and not exported, den
# sees, but nothing else that they start.
function __den_exec {
    IFS=
    # shellcheck disable=SC2086 # the names of those that are set, and no others
    \builtin export PATH ${WORKON_HOME+WORKON_HOME} ${PROJECT_HOME+PROJECT_HOME} \
        ${VIRTUALENVWRAPPER_HOOK_DIR+VIRTUALENVWRAPPER_HOOK_DIR} \
        ${VIRTUALENVWRAPPER_PROJECT_FILENAME+VIRTUALENVWRAPPER_PROJECT_FILENAME} \
        ${VIRTUALENVWRAPPER_WORKON_CD+VIRTUALENVWRAPPER_WORKON_CD} \
        ${VIRTUALENVWRAPPER_PYTHON+VIRTUALENVWRAPPER_PYTHON} \
        ${VIRTUALENVWRAPPER_VIRTUALENV+VIRTUALENVWRAPPER_VIRTUALENV} \
        ${VIRTUALENVWRAPPER_VIRTUALENV_ARGS+VIRTUALENVWRAPPER_VIRTUALENV_ARGS} \
        ${VIRTUALENVWRAPPER_LOG_FILE+VIRTUALENVWRAPPER_LOG_FILE} \
        ${VIRTUALENVWRAPPER_TMPDIR+VIRTUALENVWRAPPER_TMPDIR}
    \builtin exec command den "$@"
}

# Runs den and evaluates the plan that comes back on file descriptor 3, so that
# standard input, output and error stay the person's.
function __den {
    # With standard output closed there is nothing to keep for the person.
    if ! { { \builtin :; } 4>&1; } 2>/dev/null; then __den "$@" >/dev/null; \builtin return; fi
    \builtin local __den_plan __den_status
    __den_status=0
    { __den_plan=$(__den_exec --shell zsh --loaded DEN_LOADED --last "${__den_last-}" --within "${__den_within-}" "$@" 3>&1 >&4 4>&-) || __den_status=$?; } 4>&1
    \builtin eval "$__den_plan"
    \builtin return "$__den_status"
}

# The commands named first act on this shell; which one it is after a flag, den
# finds out.
function den {
    case ${1-} in
    DEN_COMMANDS | -*) __den "$@" ;;
    *) (__den_exec "$@") ;;
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
function lsvenv { (__den_exec list "$@"); }
function lsvirtualenv { (__den_exec lsvirtualenv "$@"); }
function mktmpenv { __den tmp "$@"; }
function mkproject { __den project new "$@"; }
function setvirtualenvproject { (__den_exec project set "$@"); }
function cdproject { __den project cd "$@"; }
function cdsitepackages { __den site-packages cd "$@"; }
function lssitepackages { (__den_exec site-packages ls "$@"); }
function add2virtualenv { (__den_exec add2virtualenv "$@"); }
function toggleglobalsitepackages { (__den_exec toggle-site-packages "$@"); }
function wipeenv { (__den_exec wipe "$@"); }
function allvirtualenv { (__den_exec all "$@"); }
function showvirtualenv { (__den_exec showvirtualenv "$@"); }
function virtualenvwrapper { (__den_exec virtualenvwrapper "$@"); }

# resume
