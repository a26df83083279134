package conformance

import (
	"regexp"
	"strings"
	"testing"
)

// elvish is the column of elvish. Its scripts are start-up files, which it reads at
// a terminal: elsewhere it has no prompt. Names are looked up when a script is read,
// before den has defined any, so a script begins with functions that call den's.
type elvish struct{ fish }

func (elvish) name() string                { return "elvish" }
func (elvish) script(file string) []string { return []string{"elvish", "-rc", file} }
func (elvish) rc() string                  { return ".config/elvish/rc.elv" }
func (elvish) init() string                { return "eval &ns=(ns [&]) (den init elvish | slurp)" }
func (elvish) activate() string            { return "activate.elv" }
func (elvish) hook(name string) string     { return name + ".elv" }
func (elvish) lacks() map[string]string    { return unkeptByElvish }

func (elvish) profile(body string) (file, content string) { return ".config/elvish/login.elv", body }

func (elvish) quote(word string) string            { return "'" + strings.ReplaceAll(word, "'", "''") + "'" }
func (elvish) shown(name string) string            { return name }
func (e elvish) export(name, value string) string  { return "set-env " + name + " " + e.quote(value) }
func (e elvish) assign(name, value string) string  { return e.export(name, value) }
func (elvish) unset(name string) string            { return "unset-env " + name }
func (elvish) status() string                      { return "$status" }
func (e elvish) setPath(path string) string        { return e.export("PATH", path) }
func (e elvish) prependPath(dir string) string     { return "set paths = [" + e.quote(dir) + " $@paths]" }
func (elvish) function(name, body string) string   { return "fn " + name + " {|@_|\n" + body + "\n}" }
func (elvish) eraseFunction(name string) string    { return "nop " + name }
func (e elvish) alias(name, command string) string { return e.function(name, command) }
func (elvish) redefinable() []string {
	return []string{"put", "set-env", "unset-env", "get-env", "has-value", "keys", "take", "show", "fail", "run-parallel", "rm", "ls", "grep", "sed", "cat", "env"}
}
func (elvish) group(body, redirections string) string { return "{\n" + body + "\n} " + redirections }

// eachLine reads the file by the line as body goes on.
func (e elvish) eachLine(file, body string) string {
	return "{\nset-env line (read-line)\nwhile (not-eq $E:line '') {\n" + body + "\nset-env line (read-line)\n}\n} < " + e.quote(file)
}

func (e elvish) parameters(body string, words ...string) string {
	for i := range words {
		words[i] = e.quote(words[i])
	}
	return "fn given {|@argv|\n" + body + "\n}\ngiven " + strings.Join(words, " ")
}
func (elvish) showParameters() string { return "each {|word| echo $word } $argv" }

// setPrompt has a person at a terminal see the exit status of the last command.
func (e elvish) setPrompt(text string) string {
	return "set edit:rprompt = { }; set edit:prompt = { print " + e.quote(text) + " }; edit:add-var status 0; " +
		"set edit:after-command = [{|m| if $m[error] { edit:add-var status 0 } else { edit:add-var status (try { put $m[error][reason][exit-status] } catch _ { put 130 }) } }]"
}
func (e elvish) prependPrompt(text string) string {
	return "var theirs = $edit:prompt; set edit:prompt = { print " + e.quote(text) + "; $theirs }"
}
func (e elvish) appendPrompt(text string) string {
	return "var theirs = $edit:prompt; set edit:prompt = { $theirs; print " + e.quote(text) + " }"
}
func (e elvish) freshPrompt(text string) string { return e.prependPrompt(text) }

// showPrompt prints what a prompt puts, then what it prints, as elvish does.
func (e elvish) showPrompt(file string) string {
	return "$edit:prompt | only-values | each {|v| print $v } > " + e.quote(file) + "\n$edit:prompt | only-bytes >> " + e.quote(file)
}
func (e elvish) promptHook(text string) string {
	return "set edit:before-readline = [{ " + e.setPrompt(text) + " }]"
}
func (elvish) runPromptHook() string    { return "$edit:before-readline[0]" }
func (elvish) hostile() []setting       { return nil }
func (elvish) promptOptions() []setting { return nil }
func (elvish) modes() [][]string        { return nil }
func (elvish) volatile() []string       { return nil }

// source reads code where the script's own names are known.
func (e elvish) source(file string) string { return "eval (slurp < " + e.quote(file) + ")" }

func (e elvish) say(file, expression string) string {
	return "echo " + expression + " > " + e.quote(file)
}

// snapshot lists deactivate where an environment is active: which functions there are
// cannot be asked for. TestFunctionsOfElvish has a person try.
func (e elvish) snapshot(prefix string) string {
	to := func(kind string) string { return " > " + e.quote(prefix+kind) }
	return lines(
		"/usr/bin/env -0"+to(".env"),
		e.showPrompt(prefix+".prompt"),
		"echo $pwd"+to(".dir"),
		"{ try { echo (search-external python) } catch _ { } }"+to(".python"),
		"{ if (has-env DEN_ACTIVE) { echo deactivate } }"+to(".functions"),
		"print ''"+to(".variables"),
		"print (count $before-chdir) (count $after-chdir)"+to(".settings"),
		"print (count $edit:before-readline) (count $edit:after-readline)"+to(".hooks"),
	)
}

// elvishWords are den's words, which a script calls.
var elvishWords = strings.Fields(`den workon mkvenv mkvirtualenv cpvenv cpvirtualenv mvvenv rmvenv rmvirtualenv lsvenv lsvirtualenv cdvenv cdvirtualenv
	cdproject cdsitepackages lssitepackages mktmpenv mkproject showvirtualenv allvirtualenv add2virtualenv setvirtualenvproject toggleglobalsitepackages wipeenv`)

// elvishPrelude is in front of a script.
func elvishPrelude() string {
	code := []string{
		"var status of-den by-hand = 0 $nil $nil",
		"fn loaded {|ns| set of-den = $ns }",
		"fn sourced {|ns| set by-hand = $ns[leave~] }",
		// attempt runs what may fail, and notes its exit status.
		"fn attempt {|f| try { $f; set status = 0 } catch e { set status = 1; try { set status = $e[reason][exit-status] } catch _ { echo $e[reason] } } }",
		"fn deactivate {|@a| if $by-hand { $by-hand; set by-hand = $nil } else { $of-den[deactivate~] $@a } }",
	}
	for _, word := range elvishWords {
		otherwise := "fail 'no den'"
		if word == "den" {
			otherwise = "e:den $@a"
		}
		code = append(code, "fn "+word+" {|@a| set by-hand = $nil; if $of-den { $of-den["+word+"~] $@a } else { "+otherwise+" } }")
	}
	return lines(code...)
}

// elvishIdioms are what rows say in code of their own, and how elvish says it.
var elvishIdioms = []struct {
	sh  *regexp.Regexp
	elv string
}{
	{regexp.MustCompile(`\$\(basename `), "(basename "},
	{regexp.MustCompile(`^source (.*)$`), "eval &ns=(ns [&]) (slurp < $1)"},
	{regexp.MustCompile(`\bexport (\w+)=\$HOME(\S*)`), "set-env $1 $$E:HOME$2"},
	{regexp.MustCompile(`\bexport (\w+)=([^;\s]+)`), "set-env $1 $2"},
	{regexp.MustCompile(`\bbuiltin cd `), "cd "},
	{regexp.MustCompile(`^command `), "e:"},
	{regexp.MustCompile(`\bbuiltin pwd\b`), "echo $$pwd"},
	{regexp.MustCompile(`\bbuiltin true\b`), "nop"},
	{regexp.MustCompile(`\bbuiltin (printf|echo)\b`), "/usr/bin/$1"},
	{regexp.MustCompile(`^printf '`), "/usr/bin/printf '"},
	{regexp.MustCompile(`^builtin read (\w+)$`), "set-env $1 (read-line)"},
	{regexp.MustCompile(`^(.*) (?:2>/dev/null )?\|\| nop$`), "nop ?($1)"},
	{regexp.MustCompile(`^(.*) \|\| (.*)$`), "attempt { $1 }; if (not-eq $$status 0) { $2 }"},
	{regexp.MustCompile(`^(.*) && (.*)$`), "$1; $2"},
	{regexp.MustCompile(`^type (\w+) >/dev/null 2>&1; .*$`), "if (has-env DEN_ACTIVE) { $1 }"},
	{regexp.MustCompile(`^([^{?]* 2>>? ?('[^']*'|\S+))$`), "attempt { $1 }"},
	{regexp.MustCompile(`"\$(\w+)"`), "$$E:$1"},
}

// elvishLoads are lines that load den and an activate script, and how a script does
// so that is read before.
var elvishLoads = []struct {
	line *regexp.Regexp
	elv  string
}{
	{regexp.MustCompile(`(?m)^eval &ns=\(ns \[&\]\) \(slurp <`), "eval &ns=(ns [&]) &on-end=$$sourced~ (slurp <"},
	{regexp.MustCompile(`(?m)^eval &ns=\(ns \[&\]\) \(`), "eval &ns=(ns [&]) &on-end=$$loaded~ ("},
}

// interpolated is text in double quotes with variables in it.
var interpolated = regexp.MustCompile(`"[^"']*\$[^"']*"`)

// interpolate says such a text as elvish does, which does not look into quotes.
func interpolate(text string) string {
	text = regexp.MustCompile(`\$(\w+)`).ReplaceAllString(strings.ReplaceAll(text, "$*", ""), `"$$E:$1"`)
	return strings.NewReplacer(`""`, "").Replace(text)
}

// own: most code of rows can be said in elvish's words.
func (e elvish) own(code string) string {
	all := strings.Split(code, "\n")
	for i, line := range all {
		if strings.Contains(line, "sh -c '") {
			continue // which is that sh's
		}
		for _, idiom := range elvishIdioms {
			line = idiom.sh.ReplaceAllString(line, idiom.elv)
		}
		if i+1 < len(all) && strings.Contains(all[i+1], "$status") && !strings.HasPrefix(line, "attempt ") {
			line = "attempt { " + line + " }"
		}
		all[i] = interpolated.ReplaceAllStringFunc(line, interpolate)
	}
	return strings.Join(all, "\n")
}

// whole is a script as a start-up file. What ends it badly is its exit status.
func (e elvish) whole(code string) string {
	for _, load := range elvishLoads {
		code = load.line.ReplaceAllString(code, load.elv)
	}
	return lines("try {", elvishPrelude()+"eval "+e.quote(code), "} catch e {", "show $e >&2", "exit 2", "}", "exit")
}

// atTerminal: elvish has a prompt only where its standard input is a terminal.
func (elvish) atTerminal() {}

// promptsLate: elvish shows the last prompt while it draws the next.
func (elvish) promptsLate() {}

// A person at elvish's prompt has deactivate while an environment is active, and
// the functions that a hook has defined.
func TestFunctionsOfElvish(t *testing.T) {
	t.Parallel()
	w := newWorld(t, elvish{})
	w.lay("web")
	w.sourced(w.workonHome, "postactivate", "fn from_hook { echo 'called by '(den path web) }")
	term := w.open()
	unknown := `exec: "deactivate": executable file not found`
	term.enter("deactivate")
	term.wait("that there is none", func() bool { return term.count(unknown) == 1 })
	term.enter("workon web", "from_hook > "+w.out("said"), "deactivate")
	term.shows(base)
	term.enter("deactivate")
	term.wait("that there is none", func() bool { return term.count(unknown) == 2 })
	if want := "called by " + w.workonHome + "/web\n"; w.read("said") != want {
		w.Errorf("the function says %q", w.read("said"))
	}
}

// A command that fails ends a hook in elvish's language, and only that.
func TestFailingHooksInElvish(t *testing.T) {
	t.Parallel()
	w := newWorld(t, elvish{})
	web := w.lay("web")
	w.sourced(w.workonHome, "postactivate", "/bin/sh -c 'exit 3'\nset-env AFTER 1")
	r := w.heard(w.take("before"), "workon web", w.take("inside"), "deactivate", w.take("after"))
	w.inside("inside", web)
	w.same("before", "after")
	if want := "den: warning: the hook " + w.workonHome + "/postactivate.elv has ended: /bin/sh exited with 3\n"; r.stderr != want {
		w.Errorf("stderr is %q, want %q", r.stderr, want)
	}
}
