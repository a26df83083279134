
# ksh has its own prompt only once it has read the start-up files, and only where none is
# set: so it is set here. The root directory belongs to the one who has the "#".
#
# ksh calls PS1.get for the value of the prompt, which stays as it is: at a prompt, no
# function is above it. One of the person's own stays theirs.
case $- in
*i*)
    if \command [ -z "${PS1+x}" ]; then
        if \command [ -O / ]; then PS1='# '; else PS1='$ '; fi
    fi
    if ! \command typeset -f PS1.get >/dev/null; then function PS1.get { if \command [ "${.sh.level}" = 1 ]; then __den_look; fi; }; fi
    ;;
esac
