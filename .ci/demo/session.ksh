# Runs each argument as a line typed at the prompt of ksh or mksh, and shows it as it
# would look there. A line that starts with "! " is one that has to fail.
PS1='$ '
for line; do
    wanted=0
    case $line in "! "*) wanted=1 line=${line#"! "} ;; esac
    print -r -- "$PS1$line"
    eval "$line"
    if [ "$(($? != 0))" != "$wanted" ]; then
        echo "demo: that was not to be" >&2
        exit 1
    fi
done
