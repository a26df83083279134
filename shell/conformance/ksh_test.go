package conformance

import (
	"path/filepath"
	"strings"
	"testing"
)

// korn is what ksh and mksh say alike.
type korn struct{ bourne }

// own: what rows call by builtin, these call by command, and source is no builtin
// of theirs.
func (korn) own(code string) string {
	return strings.NewReplacer("builtin source ", "command . ", "builtin ", "command ").Replace(code)
}

func (korn) profile(body string) (file, content string) { return ".profile", lines(body) }

// redefinable has no special builtins: their names cannot be those of functions.
func (korn) redefinable() []string {
	return []string{"cd", "pwd", "rm", "ls", "grep", "sed", "cat", "env", "echo", "printf", "test", "hash", "read", "print", "whence"}
}

func (k korn) alias(name, command string) string {
	return "command alias " + name + "=" + k.quote(command)
}

func (k korn) setPrompt(text string) string     { return "PS1=" + k.quote(text) }
func (k korn) prependPrompt(text string) string { return "PS1=" + k.quote(text) + `"$PS1"` }
func (k korn) freshPrompt(text string) string   { return k.prependPrompt(text) }
func (k korn) appendPrompt(text string) string  { return `PS1="$PS1"` + k.quote(text) }
func (k korn) statusPrompt(text string) string  { return k.setPrompt("[$?] " + text) }

// showPrompt has the shell trace one command: PS4 is expanded as PS1 is, but for
// the number of the command.
func (k korn) showPrompt(file string) string {
	return `( shown="${PS1-}"; PS4="+${shown//'!!'/!}"; command set -x; : '<shown>' ) 2>| ` + k.quote(file)
}

// take is a snapshot; python is code that prints what the shell runs for "python".
func (k korn) take(prefix, python string) string {
	to := func(kind string) string { return ">| " + k.quote(prefix+kind) }
	return lines(
		"/usr/bin/env -0 "+to(".env"),
		k.showPrompt(prefix+".prompt"),
		"command pwd "+to(".dir"),
		python+" "+to(".python"),
		"command typeset +f "+to(".functions"),
		"command typeset + "+to(".variables"),
		"{ command set +o; command alias; command trap; command umask; } "+to(".settings"),
		": "+to(".hooks"),
	)
}

// ksh is the column of ksh93.
type ksh struct{ korn }

func (ksh) name() string                { return "ksh" }
func (ksh) script(file string) []string { return []string{"ksh", "+E", file} }
func (ksh) rc() string                  { return ".kshrc" }
func (ksh) init() string                { return `eval "$(den init ksh)"` }

// promptHook uses the function that ksh calls for the value of the prompt.
func (k ksh) promptHook(text string) string {
	return k.function("PS1.get", ".sh.value="+k.quote(text))
}
func (ksh) runPromptHook() string { return ":" }

func (ksh) hostile() []setting {
	return []setting{
		{name: "errexit nounset pipefail", code: "set -eu -o pipefail"},
		{name: "noclobber", code: "set -o noclobber"},
		{name: "posix", code: "set -o posix"},
		{name: "allexport", code: "set -a; IFS=$IFS", exports: true}, // exported when it is assigned, also in a subshell
		{name: "noglob", code: "set -f"},
		{name: "globs", code: "set -o globstar -o markdirs"},
		{name: "traps", code: "trap 'command printf trapped >&2' ERR\ntrap ':' DEBUG"},
		{name: "keyword", code: "set -k"},
		{name: "no hashing", code: "set +h"},
	}
}

func (ksh) promptOptions() []setting { return []setting{{name: "nounset", code: "set -u"}} }
func (ksh) modes() [][]string {
	return [][]string{{"ksh", "-eu"}, {"ksh", "-o", "posix"}}
}

// snapshot has ksh read again the path of a program, which it quotes.
func (k ksh) snapshot(prefix string) string {
	return k.take(prefix, `command eval "command printf '%s\n' $(command -v python)"`)
}

// lacks: see docs/shells.md.
func (ksh) lacks() map[string]string {
	return map[string]string{
		"TestDirectoryStackStays":        "has no directory stack",
		"TestHookThatEntersAfterLeaving": "a function that is removed while it runs",
	}
}

func (ksh) volatile() []string {
	return []string{"_", "OLDPWD", "LINENO", "RANDOM", "SECONDS", "COLUMNS", "LINES", "REPLY", "line", ".sh", "OPTIND", "OPTARG", "_AST_FEATURES"}
}

// mksh is the column of the MirBSD Korn shell.
type mksh struct{ korn }

func (mksh) name() string                { return "mksh" }
func (mksh) script(file string) []string { return []string{"mksh", "+U", file} }
func (mksh) rc() string                  { return ".mkshrc" }
func (mksh) init() string                { return `eval "$(den init mksh)"` }

func (m mksh) promptHook(text string) string { return m.setPrompt(text) }
func (mksh) runPromptHook() string           { return ":" }

func (mksh) hostile() []setting {
	return []setting{
		{name: "errexit nounset pipefail", code: "set -eu -o pipefail"},
		{name: "noclobber", code: "set -o noclobber"},
		{name: "posix", code: "set -o posix"},
		{name: "sh", code: "set -o sh"},
		{name: "allexport", code: "set -a", exports: true},
		{name: "noglob", code: "set -f"},
		{name: "physical", code: "set -o physical"},
		{name: "utf8", code: "set -U"},
		{name: "no utf8", code: "set +U"},
		{name: "traps", code: "trap 'command printf trapped >&2' ERR"},
		{name: "keyword", code: "set -k"},
		{name: "no hashing", code: "set +h"},
	}
}

func (mksh) promptOptions() []setting {
	return []setting{{name: "nounset", code: "set -u"}, {name: "posix", code: "set -o posix"}}
}
func (mksh) modes() [][]string {
	return [][]string{{"mksh", "-eu"}, {"mksh", "-o", "posix"}}
}

func (m mksh) snapshot(prefix string) string { return m.take(prefix, "command -v python") }

func (mksh) lacks() map[string]string {
	return map[string]string{
		"TestDirectoryStackStays":      "has no directory stack",
		"TestPromptRebuiltByAHook":     "calls nothing before a prompt but what is in PS1",
		"TestPromptRebuiltOnTheScreen": "calls nothing before a prompt but what is in PS1",
	}
}

func (mksh) volatile() []string {
	return []string{"_", "OLDPWD", "LINENO", "RANDOM", "SECONDS", "COLUMNS", "LINES", "REPLY", "line", "OPTIND", "OPTARG", "PIPESTATUS", "EPOCHREALTIME", "KSH_MATCH"}
}

// A shell of which the start-up file sets no prompt shows its own, also when den looks
// before each prompt, and with the name of the environment that it is started in.
func TestOwnPromptOfKornShells(t *testing.T) {
	t.Parallel()
	for _, sh := range []shell{ksh{}, mksh{}} {
		w := newWorld(t, sh)
		w.lay("web")
		prompt := `print -r -- "prompt: ${PS1-}"`
		shown := func(rc, code string) string {
			w.write(filepath.Join(w.home, w.rc()), rc, 0o644)
			text := w.execute([]string{w.name(), "-i", "-c", code}).stdout
			return strings.Replace(text, `${|"${__den_looking-:}";}`, "", 1)
		}
		load := w.init() + "\n"
		plain := shown("", prompt)
		if loaded := shown(load, prompt); !strings.Contains(plain, "prompt: ") || loaded != plain {
			t.Errorf("%s: %q with den, %q without", w.name(), loaded, plain)
		}
		inside := shown(load, "workon web; "+w.name()+" -i -c '"+prompt+"'")
		if want := strings.Replace(plain, ": ", ": (web) ", 1); inside != want {
			t.Errorf("%s: %q in an environment, want %q", w.name(), inside, want)
		}
	}
}
