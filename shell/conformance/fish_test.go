package conformance

import "strings"

// fish is the column of the friendly interactive shell.
type fish struct{}

func (fish) name() string                { return "fish" }
func (fish) script(file string) []string { return []string{"fish", "--no-config", file} }
func (fish) rc() string                  { return ".config/fish/config.fish" }
func (fish) init() string                { return "den init fish | source" }
func (fish) activate() string            { return "activate.fish" }
func (fish) hook(name string) string     { return name + ".fish" }

func (fish) profile(body string) (file, content string) {
	return ".config/fish/conf.d/profile.fish", lines("if status is-login", body, "end")
}

func (fish) quote(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(word) + "'"
}

func (fish) own(code string) string             { return code }
func (fish) lacks() map[string]string           { return nil }
func (f fish) export(name, value string) string { return "set -gx " + name + " " + f.quote(value) }
func (f fish) assign(name, value string) string { return "set -gu " + name + " " + f.quote(value) }
func (fish) unset(name string) string           { return "set -e " + name }
func (fish) status() string                     { return "$status" }

func (f fish) setPath(path string) string {
	line := "set -gx PATH"
	for _, entry := range strings.Split(path, ":") {
		line += " " + f.quote(entry)
	}
	return line
}

func (f fish) prependPath(dir string) string { return "set -gx PATH " + f.quote(dir) + " $PATH" }
func (fish) shown(name string) string        { return name }

func (fish) function(name, body string) string {
	return "function " + name + "\n" + body + "\nend"
}

func (fish) eraseFunction(name string) string { return "functions -e " + name }

func (f fish) alias(name, command string) string { return f.function(name, command+" $argv") }

func (fish) redefinable() []string {
	return []string{"cd", "pwd", "rm", "ls", "grep", "sed", "cat", "env", "echo", "printf", "export", "source", "contains", "functions", "count", "type", "isatty"}
}

func (fish) group(body, redirections string) string {
	return "begin\n" + body + "\nend " + redirections
}

func (f fish) eachLine(file, body string) string {
	return "while read -l line\n" + body + "\nend < " + f.quote(file)
}

func (f fish) parameters(body string, words ...string) string {
	set := "set argv"
	for _, word := range words {
		set += " " + f.quote(word)
	}
	return set + "\n" + body
}

func (fish) showParameters() string { return `builtin printf '%s\n' $argv` }

func (f fish) setPrompt(text string) string {
	return f.function("fish_prompt", "builtin printf %s "+f.quote(text))
}

func (f fish) prependPrompt(text string) string {
	return f.wrapPrompt("before_prefix", "builtin printf %s "+f.quote(text)+"\nbefore_prefix")
}

// freshPrompt gives the prompt that there is a new name each time.
func (f fish) freshPrompt(text string) string {
	return lines("set -q prompts; or set -g prompts 0; set prompts (math $prompts + 1); builtin functions -c fish_prompt prompt_$prompts",
		"eval 'function fish_prompt; builtin printf %s '"+f.quote(f.quote(text))+"'; prompt_'$prompts'; end'")
}

func (f fish) appendPrompt(text string) string {
	return f.wrapPrompt("before_suffix", "before_suffix\nbuiltin printf %s "+f.quote(text))
}

// wrapPrompt puts a prompt in place whose body calls the old one as name.
func (f fish) wrapPrompt(name, body string) string {
	return "builtin functions -c fish_prompt " + name + "\n" + f.function("fish_prompt", body)
}

func (f fish) statusPrompt(text string) string {
	return f.function("fish_prompt", "builtin printf '[%s] %s' $pipestatus[-1] "+f.quote(text))
}

// promptHook uses the event that fish emits before each prompt.
func (f fish) promptHook(text string) string {
	return "function own_prompt --on-event fish_prompt\n" + f.setPrompt(text) + "\nend"
}

// showPrompt collects the prompt's lines as fish itself does.
func (f fish) showPrompt(file string) string {
	return "builtin printf %s (fish_prompt | builtin string collect) > " + f.quote(file)
}

func (fish) runPromptHook() string { return "own_prompt" }

func (fish) hostile() []setting {
	return []setting{
		{name: "no command substitution splitting", code: "set -g IFS"},
		{name: "status in the environment", code: "set -gx status_of_mine 1; set -gx argv a b"},
		{name: "user paths", code: "set -g fish_user_paths /usr/bin"},
		{name: "vi keys", code: "fish_vi_key_bindings"},
	}
}

func (fish) promptOptions() []setting {
	return []setting{{name: "no newline splitting", code: "set -g IFS"}}
}

func (fish) modes() [][]string {
	return [][]string{{"fish", "--private", "--no-config"}, {"fish", "--no-config", "--interactive"}, {"fish", "--no-config", "--login"}}
}

func (fish) volatile() []string {
	return []string{
		"_", "status", "pipestatus", "status_generation", "history", "CMD_DURATION", "COLUMNS", "LINES", "line", "dirprev", "dirnext",
		"__fish_cd_direction", "OLDPWD",
	}
}

func (f fish) snapshot(prefix string) string {
	to := func(kind string) string { return "> " + f.quote(prefix+kind) }
	return lines(
		"/usr/bin/env -0 "+to(".env"),
		f.showPrompt(prefix+".prompt"),
		"builtin pwd "+to(".dir"),
		"command -v python "+to(".python")+"; or true",
		"builtin functions -a -n "+to(".functions"),
		"builtin set -n "+to(".variables"),
		"builtin bind "+to(".settings"),
		"builtin functions --handlers "+to(".hooks"),
	)
}
