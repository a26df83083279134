function __den_unhang {
    \builtin emulate -L zsh
    chpwd_functions=("${(@)chpwd_functions:#__den_watch}")
    if \builtin [ "$#chpwd_functions" = 0 ]; then \builtin unset chpwd_functions; fi
}
case ${(t)chpwd_functions-} in
'' | *readonly*) ;;
*) __den_unhang ;;
esac
\builtin unset -f __den_unhang
