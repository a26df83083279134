# The functions of virtualenvwrapper.sh that people's hooks, scripts and prompts
# call, beside the words that den init defines anyway.

# Hooks read these. The names of the two programs are virtualenvwrapper's own:
# den takes them for nobody's wish.
# shellcheck disable=SC2034
VIRTUALENVWRAPPER_ENV_BIN_DIR=bin
VIRTUALENVWRAPPER_VIRTUALENV=${VIRTUALENVWRAPPER_VIRTUALENV:-virtualenv}
VIRTUALENVWRAPPER_VIRTUALENV_CLONE=${VIRTUALENVWRAPPER_VIRTUALENV_CLONE:-virtualenv-clone}

# shellcheck disable=SC2164 # whether that was possible is for the caller
function virtualenvwrapper_cd {
    if \builtin [ -n "${ZSH_VERSION-}" ]; then \builtin cd -q "$@"; else \builtin cd "$@"; fi
}

function virtualenvwrapper_expandpath {
    if \builtin [ -z "${1-}" ]; then \builtin return 1; fi
    (__den_exec expand -- "$1")
}

function virtualenvwrapper_absolutepath {
    if \builtin [ -z "${1-}" ]; then \builtin return 1; fi
    (__den_exec expand --absolute -- "$1")
}

function virtualenvwrapper_derive_workon_home {
    case ${WORKON_HOME-} in
    *[\$~]* | *//* | [!/]* | '') (__den_exec config workon_home) ;;
    *) \builtin printf '%s\n' "$WORKON_HOME" ;;
    esac
}

# shellcheck disable=SC2120 # callers give it -q
function virtualenvwrapper_verify_workon_home {
    if \builtin [ -d "${WORKON_HOME-}/" ]; then \builtin return 0; fi
    if \builtin [ "${1-}" != -q ]; then
        \builtin printf 'NOTE: Virtual environments directory %s does not exist. Creating...\n' "$WORKON_HOME" >&2
    fi
    \command mkdir -p -- "$WORKON_HOME"
}

function virtualenvwrapper_verify_workon_environment {
    if \builtin [ -d "${WORKON_HOME-}/${1-}" ]; then \builtin return 0; fi
    \builtin printf "ERROR: Environment '%s' does not exist. Create it with 'mkvirtualenv %s'.\n" "${1-}" "${1-}" >&2
    \builtin return 1
}

function virtualenvwrapper_verify_active_environment {
    if \builtin [ -n "${VIRTUAL_ENV-}" ] && \builtin [ -d "$VIRTUAL_ENV" ]; then \builtin return 0; fi
    \builtin printf 'ERROR: no virtualenv active, or active virtualenv is missing\n' >&2
    \builtin return 1
}

function virtualenvwrapper_verify_project_home {
    if \builtin [ -z "${PROJECT_HOME-}" ]; then
        \builtin printf 'ERROR: Set the PROJECT_HOME shell variable to the name of the directory where projects should be created.\n' >&2
    elif \builtin [ -d "$PROJECT_HOME" ]; then
        \builtin return 0
    elif \builtin [ "${1-}" != -q ]; then
        \builtin printf "ERROR: Project directory '%s' does not exist.  Create it or set PROJECT_HOME to an existing directory.\n" "$PROJECT_HOME" >&2
    fi
    \builtin return 1
}

function virtualenvwrapper_mktemp { \command mktemp "$@"; }

function virtualenvwrapper_tempfile {
    \builtin local __den_file=''
    if __den_file=$(virtualenvwrapper_mktemp -t "virtualenvwrapper-${1:-hook}-XXXXXXXXXX") && \builtin [ -f "$__den_file" ]; then
        \builtin printf '%s\n' "$__den_file"
        \builtin return 0
    fi
    \builtin printf 'ERROR: virtualenvwrapper could not create a temporary file name.\n' >&2
    \builtin return 1
}

function virtualenvwrapper_verify_resource {
    if \builtin [ -n "${ZSH_VERSION-}" ]; then
        \builtin whence -p -- "${1-}"
    else
        \builtin type -P -- "${1-}"
    fi >/dev/null && \builtin return 0
    \builtin printf 'ERROR: virtualenvwrapper could not find %s in your path\n' "${1-}" >&2
    \builtin return 1
}

# den makes and copies environments itself, and needs neither program unless a
# person names another one.
function virtualenvwrapper_verify_virtualenv {
    case ${VIRTUALENVWRAPPER_VIRTUALENV-} in
    '' | virtualenv) ;;
    *) virtualenvwrapper_verify_resource "$VIRTUALENVWRAPPER_VIRTUALENV" ;;
    esac
}

function virtualenvwrapper_verify_virtualenv_clone {
    case ${VIRTUALENVWRAPPER_VIRTUALENV_CLONE-} in
    '' | virtualenv-clone) ;;
    *) virtualenvwrapper_verify_resource "$VIRTUALENVWRAPPER_VIRTUALENV_CLONE" ;;
    esac
}

# A list without a name in it is a failure, as it was.
function virtualenvwrapper_show_workon_options {
    # shellcheck disable=SC2119 # without -q
    virtualenvwrapper_verify_workon_home || \builtin return 1
    \builtin local __den_names
    __den_names=$(__den_exec list --brief) || \builtin return
    if \builtin [ -z "$__den_names" ]; then \builtin return 1; fi
    \builtin printf '%s\n' "$__den_names"
}

function virtualenvwrapper_get_python_version {
    "${VIRTUAL_ENV-}/bin/python" -V 2>&1 | \command cut -f2 -d' ' | \command cut -f-2 -d.
}

function virtualenvwrapper_get_site_packages_dir { (__den_exec path --site-packages); }
function virtualenvwrapper_workon_help { (__den_exec workon --help); }
function virtualenvwrapper_mkvirtualenv_help { (__den_exec mk --help); }
function virtualenvwrapper_mkproject_help { (__den_exec project new --help); }
function _lsvirtualenv_usage { (__den_exec lsvirtualenv --help); }
function virtualenvwrapper_run_hook { __den run-hook -- "$@"; }
function _virtualenvwrapper_version { \builtin printf '6.1.1\n'; }

# den completes its words itself. These are for words of the person's: in bash by
# "complete -F _virtualenvs NAME", in zsh by "compctl -K _virtualenvs NAME".
function virtualenvwrapper_setup_tab_completion { \builtin :; }
function _virtualenvs { __den_offer "${BASH_VERSION+${COMP_WORDS[COMP_CWORD]-}}" "$(virtualenvwrapper_show_workon_options 2>/dev/null)"; }
function _cdvirtualenv_complete { __den_offer_below cdvirtualenv "$@"; }
function _cdsitepackages_complete { __den_offer_below cdsitepackages "$@"; }

# Offers the directories below the one that a word, $1, goes to. What is typed is
# the third argument in bash, the second in zsh.
function __den_offer_below {
    \builtin local __den_typed="${2-}" __den_above=''
    if \builtin [ -z "${ZSH_VERSION-}" ]; then __den_typed=${3-}; fi
    case $__den_typed in
    */*) __den_above=${__den_typed%/*}/ ;;
    esac
    __den_offer "$__den_typed" "$(
        "$1" "$__den_above" >/dev/null && for __den_typed in *; do
            if \builtin [ -d "$__den_typed" ]; then \builtin printf '%s\n' "$__den_above$__den_typed"; fi
        done 2>/dev/null
    )"
}

# Offers those lines of $2 that begin with $1; bash wants them quoted.
function __den_offer {
    \builtin local __den_line=''
    COMPREPLY=() reply=()
    while IFS= \builtin read -r __den_line; do
        case $__den_line in
        '') ;;
        "$1"*)
            reply+=("$__den_line")
            \builtin printf -v __den_line %q "$__den_line"
            COMPREPLY+=("$__den_line")
            ;;
        esac
    done <<EOF
$2
EOF
}

# What a shell has to do once: den says what, unless it can be seen from here
# that there is nothing to do but to export where things are.
function virtualenvwrapper_initialize {
    if __den_needs_nothing; then
        \builtin export VIRTUALENVWRAPPER_PROJECT_FILENAME="${VIRTUALENVWRAPPER_PROJECT_FILENAME:-.project}"
        \builtin export VIRTUALENVWRAPPER_WORKON_CD="${VIRTUALENVWRAPPER_WORKON_CD:-1}"
    else
        __den initialize
    fi
}

case ${BASH_SOURCE-}${ZSH_VERSION+$0} in
*virtualenvwrapper.sh) \builtin export VIRTUALENVWRAPPER_SCRIPT="${VIRTUALENVWRAPPER_SCRIPT:-${BASH_SOURCE-$0}}" ;;
esac

virtualenvwrapper_initialize
