package conformance

import "strings"

// zsh is the column of the Z shell.
type zsh struct{ bourne }

func (zsh) name() string                { return "zsh" }
func (zsh) script(file string) []string { return []string{"zsh", "-f", file} }
func (zsh) rc() string                  { return ".zshrc" }
func (zsh) init() string                { return `eval "$(den init zsh)"` }

func (zsh) profile(body string) (file, content string) { return ".zprofile", lines(body) }

func (z zsh) alias(name, command string) string {
	return "builtin alias " + z.quote(name+"="+command)
}

func (z zsh) setPrompt(text string) string     { return "PS1=" + z.quote(text) }
func (z zsh) prependPrompt(text string) string { return "PS1=" + z.quote(text) + `"$PS1"` }
func (z zsh) freshPrompt(text string) string   { return z.prependPrompt(text) }
func (z zsh) appendPrompt(text string) string  { return "PS1+=" + z.quote(text) }

func (z zsh) statusPrompt(text string) string { return z.setPrompt("[%?] " + text) }

func (z zsh) promptHook(text string) string {
	return z.function("own_prompt", z.setPrompt(text)) + "\ntypeset -ga precmd_functions; precmd_functions+=(own_prompt)"
}

// shown: in a zsh prompt there is no spelling of the backquote that is safe
// whether or not prompt_subst is set, so den shows a quote in its place.
func (zsh) shown(name string) string { return strings.ReplaceAll(name, "`", "'") }

func (z zsh) showPrompt(file string) string {
	return `builtin print -rnP -- "${PS1-}" >| ` + z.quote(file)
}

func (zsh) runPromptHook() string { return "own_prompt" }

func (zsh) hostile() []setting {
	return []setting{
		{name: "err_exit no_unset pipefail", code: "setopt err_exit no_unset pipe_fail"},
		{name: "err_return", code: "setopt err_return"},
		{name: "no_clobber", code: "setopt no_clobber"},
		{name: "ksh_arrays", code: "setopt ksh_arrays"},
		{name: "sh_word_split", code: "setopt sh_word_split"},
		{name: "glob_subst", code: "setopt glob_subst sh_word_split"},
		{name: "no_unset", code: "setopt no_unset"},
		{name: "warn_create_global", code: "setopt warn_create_global; setopt warn_nested_var 2>/dev/null || :"},
		{name: "all_export", code: "setopt all_export", exports: true},
		{name: "posix", code: "setopt posix_builtins posix_identifiers posix_traps posix_aliases posix_argzero posix_strings"},
		{name: "globs", code: "setopt extended_glob null_glob ksh_glob glob_dots rc_expand_param magic_equal_subst no_case_glob"},
		{name: "cshnullglob", code: "setopt csh_null_glob no_nomatch brace_ccl csh_junkie_quotes"},
		{name: "no glob", code: "setopt no_glob no_equals no_bad_pattern no_bare_glob_qual"},
		{name: "no functions", code: "setopt no_function_argzero no_multi_func_def no_hash_cmds no_hash_dirs"},
		{name: "directories", code: "setopt pushd_ignore_dups pushd_to_home chase_links chase_dots cdable_vars auto_cd"},
		{name: "prompts", code: "setopt prompt_subst prompt_bang no_prompt_percent"},
		{name: "odd", code: "setopt rc_quotes bsd_echo ignore_braces short_loops c_bases octal_zeroes local_options"},
		{name: "unique path", code: "typeset -gU path PATH"},
		{name: "emulate sh", code: "emulate sh"},
		{name: "emulate sh with errexit", code: "emulate sh; setopt err_exit no_unset"},
		{name: "emulate ksh", code: "emulate ksh"},
	}
}

func (zsh) promptOptions() []setting {
	return []setting{
		{name: "prompt_subst", code: "setopt prompt_subst"},
		{name: "prompt_bang", code: "setopt prompt_bang", special: "!"},
		{name: "all of them", code: "setopt prompt_subst prompt_bang prompt_percent no_unset", special: "!"},
	}
}

func (zsh) modes() [][]string {
	return [][]string{
		{"zsh", "--emulate", "sh", "-f"}, {"zsh", "--emulate", "ksh", "-f"},
		{"zsh", "-f", "-e", "-u"}, {"zsh", "-f", "-i"}, {"zsh", "-f", "-l"},
	}
}

func (zsh) volatile() []string {
	return []string{
		"_", "REPLY", "reply", "MATCH", "MBEGIN", "MEND", "match", "mbegin", "mend", "OLDPWD", "COLUMNS", "LINES", "line",
		"LINENO", "RANDOM", "SECONDS", "TTYIDLE", "pipestatus", "status", "signals", "errnos",
	}
}

func (z zsh) snapshot(prefix string) string {
	to := func(kind string) string { return "> " + z.quote(prefix+kind) }
	return lines(
		"/usr/bin/env -0 "+to(".env"),
		z.showPrompt(prefix+".prompt"),
		"builtin pwd "+to(".dir"),
		"command -v python "+to(".python")+" || :",
		"builtin typeset +f "+to(".functions"),
		"builtin typeset + "+to(".variables"),
		"{ builtin set -o; builtin alias; builtin trap; builtin umask; builtin dirs -l -p; } "+to(".settings"),
		`builtin print -r -- "${precmd_functions[*]-}" "${preexec_functions[*]-}" "${chpwd_functions[*]-}" `+to(".hooks"),
	)
}
