# Alt-J shows the environments to choose from. The line that is being typed is kept: it
# goes to the kill ring, with a blank for an empty one, and comes back at the next
# prompt.
case $- in
*i*) \builtin bind -m emacs '"\ej": "\C-e \C-a\C-k workon -i\C-m\C-y\C-h"' 2>/dev/null || \builtin : ;;
esac
