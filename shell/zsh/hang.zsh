function __den_hang {
    \builtin emulate -L zsh
    \builtin typeset -ga chpwd_functions
    chpwd_functions=("${(@)chpwd_functions:#__den_watch}" __den_watch)
}
case ${(t)chpwd_functions-} in
*readonly*) ;;
*) __den_hang && __den_watch ;;
esac
\builtin unset -f __den_hang
