# Tells, in a new shell that is tried, which program keeps an environment out of the
# prompt: one that sets VIRTUAL_ENV_DISABLE_PROMPT to show the environment itself.
if test -n "$VIRTUAL_ENV_DISABLE_PROMPT"
    set -gx VIRTUAL_ENV /den-shown
    set -gx VIRTUAL_ENV_PROMPT den-shown
    if not begin; fish_prompt; functions -q fish_right_prompt; and fish_right_prompt; end 2>/dev/null | string match -q '*den-shown*'
        functions fish_prompt | string match -q '*starship*'; and set words "$words hidden:starship"
        set -q _omp_executable; and set words "$words hidden:oh-my-posh"
    end
end
