package conformance

import (
	"regexp"
	"strings"
)

// xonsh is the column of xonsh, of which the language is Python with commands in it.
type xonsh struct{ fish }

func (xonsh) name() string                { return "xonsh" }
func (xonsh) script(file string) []string { return []string{"xonsh", "--no-rc", file} }
func (xonsh) rc() string                  { return ".xonshrc" }
func (xonsh) init() string {
	return `exec(__import__('subprocess').check_output(["den", "init", "xonsh"], env=${...}.detype()))`
}
func (xonsh) activate() string        { return "activate.xsh" }
func (xonsh) hook(name string) string { return name + ".xsh" }

func (xonsh) profile(body string) (file, content string) {
	return ".config/xonsh/rc.xsh", lines("if ${...}.get('XONSH_LOGIN'):", pythonBlock(body))
}

// pythonBlock indents the code.
func pythonBlock(body string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n    ")
}

// quote is a word of a command: xonsh expands variables within quotes.
func (x xonsh) quote(word string) string {
	if strings.ContainsAny(word, "$~`{}*") {
		return "@(" + x.text(word) + ")"
	}
	return x.text(word)
}

// text is a value of Python's.
func (xonsh) text(word string) string {
	return `'` + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\x1b", `\x1b`, "\t", `\t`).Replace(word) + `'`
}

func (xonsh) shown(name string) string           { return name }
func (x xonsh) export(name, value string) string { return "$" + name + " = " + x.text(value) }
func (x xonsh) assign(name, value string) string { return x.export(name, value) }
func (xonsh) unset(name string) string           { return "${...}.pop('" + name + "', None)" }
func (xonsh) status() string                     { return "$LAST_RETURN_CODE" }
func (x xonsh) setPath(path string) string {
	return "$PATH = " + x.text(path) + ".split(':')"
}
func (x xonsh) prependPath(dir string) string { return "$PATH.insert(0, " + x.text(dir) + ")" }
func (x xonsh) function(name, body string) string {
	return lines("def own_"+name+"(args):", pythonBlock(x.own(body)), "aliases["+x.text(name)+"] = own_"+name)
}
func (x xonsh) eraseFunction(name string) string { return "del aliases[" + x.text(name) + "]" }
func (x xonsh) alias(name, command string) string {
	return "aliases[" + x.text(name) + "] = " + x.text(command)
}

var braces = strings.NewReplacer("{", "{{", "}", "}}")

func (x xonsh) setPrompt(text string) string { return "$PROMPT = " + x.text(braces.Replace(text)) }
func (x xonsh) prependPrompt(text string) string {
	return "$PROMPT = " + x.text(braces.Replace(text)) + " + $PROMPT"
}
func (x xonsh) appendPrompt(text string) string {
	return "$PROMPT = $PROMPT + " + x.text(braces.Replace(text))
}
func (x xonsh) freshPrompt(text string) string { return x.prependPrompt(text) }
func (x xonsh) showPrompt(file string) string {
	return "$PROMPT_FIELDS.reset(); open(" + x.text(file) + ", 'w').write(__import__('xonsh.ansi_colors').ansi_colors.ansi_partial_color_format(__import__('xonsh.prompt.base').prompt.base.PromptFormatter()($PROMPT)))"
}
func (x xonsh) statusPrompt(text string) string {
	return "$PROMPT = '[{last_return_code}] ' + " + x.text(braces.Replace(text))
}
func (x xonsh) promptHook(text string) string {
	return lines("@events.on_pre_prompt", "def own_prompt():", pythonBlock(x.setPrompt(text)))
}
func (xonsh) runPromptHook() string { return "own_prompt()" }
func (xonsh) hostile() []setting {
	return []setting{
		{name: "errors raised", code: "$RAISE_SUBPROC_ERROR = True"},
		{name: "no threads", code: "$THREAD_SUBPROCS = False"},
		{name: "directories pushed", code: "$AUTO_PUSHD = True"},
	}
}
func (xonsh) promptOptions() []setting { return nil }
func (xonsh) modes() [][]string {
	return [][]string{{"xonsh", "--no-rc", "--no-env"}, {"xonsh", "--no-rc", "-l"}}
}
func (xonsh) lacks() map[string]string { return unkeptByXonsh }

func (xonsh) redefinable() []string {
	return []string{"cd", "pwd", "rm", "ls", "grep", "sed", "cat", "env", "echo", "type"}
}

// volatile has what xonsh notes of its commands.
func (xonsh) volatile() []string {
	return []string{"OLDPWD", "PWD", "LAST_RETURN_CODE", "__ALIAS_STACK", "__ALIAS_NAME", "COLUMNS", "LINES", "_", "XONSH_SOURCE", "PROMPT_FIELDS"}
}

// xonshIdioms are what rows say in code of their own, and how xonsh says it.
var xonshIdioms = []struct {
	sh *regexp.Regexp
	xo string
}{
	{regexp.MustCompile(`\bbuiltin source\b`), "source"},
	{regexp.MustCompile(`\bbuiltin cd ('[^']*')`), "moved = __import__('xonsh.dirstack').dirstack.cd([$1])"},
	{regexp.MustCompile(`\bbuiltin `), ""},
	{regexp.MustCompile(`^command `), ""},
	{regexp.MustCompile(`\|\| :`), "|| true"},
	{regexp.MustCompile(`^'xonsh' `), "xonsh "},
	{regexp.MustCompile(`>&2`), "o>e"},
	{regexp.MustCompile(`type deactivate >/dev/null 2>&1 && deactivate; true`), "'deactivate' in aliases and ![deactivate]"},
	{regexp.MustCompile(`\$\(basename "\$(\w+)"\)`), "@(__import__('os').path.basename($$$1))"},
	{regexp.MustCompile(`\bexport (\w+)=\$HOME(\S*)`), "$$$1 = $$HOME + '$2'"},
	{regexp.MustCompile(`\bexport (\w+)=(/\S*);`), "$$$1 = '$2';"},
	{regexp.MustCompile(`^pwd > (.*)$`), "open($1, 'w').write($$PWD + '\\n')"},
}

// own: most code of rows can be said in xonsh's words.
func (xonsh) own(code string) string {
	all := strings.Split(code, "\n")
	for i, line := range all {
		for _, idiom := range xonshIdioms {
			if strings.Contains(line, "sh -c '") {
				break // which is that sh's
			}
			line = idiom.sh.ReplaceAllString(line, idiom.xo)
		}
		all[i] = line
		if i > 0 && strings.Contains(line, "$LAST_RETURN_CODE") {
			command := strings.TrimLeft(all[i-1], " ")
			all[i-1] = strings.TrimSuffix(all[i-1], command) + "ran = ![" + command + "]"
			all[i] = strings.Replace(line, "$LAST_RETURN_CODE", "ran.rtn", 1)
		}
	}
	return strings.Join(all, "\n")
}

func (x xonsh) eachLine(file, body string) string {
	return "for $line in open(" + x.text(file) + ").read().splitlines():\n" + pythonBlock(body)
}

func (x xonsh) parameters(body string, words ...string) string {
	for i := range words {
		words[i] = x.text(words[i])
	}
	return "def given(*argv):\n" + pythonBlock(body) + "\ngiven(" + strings.Join(words, ", ") + ")"
}
func (xonsh) showParameters() string { return "for word in argv: print(word)" }

func (x xonsh) source(file string) string { return "exec(open(" + x.text(file) + ").read())" }

func (x xonsh) say(file, expression string) string {
	value := x.text(expression)
	if variable, ok := strings.CutPrefix(strings.Trim(expression, `"`), "$"); ok {
		value = "str(${...}.get(" + x.text(variable) + ") or '')"
	}
	if expression == x.status() {
		value = "str(" + x.status() + ")"
	}
	return "open(" + x.text(file) + ", 'w').write(" + value + " + '\\n')"
}

// snapshot is plain Python, which Python parses twenty times as fast as xonsh does.
func (x xonsh) snapshot(prefix string) string {
	write := func(kind, text string) string {
		return "open(" + x.text(prefix+kind) + ", 'w').write(" + text + ")"
	}
	code := lines(
		"__import__('subprocess').run(['/usr/bin/env', '-0'], env={k: v for k, v in ${...}.detype().items() if not k.startswith('XONSH_') and k not in ('LAST_RETURN_CODE', 'PROMPT', 'FOREIGN_ALIASES_SUPPRESS_SKIP_MESSAGE', '__ALIAS_STACK', '__ALIAS_NAME')}, stdout=open("+x.text(prefix+".env")+", 'wb'))",
		x.showPrompt(prefix+".prompt"),
		write(".dir", "$PWD"),
		write(".python", "__import__('shutil').which('python', path=':'.join($PATH)) or ''"),
		write(".functions", `'\n'.join(aliases)`),
		write(".variables", `'\n'.join(${...}._d)`),
		write(".settings", "''"),
		write(".hooks", "''"),
	)
	variables := regexp.MustCompile(`\$([A-Z_]+)`).ReplaceAllString(code, "__xonsh__.env['$1']")
	return strings.ReplaceAll(variables, "${...}", "__xonsh__.env")
}
