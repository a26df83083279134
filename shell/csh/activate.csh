# Source this file, from csh or tcsh, to enter the environment:
#     source bin/activate.csh
# The alias deactivate leaves it again.

if ($?VIRTUAL_ENV) then
    if ("`alias deactivate`" != "") then
        deactivate
    endif
endif

set _den_path = $PATH:q
if ($?prompt) then
    set _den_prompt = $prompt:q
endif
if ($?PYTHONHOME) then
    set _den_home = $PYTHONHOME:q
    unsetenv PYTHONHOME
endif

# First, for a prompt that is read-only ends this file.
alias deactivate 'RESTORE; setenv PATH $_den_path:q; unset _den_path; test $?_den_prompt = 1 && set prompt = $_den_prompt:q; unset _den_prompt; test $?_den_home = 1 && setenv PYTHONHOME $_den_home:q; unset _den_home; test $?_den_pydoc = 1 && unalias pydoc; unset _den_pydoc; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; rehash; unalias deactivate'

setenv VIRTUAL_ENV DEN_PATH
setenv VIRTUAL_ENV_PROMPT DEN_PROMPT
setenv PATH $VIRTUAL_ENV:q/bin:$PATH:q
# set variables
if ("`alias pydoc`" == "") then
    set _den_pydoc
    alias pydoc 'python -m pydoc \!*'
endif
if ($?prompt && ! $?VIRTUAL_ENV_DISABLE_PROMPT) then
    set prompt = DEN_PREFIX$prompt:q
endif

rehash
