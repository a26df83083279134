package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// oddNames are names that den allows and careless code chokes on, or worse.
var oddNames = []string{
	"two words",
	" leading and trailing ",
	"it's $HOME; rm -rf",
	"$(touch pwned)",
	"`touch pwned`",
	"${IFS}$(touch pwned)",
	"';touch pwned;'",
	`";touch pwned;"`,
	`$'\'';touch pwned`,
	"a&touch pwned&",
	"a|touch pwned",
	"x)touch pwned(",
	`back\slash`,
	`\`,
	`\\$(touch pwned)`,
	"\\`touch pwned\\`",
	`\u\h\w\$\[\]\e`,
	`ends with \`,
	"%n %~ %F{red} %(!.a.b) %{x%} %",
	"%%",
	"!!",
	"!$ ^a^b^ !-1",
	"*",
	"[a-z]?{a,b}",
	"~",
	"~root",
	"=ls",
	"=(touch pwned)",
	"<(touch pwned)",
	"# no comment",
	"#x",
	"odd @(1) x'",
	"~x",
	"true",
	"1.10",
	"a=b",
	"+x",
	"@file",
	"$",
	"$$ $? $1 $@ $#",
	"{",
	"}",
	"'",
	`"`,
	"''",
	"(web) ",
	"if",
	"ünïcödé",
	"日本語",
	"🐍 snake",
	"e\u0301 combining",
	"\u202eright to left",
	strings.Repeat("x", 255),
	strings.Repeat("ü", 127),
	"xxx$(touch pwned)`touch pwned`" + strings.Repeat("%n", 100),
}

// A name is text: it is found, shown, entered and left as it is, and nothing
// in it is ever executed or expanded.
func TestOddNames(t *testing.T) {
	eachShell(t, func(w *world) { tourOfNames(w, setting{}) })
}

// The same with the shell expanding more in prompts, or less, than it does by
// itself.
func TestOddNamesWithPromptOptions(t *testing.T) {
	for _, sh := range columns {
		for _, setting := range sh.promptOptions() {
			t.Run(sh.name()+" "+setting.name, func(t *testing.T) {
				t.Parallel()
				tourOfNames(newWorld(t, sh), setting)
			})
		}
	}
}

// A locale that knows no character beyond ASCII: names are bytes then.
func TestOddNamesInTheCLocale(t *testing.T) {
	eachShell(t, func(w *world) {
		w.env["LANG"], w.env["LC_ALL"] = "C", "C"
		tourOfNames(w, setting{})
	})
}

// tourOfNames enters every odd name in turn, in one shell.
func tourOfNames(w *world, with setting) {
	w.Helper()
	code := []string{with.code, w.take("before")}
	paths := make([]string, len(oddNames))
	for i, name := range oddNames {
		label := string(rune('A'+i/26)) + string(rune('a'+i%26))
		paths[i] = w.lay(name)
		code = append(code, "workon "+w.quote(name), w.take(label))
	}
	code = append(code, "deactivate", w.take("after"), "workon")
	listed := names(w.run(code...))
	for i, name := range oddNames {
		label := string(rune('A'+i/26)) + string(rune('a'+i%26))
		shown := "(" + w.shown(name) + ") " + base
		if strings.ContainsAny(name, with.special) {
			shown = w.snap(label).Prompt
		}
		w.insideShown(label, paths[i], name, shown)
	}
	w.same("before", "after")
	want := slices.Clone(oddNames)
	slices.Sort(want)
	slices.Sort(listed)
	if !slices.Equal(listed, want) {
		w.Errorf("workon lists %q, want %q", listed, want)
	}
	for _, dir := range []string{w.home, w.workonHome} {
		if w.exists(filepath.Join(dir, "pwned")) {
			w.Errorf("a name was executed: there is %s/pwned", dir)
		}
	}
}

// What is listed can be entered: nothing is lost between the two.
func TestListedNamesCanBeEntered(t *testing.T) {
	eachShell(t, func(w *world) {
		odd := []string{"two words", "it's $HOME; rm -rf", `back\slash`, "*", "日本語"}
		for _, name := range odd {
			w.lay(name)
		}
		stdout := w.run("workon > "+w.out("list"), w.eachLine(w.file("list"), lines(`workon "$line"`, `builtin printf '%s\n' "$VIRTUAL_ENV_PROMPT"`)))
		slices.Sort(odd)
		if !slices.Equal(names(stdout), odd) {
			w.Errorf("entered %q, want %q", names(stdout), odd)
		}
	})
}

// The name that mkvenv is given is the name it makes.
func TestOddNamesMade(t *testing.T) {
	eachShell(t, func(w *world) {
		odd := []string{"it's $HOME; rm -rf", "$(touch pwned)", "*", "~", " x ", "日本語"}
		var code []string
		for i, name := range odd {
			code = append(code, "mkvenv "+w.quote(name)+" --without-pip > "+w.out("printed")+" 2>&1", w.take(string(rune('a'+i))))
		}
		w.run(append([]string{w.take("before")}, append(code, "deactivate", w.take("after"))...)...)
		for i, name := range odd {
			w.insideShown(string(rune('a'+i)), filepath.Join(w.workonHome, name), name, "("+w.shown(name)+") "+base)
		}
		w.same("before", "after")
		if w.exists(filepath.Join(w.home, "pwned")) || w.exists(filepath.Join(w.workonHome, "pwned")) {
			w.Errorf("a name was executed")
		}
	})
}
