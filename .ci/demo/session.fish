# Runs each argument as a line typed at fish's prompt, and shows it as it would
# look there. A line that starts with "! " is one that has to fail.
function fish_prompt
    echo -n '> '
end
for line in $argv
    set wanted 0
    if string match -q '! *' -- $line
        set wanted 1
        set line (string sub -s 3 -- $line)
    end
    echo -n (fish_prompt)
    echo $line
    eval $line
    if test $status -ne 0 -a $wanted = 0; or test $status -eq 0 -a $wanted = 1
        echo "demo: that was not to be" >&2
        exit 1
    end
end
