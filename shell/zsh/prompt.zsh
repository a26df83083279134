# Tells, in a new shell that is tried, which program keeps an environment out of the
# prompt: what is done before each prompt is done once more in an environment.
__den_before_prompt() {
    local __den_function
    for __den_function in precmd $precmd_functions; do
        if (( $+functions[$__den_function] )); then $__den_function; fi
    done >/dev/null 2>&1
}
# A person who has set VIRTUAL_ENV_DISABLE_PROMPT wants it so. Programs that show the
# environment themselves set it too.
__den_before_prompt
\builtin export VIRTUAL_ENV=/den-shown VIRTUAL_ENV_PROMPT=den-shown
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then PS1="(den-shown) $PS1"; fi
__den_before_prompt
case "$PS1 $(\builtin print -rP -- "${PS1} ${RPS1-}" 2>/dev/null)" in
*den-shown*) ;;
*)
    if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then __den_words="$__den_words hidden:other"; fi
    if (( $+functions[starship_precmd] + $+functions[prompt_starship_precmd] )); then __den_words="$__den_words hidden:starship"; fi
    if (( $+functions[_omp_precmd] )); then __den_words="$__den_words hidden:oh-my-posh"; fi
    if (( $+functions[p10k] )); then __den_words="$__den_words hidden:powerlevel10k"; fi
    ;;
esac
