package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// nushell is the column of nushell, of which the program is nu. It evaluates no
// text: what a script uses has to be there before it starts, and so what loads den
// is in a file that prepare has made.
type nushell struct{ fish }

func (nushell) name() string                { return "nushell" }
func (nushell) script(file string) []string { return []string{"nu", "--no-config-file", file} }
func (nushell) rc() string                  { return ".config/nushell/autoload/den.nu" }
func (n nushell) init() string              { return "use " + n.quote(nushellModule()) + " *" }
func (nushell) activate() string            { return "activate.nu" }
func (nushell) hook(name string) string     { return name + ".nu" }

// nushellModule is the file with what "den init nushell" prints.
func nushellModule() string { return filepath.Join(shared.dir, "words.nu") }

// prepareNushell makes the module.
func prepareNushell(den string) error {
	dir := filepath.Dir(filepath.Dir(den))
	init := exec.Command(den, "init", "nushell")
	init.Env = []string{"HOME=" + filepath.Join(dir, "nobody")} // not with the settings of the person who runs this
	module, err := init.Output()
	if err != nil {
		return fmt.Errorf("den init nushell: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "words.nu"), module, 0o644)
}

func (nushell) profile(body string) (file, content string) {
	return ".config/nushell/login.nu", lines(body)
}

func (nushell) quote(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x1b", `\u{1b}`).Replace(word) + `"`
}

func (nushell) shown(name string) string           { return name }
func (n nushell) export(name, value string) string { return "$env." + name + " = " + n.quote(value) }
func (n nushell) assign(name, value string) string { return n.export(name, value) }
func (nushell) unset(name string) string           { return "hide-env --ignore-errors " + name }
func (nushell) status() string                     { return "$env.LAST_EXIT_CODE" }
func (n nushell) setPath(path string) string {
	return "$env.PATH = (" + n.quote(path) + " | split row :)"
}
func (n nushell) prependPath(dir string) string {
	return "$env.PATH = ($env.PATH | prepend " + n.quote(dir) + ")"
}
func (nushell) function(name, body string) string {
	return "def --env --wrapped " + name + " [...given] {\n" + body + "\n}"
}
func (nushell) eraseFunction(name string) string  { return "hide " + name }
func (nushell) alias(name, command string) string { return "alias " + name + " = " + command }
func (n nushell) setPrompt(text string) string {
	return "$env.PROMPT_COMMAND = {|| " + n.quote(text) + " }\n$env.PROMPT_INDICATOR = ''\n$env.PROMPT_COMMAND_RIGHT = ''\n$env.config.show_banner = false"
}
func (n nushell) prependPrompt(text string) string {
	return n.promptOf(n.quote(text) + " + (do $theirs)")
}
func (n nushell) appendPrompt(text string) string {
	return n.promptOf("(do $theirs) + " + n.quote(text))
}
func (n nushell) freshPrompt(text string) string { return n.prependPrompt(text) }
func (nushell) promptOf(shown string) string {
	return "let theirs = $env.PROMPT_COMMAND\n$env.PROMPT_COMMAND = {|| " + shown + " }"
}
func (n nushell) showPrompt(file string) string {
	return "do $env.PROMPT_COMMAND | save --force " + n.quote(file)
}
func (n nushell) statusPrompt(text string) string {
	return "$env.PROMPT_COMMAND = {|| $'[($env.LAST_EXIT_CODE)] ' + " + n.quote(text) + " }"
}
func (n nushell) promptHook(text string) string {
	return "$env.config.hooks.pre_prompt = [{||\n" + n.setPrompt(text) + "\n}]"
}
func (nushell) runPromptHook() string  { return "do --env $env.config.hooks.pre_prompt.0" }
func (nushell) showParameters() string { return "for word in $argv { print $word }" }
func (n nushell) parameters(body string, words ...string) string {
	for i := range words {
		words[i] = n.quote(words[i])
	}
	return "def --env given [...argv] {\n" + body + "\n}\ngiven " + strings.Join(words, " ")
}
func (n nushell) eachLine(file, body string) string {
	return "for line in (open --raw " + n.quote(file) + " | lines) {\n$env.line = $line\n" + body + "\n}"
}

// redefinable leaves out what the snapshots and the scripts themselves call.
func (nushell) redefinable() []string {
	return []string{"pwd", "rm", "ls", "grep", "sed", "cat", "env", "type", "isatty", "mkdir"}
}
func (nushell) hostile() []setting       { return nil }
func (nushell) promptOptions() []setting { return nil }
func (nushell) modes() [][]string        { return nil }
func (nushell) lacks() map[string]string { return unkept }

// promptsLate: nushell shows the last prompt while it draws the next.
func (nushell) promptsLate()              {}
func (nushell) startsNoProgramWhereGone() {}

// readsALine is what nushell writes before it reads a line. Of lines that are typed at
// once, it takes the first and forgets the others.
func (nushell) readsALine() string { return "\x1b[?2004h" }

// volatile has deactivate, too, which is there always in nushell: see lacks.
func (nushell) volatile() []string {
	return []string{"LAST_EXIT_CODE", "CMD_DURATION_MS", "FILE_PWD", "CURRENT_FILE", "OLDPWD", "PWD", "__den"}
}

// idioms are what rows say in code of their own, and how nushell says it. What is to
// fail, and so has its errors go to a file, would end the script.
var idioms = []struct {
	sh *regexp.Regexp
	nu string
}{
	{regexp.MustCompile(`^builtin cd `), "cd "},
	{regexp.MustCompile(`^command `), "^"},
	{regexp.MustCompile(`^echo (\S+) > (\S+)$`), "\"$1\\n\" | save --force $2"},
	{regexp.MustCompile(`^builtin pwd > (.*)$`), "$$\"($$env.PWD)\\n\" | save --force $1"},
	{regexp.MustCompile(`\bbuiltin true\b`), "true"},
	{regexp.MustCompile(`builtin (printf|echo)\b`), "^$1"},
	{regexp.MustCompile(`"\$(\w+)"`), "($$env.$1? | default '')"},
	{regexp.MustCompile(`\$\(basename `), "(^basename "},
	{regexp.MustCompile(`\bexport (\w+)=\$HOME(\S*)`), "$$env.$1 = $$\"($$env.HOME)$2\""},
	{regexp.MustCompile(`\bexport (\w+)=([^;\s]+)`), "$$env.$1 = \"$2\""},
	{regexp.MustCompile(`^type (\w+) >/dev/null 2>&1 && .*$`), "if $$env.DEN_ACTIVE? != null { $1 }"},
	{regexp.MustCompile(` > (\S+); `), " out> $1; "},
	{regexp.MustCompile(`\^printf '(.*)\\n' >&2$`), "print --stderr '$1'"},
	{regexp.MustCompile(`^(\^(?:printf|echo) .*) (>>?) ("[^"]*")$`), "$1 out$2 $3"},
	{regexp.MustCompile(`^(.*) && (\^printf '[^']*') > ("[^"]*")$`), "$1; $2 out> $3"},
	{regexp.MustCompile(`^([^>|{]*) 2> ("[^"]*") \|\| (\^printf '[^']*') >> ("[^"]*")$`), "try { $1 err> $2 } catch { $3 out>> $4 }"},
	{regexp.MustCompile(`^"nu" `), "^nu "},
	{regexp.MustCompile(`^([^>|{]*) >> ("[^"]*"|\S+) 2>&1$`), "$1 out+err>> $2"},
	{regexp.MustCompile(`^([^>|{]*) > ("[^"]*"|\S+) 2>&1$`), "$1 out+err> $2"},
	{regexp.MustCompile(`^([^>|{]*) 2> ("[^"]*") \|\| (\^printf '[^']*')$`), "try { $1 err> $2 } catch { $3 }"},
	{regexp.MustCompile(`^([^>|{]*) 2>/dev/null \|\| (?::|true)$`), "try { $1 err> /dev/null }"},
	{regexp.MustCompile(`^([^|{]*) \|\| (?::|true)$`), "try { $1 }"},
	{regexp.MustCompile(`^([^>|{]*) > ("[^"]*"|\S+) 2> ("[^"]*"|\S+)$`), "try { $1 out> $2 err> $3 }"},
	{regexp.MustCompile(`^([^>|{]*) 2>> ("[^"]*"|\S+)$`), "$1 err>> $2"},
	{regexp.MustCompile(`^([^>|{]*) 2> ?("[^"]*"|\S+)$`), "try { $1 err> $2 }"},
	{regexp.MustCompile(`^([^>|{]*) > ("[^"]*"|\S+)$`), "$1 out> $2"},
	{regexp.MustCompile(`^([^>|{]*) >> ("[^"]*"|\S+)$`), "$1 out>> $2"},
	{regexp.MustCompile(`^printf `), "^printf "},
}

// nuText is text with variables in it, between double quotes, that a row prints.
var nuText = regexp.MustCompile(`"[^"]* \S*\$[^"]*"`)

// nuInterpolate says such a text as nushell does.
func nuInterpolate(text string) string {
	text = strings.NewReplacer("$*", "", "(", "\\(").Replace(text)
	return "$" + regexp.MustCompile(`\$(\w+)`).ReplaceAllString(text, "($$env.$1? | default '')")
}

// own: most code of rows can be said in nushell's words.
func (nushell) own(code string) string {
	all := strings.Split(code, "\n")
	for i, line := range all {
		if strings.HasPrefix(line, "builtin printf ") || strings.HasPrefix(line, "builtin echo ") {
			line = nuText.ReplaceAllStringFunc(line, nuInterpolate)
		}
		for _, idiom := range idioms {
			if strings.Contains(line, "sh -c '") {
				break // which is that sh's
			}
			line = idiom.sh.ReplaceAllString(line, idiom.nu)
		}
		all[i] = line
	}
	return strings.Join(all, "\n")
}

func (n nushell) source(file string) string { return "source " + n.quote(file) }

func (n nushell) say(file, expression string) string {
	value := n.quote(expression)
	if variable, ok := strings.CutPrefix(strings.Trim(expression, `"`), "$"); ok {
		value = "($env." + strings.TrimPrefix(variable, "env.") + "? | default '')"
	}
	if expression == n.status() {
		value = "($env.LAST_EXIT_CODE? | default 0)"
	}
	return value + " | $\"($in)\\n\" | save --force " + n.quote(file)
}

// snapshot lists deactivate only where an environment is active: nushell has it
// always, see lacks.
// functions lists them, which takes nushell long. A script has all of its own from its
// start on, for it is read whole: there, one list in a file serves each snapshot.
func (n nushell) functions(prefix string) string {
	list := "[...(scope commands | where type == custom | get name) ...(scope aliases | get name)]"
	file := "$" + n.quote(filepath.Join(filepath.Dir(prefix), "functions of ($nu.pid)"))
	known := "($nu.is-interactive == false and (" + file + " | path exists))"
	return "(if " + known + " { open --raw " + file + " | lines } else { let all = " + list + "; $all | to text | save --force " + file + "; $all })"
}

func (n nushell) snapshot(prefix string) string {
	to := func(kind string) string { return "| save --force " + n.quote(prefix+kind) }
	return lines(
		"^/usr/bin/env -0 -u CURRENT_FILE -u FILE_PWD -u LAST_EXIT_CODE -u CMD_DURATION_MS "+to(".env"),
		n.showPrompt(prefix+".prompt"),
		"$env.PWD "+to(".dir"),
		"which python | get --optional 0.path | default '' "+to(".python"),
		n.functions(prefix)+" | where $it != deactivate or $env.DEN_ACTIVE? != null | to text "+to(".functions"),
		"$env | columns | where ($env | get $it) != null | to text "+to(".variables"),
		"$env.config? | to text "+to(".settings"),
		"'' "+to(".hooks"),
	)
}
