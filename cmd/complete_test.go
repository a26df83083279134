package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"den/cmd/waste"
	"den/completions"
	"den/shell"
	"den/shell/shells"
)

// completing answers for a line typed to den, or to one of its functions.
func completing(name string, words ...string) completions.Answer {
	a := &app{}
	root := a.rootCommand("", "")
	root.InitDefaultHelpCmd()
	return a.complete(root, name, completions.Line{Words: words})
}

func texts(a completions.Answer) []string {
	var all []string
	for _, c := range a.Candidates {
		all = append(all, c.Text)
	}
	return all
}

// person makes the home of a person with two environments and two Pythons.
func person(t *testing.T) (dir string) {
	dir = t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"web", "my env"} {
		write("envs/"+name+"/pyvenv.cfg", "version = 3.12.1\n")
		write("envs/"+name+"/bin/python", "#!/bin/sh\n")
	}
	write("envs/web/.project", dir+"/src/web\n")
	write("envs/web/bin/pytest", "#!/bin/sh\n")
	write("envs/web/bin/preactivate", "#!/bin/sh\n")
	write("envs/web/bin/activate.d/x", "")
	write("envs/.den/kept/1700000000000000000.removed.1.rm/gone/pyvenv.cfg", "")
	write("other/elsewhere/pyvenv.cfg", "")
	write("other/elsewhere/bin/python", "")
	write("envs/templates/site", "#!/bin/sh\n")
	write("bin/python3.77", "#!/bin/sh\n: >'"+dir+"/started'\n")
	write(".pyenv/versions/3.78.1/bin/python3", "#!/bin/sh\n: >'"+dir+"/started'\n")
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir+"/.config")
	t.Setenv("XDG_DATA_HOME", dir+"/.local/share")
	t.Setenv("PYENV_ROOT", dir+"/.pyenv")
	t.Setenv("WORKON_HOME", dir+"/envs")
	t.Setenv("VIRTUAL_ENV", dir+"/envs/web")
	t.Setenv("PATH", dir+"/bin")
	return dir
}

// hookTexts are the names of all hooks, and those for fish where a dot is typed.
func hookTexts(word string) []string {
	return texts(completions.Answer{Offer: hookNames(completions.Place{Word: word})})
}

func TestCompleteArguments(t *testing.T) {
	dir := person(t)
	environments := []string{"my env", "web"}
	for _, row := range []struct {
		line  string // separated by bars
		want  []string
		paths completions.Paths
		root  string
	}{
		{line: "workon|", want: environments},
		{line: "den|workon|", want: environments},
		{line: "/usr/bin/den|workon|", want: environments},
		{line: "an alias|workon|", want: environments},
		{line: "cpvenv|", want: environments},
		{line: "cpvirtualenv|web|"},
		{line: "den|cp|./", paths: completions.Directories},
		{line: "mvvenv|", want: environments},
		{line: "mvvenv|web|"},
		{line: "rmvenv|web|", want: []string{"my env"}},
		{line: "rmvirtualenv|--force|", want: environments},
		{line: "den|remove|", want: environments},
		{line: "den|undo|", want: []string{"gone"}},
		{line: "den|undo|gone|"},
		{line: "den|gc|", want: waste.Kinds()},
		{line: "den|show|", want: environments},
		{line: "den|path|--bin|", want: environments},
		{line: "den|--workon-home|" + dir + "/other|workon|", want: []string{"elsewhere"}},
		{line: "den|--workon-home|", paths: completions.Directories},
		{line: "mkvenv|"},
		{line: "mkvirtualenv|--backend|", want: []string{"native", "venv", "virtualenv", "uv"}},
		{line: "mkvenv|-r|", paths: completions.AnyFile},
		{line: "mkvenv|-a|", paths: completions.Directories},
		{line: "mkvenv|-i|"},
		{line: "mkvenv|--prompt|"},
		{line: "lsvenv|"},
		{line: "den|list|--sort|", want: sortColumnNames()},
		{line: "lsvirtualenv|--b", want: []string{"--brief", "--help", "--long", "--workon-home", "-b", "-h", "-l"}},
		{line: "cdvenv|", paths: completions.Directories, root: dir + "/envs/web"},
		{line: "cdvirtualenv|bin|"},
		{line: "den|run|", want: environments},
		{line: "den|run|web|", want: []string{"pytest", "python"}},
		{line: "den|run|web|bin/", paths: completions.AnyFile},
		{line: "den|run|web|pytest|-", paths: completions.AnyFile},
		{line: "den|run|nosuch|"},
		{line: "den|init|", want: []string{"bash", "zsh", "fish", "ksh", "mksh", "nushell", "xonsh", "elvish", "virtualenvwrapper"}},
		{line: "den|setup|bash|", want: []string{"zsh", "fish", "ksh", "mksh", "nushell", "xonsh", "elvish"}},
		{line: "den|setup|--from|", want: []string{"virtualenvwrapper"}},
		{line: "den|config|", want: append([]string{"set", "unset"}, settingKeys()...)},
		{line: "den|config|set|backend|", want: []string{"native", "venv", "virtualenv", "uv"}},
		{line: "den|config|set|cd|", want: []string{"true", "false"}},
		{line: "den|hooks|", want: []string{"edit", "import", "my env", "web"}},
		{line: "den|hooks|web|--j", want: []string{"--help", "--json", "--workon-home", "-h"}},
		{line: "den|hooks|edit|", want: hookTexts("")},
		{line: "den|hooks|edit|postactivate.", want: hookTexts(".")},
		{line: "den|hooks|edit|postactivate|", want: environments},
		{line: "den|hooks|import|", want: environments},
		{line: "deactivate|"},
		{line: "mktmpenv|"},
		{line: "mktmpenv|-r|", paths: completions.AnyFile},
		{line: "mkproject|"},
		{line: "mkproject|-t|", want: []string{"site"}},
		{line: "mkproject|-t|site|-t|"},
		{line: "den|diff|", want: environments},
		{line: "den|diff|web|", want: []string{"my env"}, paths: completions.AnyFile},
		{line: "setvirtualenvproject|", want: environments},
		{line: "setvirtualenvproject|web|", paths: completions.Directories},
		{line: "cdproject|", paths: completions.Directories, root: dir + "/src/web"},
		{line: "den|project|show|", want: environments},
		{line: "den|project|", want: []string{"cd", "new", "set", "show"}},
		{line: "den|site-packages|c", want: []string{"cd", "ls"}},
		{line: "cdsitepackages|"},
		{line: "add2virtualenv|", paths: completions.Directories},
		{line: "den|pth|add|", paths: completions.Directories},
		{line: "lsvirtualenv|-", want: []string{"--brief", "--help", "--long", "--workon-home", "-b", "-h", "-l"}},
		{line: "showvirtualenv|", want: environments},
		{line: "allvirtualenv|", want: []string{"python", "pytest"}},
		{line: "allvirtualenv|pytest|-", paths: completions.AnyFile},
		{line: "allvirtualenv|-j|"},
		{line: "den|showvirtualenv|"},
		{line: "den|sweep|"},
		{line: "den|complete|"},
	} {
		words := strings.Split(row.line, "|")
		a := completing(words[0], words[1:]...)
		if got := texts(a); !slices.Equal(got, row.want) || a.Paths != row.paths || a.Root != row.root {
			t.Errorf("%s: %q, paths %q from %q; want %q, %q from %q", row.line, got, a.Paths, a.Root, row.want, row.paths, row.root)
		}
	}
}

func TestCompleteInterpreters(t *testing.T) {
	dir := person(t)
	for _, row := range []struct {
		words []string
		want  string
	}{
		{[]string{"-p", ""}, "3.78 3.77"},
		{[]string{"--python=3"}, "3.78 3.77"},
		{[]string{"-p", "3.78"}, "3.78 3.78.1"},
		{[]string{"-p", "3.78."}, "3.78.1"},
		{[]string{"-p", "python"}, "python3.77"},
		{[]string{"-p", dir + "/bin/"}, dir + "/bin/python3.77"},
	} {
		got := texts(completing("mkvenv", row.words...))
		got = slices.DeleteFunc(got, func(text string) bool { return !strings.Contains(text, "3.7") || strings.HasSuffix(text, "3.7") }) // those of the machine
		if strings.Join(got, " ") != row.want {
			t.Errorf("%q: offered are %q, want %s", row.words, got, row.want)
		}
	}
	if _, err := os.Stat(dir + "/started"); err == nil {
		t.Error("a Python was started")
	}
}

func TestCompleteDescribes(t *testing.T) {
	person(t)
	for words, want := range map[string]string{
		"workon||web":               "3.12.1, ~/src/web",
		"workon||my env":            "3.12.1",
		"mkvenv|-p||3.78":           "3.78.1, pyenv",
		"mkvenv|--wi|--without-pip": "leave pip out",
		"den||rm":                   "Remove environments",
		"den|help||mk":              "Make an environment and enter it",
		"den|config||backend":       "native: what makes new environments",
	} {
		line := strings.Split(words, "|")
		last := len(line) - 1
		a := completing(line[0], line[1:last]...)
		i := slices.IndexFunc(a.Candidates, func(c completions.Candidate) bool { return c.Text == line[last] })
		if i < 0 {
			t.Errorf("%s: not offered", words)
		} else if got := a.Candidates[i].Describe(); got != want {
			t.Errorf("%s is described as %q, want %q", words, got, want)
		}
	}
}

// Nothing is to be made by looking.
func TestCompleteChangesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("WORKON_HOME", dir+"/envs")
	for _, words := range [][]string{{"workon", ""}, {"rmvenv", "x", ""}, {"mkvenv", "-p", ""}, {"cdvenv", ""}, {"den", "run", "x", ""}} {
		completing(words[0], words[1:]...)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("there is %v in the home (%v)", entries, err)
	}
}

// Every command and every flag says, by what it calls its arguments, what they
// are: a word that no predictor knows is a mistake, or one to be added here.
func TestCompleteKnowsAllArguments(t *testing.T) {
	free := []string{"package", "text"} // anything may stand there
	a := &app{}
	root := a.rootCommand("", "")
	predictors := a.predictors(root)
	for _, c := range root.Commands() {
		if c.Hidden {
			continue
		}
		for _, name := range predictors.Unknown(c) {
			if !slices.Contains(free, name) {
				t.Errorf("%s: nothing predicts %s", c.CommandPath(), name)
			}
		}
	}
}

// The functions that the integration defines are those that complete.
func TestFunctionsComplete(t *testing.T) {
	definition := regexp.MustCompile(`(?m)^(?:function |set words\[| *self\.(?:word|define)\(")([a-z][a-z0-9]*)`)
	for _, name := range shells.Names() {
		s, err := shells.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, evaluates := s.Channel.(shell.Descriptor); !evaluates {
			continue // its words are aliases of den, which completes
		}
		i := shell.Integration{Program: "/bin/den", Words: wordTable}
		script := s.Completion.Script(i)
		defined := definition.FindAllStringSubmatch(s.Init(i, nil), -1)
		if len(defined) < len(wordTable) {
			t.Errorf("%s: only %d functions found", name, len(defined))
		}
		for _, match := range defined {
			function := match[1]
			if s.Completion.Missing == "" && !regexp.MustCompile(`\b`+function+`\b`).MatchString(script) {
				t.Errorf("%s: nothing is said of %s", name, function)
			}
			if _, ok := wordNamed(function); !ok && function != "den" {
				t.Errorf("%s: %s stands for no command", name, function)
			}
		}
	}
}
