# A shell on a screen, as a person has one: what is typed, and what is seen.
# The command that starts it as that person is in the array person, the name of
# tmux's socket in socket: see run.
# shellcheck shell=bash

person=() socket=den

# open NAME SHELL: a new screen, in which the shell shows its prompt.
open() {
	# tmux ends with its last session, and must not be about to end now.
	tmux -L "$socket" has-session -t base 2>/dev/null || tmux -L "$socket" -f /dev/null new-session -d -s base cat
	tmux -L "$socket" -f /dev/null new-session -d -s "$1" -x 150 -y 50 "${person[@]}" "$2" -i
	screen=$1
	see '[$%>#❯] *$'
}

# enter TEXT: types it, and the return key.
enter() {
	tmux -L "$socket" send-keys -t "$screen" -l "$1"
	tmux -L "$socket" send-keys -t "$screen" Enter
}

# complete TEXT: types it, and the tab key, and the return key.
complete() {
	tmux -L "$socket" send-keys -t "$screen" -l "$1"
	tmux -L "$socket" send-keys -t "$screen" Tab
	tmux -L "$socket" send-keys -t "$screen" Enter
}

shown() { tmux -L "$socket" capture-pane -p -J -S - -t "$screen"; }

# see PATTERN: waits until a line on the screen, or above it, matches.
see() {
	local tries=0
	until shown | grep -Eq -- "$1"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 600 ]; then
			echo "the screen $screen never shows: $1"
			shown | grep -v '^$' | tail -n 30
			return 1
		fi
		sleep 0.1
	done
}

close() { tmux -L "$socket" kill-session -t "$1" 2>/dev/null || :; }

close_all() { tmux -L "$socket" kill-server 2>/dev/null || :; }
