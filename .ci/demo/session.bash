# Runs each argument as a line typed at bash's prompt, and shows it as it would
# look there. A line that starts with "! " is one that has to fail.
PS1='$ '
for line; do
    wanted=0
    case $line in "! "*) wanted=1 line=${line#"! "} ;; esac
    prompt=$PS1
    # Bash before 4.4 has no such expansion; there the text is shown as it is.
    eval 'prompt=${PS1@P}' 2>/dev/null
    printf '%s%s\n' "$prompt" "$line"
    eval "$line"
    if [ "$(($? != 0))" != "$wanted" ]; then
        echo "demo: that was not to be" >&2
        exit 1
    fi
done
