# Tells, in a new shell that is tried, which program keeps an environment out of the
# prompt: what is done before each prompt is done once more in an environment.
__den_before_prompt() {
    \builtin local __den_command
    for __den_command in "${PROMPT_COMMAND[@]}"; do \builtin eval "$__den_command"; done >/dev/null 2>&1
}
# A person who has set VIRTUAL_ENV_DISABLE_PROMPT wants it so. Programs that show the
# environment themselves set it too.
__den_before_prompt
# shellcheck disable=SC2034 # for what makes the prompt
\builtin export VIRTUAL_ENV=/den-shown VIRTUAL_ENV_PROMPT=den-shown
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then PS1="(den-shown) $PS1"; fi
__den_before_prompt
__den_seen=$PS1
# What the prompt expands to can be told from bash 4.4 on.
# shellcheck disable=SC2016
\builtin eval '__den_seen="$PS1 ${PS1@P}"' 2>/dev/null || \builtin :
case $__den_seen in
*den-shown*) ;;
*)
    if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then __den_words="$__den_words hidden:other"; fi
    if \builtin declare -F starship_precmd >/dev/null; then __den_words="$__den_words hidden:starship"; fi
    if \builtin declare -F _omp_hook >/dev/null; then __den_words="$__den_words hidden:oh-my-posh"; fi
    ;;
esac
