# Finds, on the other side of "den push", a Python that fits, and becomes it. den puts
# the values of series, test and program before these lines: the version (3.12), what
# the Python has to answer with status 0, and the program that it is to run.
seen=
try() {
	[ -f "$1" ] && [ -x "$1" ] || return 0
	case "$seen " in *" $1 "*) return 0 ;; esac
	seen="$seen $1"
	if "$1" -I -S -c "${test:?}" </dev/null >/dev/null 2>&1; then
		exec "$1" -I -S -c "${program:?}"
	fi
}
in_dir() {
	for name in "python${series:?}" "pypy$series" python3 pypy3 python; do
		try "$1/$name"
	done
}
each() {
	for dir; do in_dir "$dir"; done
}
IFS=:
# shellcheck disable=SC2086 # PATH is split at its colons
each $PATH
unset IFS
each "$HOME"/.local/bin /usr/local/bin /usr/bin /opt/homebrew/bin /opt/*/bin \
	"$HOME"/.pyenv/versions/*/bin "$HOME"/.local/share/uv/python/*/bin \
	"$HOME"/.asdf/installs/python/*/bin "$HOME"/.local/share/mise/installs/python/*/bin \
	"$HOME"/miniconda3/bin "$HOME"/miniforge3/bin "$HOME"/anaconda3/bin
printf 'den-push: {"none": "%s"}\n' "$(printf %s "$seen" | tr -d '"\134' | tr '\n\t' '  ')"
exit 3
