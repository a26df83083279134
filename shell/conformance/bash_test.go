package conformance

import (
	"fmt"
	"strings"
)

// bourne is what bash and zsh say alike.
type bourne struct{}

func (bourne) own(code string) string   { return code }
func (bourne) lacks() map[string]string { return nil }

func (bourne) quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func (b bourne) export(name, value string) string {
	return "builtin export " + name + "=" + b.quote(value)
}

func (b bourne) assign(name, value string) string { return name + "=" + b.quote(value) }
func (b bourne) unset(name string) string         { return "builtin unset " + name }
func (b bourne) setPath(path string) string       { return b.assign("PATH", path) }
func (b bourne) prependPath(dir string) string    { return "PATH=" + b.quote(dir) + `:"$PATH"` }
func (bourne) shown(name string) string           { return name }
func (bourne) status() string                     { return `"$?"` }
func (bourne) activate() string                   { return "activate" }
func (bourne) hook(name string) string            { return name }

func (bourne) function(name, body string) string {
	return "function " + name + " {\n" + body + "\n}"
}

func (bourne) eraseFunction(name string) string { return "builtin unset -f " + name }

func (bourne) redefinable() []string {
	return []string{
		"cd", "pwd", "rm", "ls", "grep", "sed", "cat", "env", "echo", "printf", "test", "export",
		"unset", "local", "typeset", "set", "eval", "hash", "read", "source", "return", "shift", "exit", "[",
	}
}

func (bourne) group(body, redirections string) string {
	return "{\n" + body + "\n} " + redirections
}

func (b bourne) eachLine(file, body string) string {
	return "while IFS= builtin read -r line; do\n" + body + "\ndone < " + b.quote(file)
}

func (b bourne) parameters(body string, words ...string) string {
	set := "set --"
	for _, word := range words {
		set += " " + b.quote(word)
	}
	return set + "\n" + body
}

func (bourne) showParameters() string { return `builtin printf '%s\n' "$@"` }

// bash is the column of GNU bash.
type bash struct{ bourne }

func (bash) name() string                { return "bash" }
func (bash) script(file string) []string { return []string{"bash", "--norc", file} }
func (bash) rc() string                  { return ".bashrc" }
func (bash) init() string                { return `eval "$(den init bash)"` }

func (bash) profile(body string) (file, content string) {
	return ".bash_profile", lines(body, ". ~/.bashrc")
}

func (b bash) alias(name, command string) string {
	return "builtin shopt -s expand_aliases\nbuiltin alias " + name + "=" + b.quote(command)
}

func (b bash) setPrompt(text string) string     { return "PS1=" + b.quote(text) }
func (b bash) prependPrompt(text string) string { return "PS1=" + b.quote(text) + `"$PS1"` }
func (b bash) freshPrompt(text string) string   { return b.prependPrompt(text) }
func (b bash) appendPrompt(text string) string  { return "PS1+=" + b.quote(text) }
func (b bash) statusPrompt(text string) string  { return b.setPrompt("[$?] " + text) }
func (b bash) promptHook(text string) string    { return "PROMPT_COMMAND=" + b.quote(b.setPrompt(text)) }

// showPrompt has the shell trace one command: PS4, which then stands in front of
// it, is expanded as PS1 is. Its first character is repeated at will.
func (b bash) showPrompt(file string) string {
	return `( builtin trap - DEBUG RETURN ERR; PS4="+${PS1-}"; builtin set -x; builtin : '<shown>' ) 2>| ` + b.quote(file)
}

func (bash) runPromptHook() string { return `builtin eval "$PROMPT_COMMAND"` }

func (bash) hostile() []setting {
	return []setting{
		{name: "errexit nounset pipefail", code: "set -eu -o pipefail"},
		{name: "noclobber", code: "set -o noclobber"},
		{name: "posix", code: "set -o posix"},
		{name: "posix errexit nounset", code: "set -o posix -eu"},
		{name: "allexport", code: "set -a", exports: true},
		{name: "noglob", code: "set -f"},
		{name: "physical", code: "set -P"},
		{name: "globs", code: "shopt -s failglob nullglob dotglob extglob nocasematch nocaseglob"},
		{name: "traps", code: "set -E -T\ntrap 'builtin printf trapped >&2' ERR\ntrap ':' DEBUG RETURN"},
		{name: "odd shopt", code: "shopt -s autocd cdspell cdable_vars lastpipe xpg_echo gnu_errfmt\nshopt -u promptvars sourcepath interactive_comments"},
		{name: "no hashing", code: "set +h"},
		{name: "keyword", code: "set -k"},
	}
}

func (bash) promptOptions() []setting {
	return []setting{
		{name: "no promptvars", code: "shopt -u promptvars", special: "\\$`"},
		{name: "posix", code: "set -o posix", special: "!"},
		{name: "nounset", code: "set -u"},
	}
}

func (bash) modes() [][]string {
	return [][]string{{"bash", "--posix"}, {"bash", "-eu"}, {"bash", "--login", "--noprofile"}}
}

func (bash) volatile() []string {
	return []string{
		"_", "BASH_REMATCH", "COLUMNS", "LINES", "OLDPWD", "PIPESTATUS", "REPLY", "BASH_ARGC", "BASH_ARGV",
		"BASH_LINENO", "BASH_SOURCE", "FUNCNAME", "histchars", "HISTCMD", "OPTARG",
	}
}

func (b bash) snapshot(prefix string) string {
	to := func(kind string) string { return "> " + b.quote(prefix+kind) }
	return lines(
		"/usr/bin/env -0 "+to(".env"),
		b.showPrompt(prefix+".prompt"),
		"builtin pwd "+to(".dir"),
		"command -v python "+to(".python")+" || :",
		"builtin compgen -A function "+to(".functions")+" || :",
		"builtin compgen -A variable "+to(".variables")+" || :",
		fmt.Sprintf("{ builtin set +o; builtin shopt -p; builtin alias; builtin trap; builtin umask; "+
			"builtin dirs -l -p; } %s || :", to(".settings")),
		`builtin printf '%s\n' "${PROMPT_COMMAND-}" `+to(".hooks"),
	)
}
