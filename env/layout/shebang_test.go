package layout

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"den/env/programtest"
	"den/env/python"
)

// nastyNames are names of directories that some kernel, shell or Python reads
// otherwise than as a name.
var nastyNames = []string{
	"plain",
	"with space",
	" leading and trailing ",
	"it's",
	"it's a space",
	"$HOME", "a $HOME", "${HOME} b", "$(id) x",
	"`id`", "a `id` b",
	`"quoted"`, `a "quoted" b`, `x" y`,
	`back\slash`, `a back\slash`, `ends in \`, `\\ two`, `\x and \N{x} and \u12 and \777`, `$\`,
	`'''`, `a ''' b`, `'''' '`, `"""`, `a """ b`, `\' \"`, `'"'"'`,
	"tab\there", "line\nfeed", "carriage\rreturn", "bell\a x", "ends\n", "delete\x7f",
	"café ❄", "café", "caf\xe9 latin", "caf\xe9", "ž'\\ž\\'",
	"-dash first", "* ? [a-z] {b,c}", "%s %n", "~", "# hash", "!bang !!", "& ; | < > ( )", "coding: utf-7",
	strings.Repeat("long", 30), strings.Repeat("long's ", 30),
	strings.Repeat("l", 60) + "/" + strings.Repeat("$", 60),
}

// nasty makes a directory of that name, or of one like it where the file
// system wants UTF-8, as those of macOS do.
func nasty(t *testing.T, name string) string {
	t.Helper()
	parent, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := parent + "/" + name
	if os.MkdirAll(dir, 0o755) == nil {
		return dir
	}
	dir = parent + "/" + strings.ReplaceAll(name, "\xe9", "é")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// interpreters returns those of this machine.
func interpreters(t *testing.T) []python.Interpreter {
	t.Helper()
	all, err := finder(t).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no interpreter was found: the tests need one on PATH")
	}
	return all
}

func finder(t *testing.T) python.Finder {
	t.Helper()
	return python.Finder{Environ: environ(t)}
}

// environ is the environment of the tests, with a home that is empty.
func environ(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(), "HOME="+t.TempDir(), "PYENV_ROOT=", "XDG_DATA_HOME=", "XDG_CACHE_HOME=", "PYTHONDONTWRITEBYTECODE=1")
}

// report is a script in Latin-1 that prints what it was run with.
const report = "# -*- coding: latin-1 -*-\n" + `import os, sys
assert len(u"` + "\xe9" + `") == 1
out = getattr(sys.stdout, 'buffer', sys.stdout)
for text in [sys.executable] + sys.argv:
    out.write((os.fsencode(text) if hasattr(os, 'fsencode') else text) + b'\0')
`

// TestShebangRuns runs a script in every directory of a name that might be
// misread, with the newest interpreter here, under every sh here.
func TestShebangRuns(t *testing.T) {
	newest := interpreters(t)[0]
	for _, name := range nastyNames {
		dir := nasty(t, name)
		script := writeReport(t, dir, newest)
		for _, command := range append([][]string{{script}}, underShells(t, script)...) {
			args := []string{"two words", "$HOME", "", "*", `\`}
			cmd := exec.CommandContext(t.Context(), command[0], append(command[1:], args...)...)
			cmd.Env = append(environ(t), "LC_ALL=C.UTF-8")
			output, err := cmd.CombinedOutput()
			want := strings.Join(append([]string{dir + "/python", script}, args...), "\x00") + "\x00"
			if err != nil || string(output) != want {
				t.Errorf("%q in %q: %v\n got %q\nwant %q", command[0], name, err, output, want)
			}
		}
	}
}

// writeReport writes the script into dir, and beside it the interpreter.
func writeReport(t *testing.T, dir string, i python.Interpreter) string {
	t.Helper()
	if err := os.Symlink(i.BaseExecutable, dir+"/python"); err != nil {
		t.Fatal(err)
	}
	script := dir + "/script's"
	h := header{options: []string{"-E"}, body: []byte(report)}
	if err := programtest.Write(script, h.render(dir+"/python"), 0o755); err != nil {
		t.Fatal(err)
	}
	return script
}

// underShells lists commands that run a script for sh under each shell here
// that may be installed as sh.
func underShells(t *testing.T, script string) (commands [][]string) {
	t.Helper()
	content, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(content, []byte(shLine)) {
		return nil
	}
	for _, shell := range [][]string{{"dash"}, {"bash"}, {"bash", "--posix"}, {"ksh"}, {"mksh"}, {"zsh"}, {"busybox", "sh"}} {
		if path, err := exec.LookPath(shell[0]); err == nil {
			commands = append(commands, slices.Concat([]string{path}, shell[1:], []string{script}))
		}
	}
	return commands
}

// TestShebangCompiles has every interpreter here compile those scripts, with
// its warnings made errors.
func TestShebangCompiles(t *testing.T) {
	all := interpreters(t)
	var scripts, ascii []string
	for _, name := range nastyNames {
		dir := nasty(t, name)
		script := writeReport(t, dir, all[0])
		scripts = append(scripts, script)
		if !fitsKernel(dir) || !strings.ContainsFunc(dir, needsOctal) {
			ascii = append(ascii, script)
		}

		// What was written is understood when it is read again.
		content, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		h, ok := readHeader(content, []string{dir})
		if !ok || h.python != dir+"/python" || !slices.Equal(h.options, []string{"-E"}) || string(h.body) != report {
			t.Errorf("in %q: read as %q %q, %v", name, h.python, h.options, ok)
		}
	}
	const compile = `import sys
for script in sys.argv[1:]:
    compile(open(script, 'rb').read(), script, 'exec')
`
	for _, i := range all {
		readable := scripts
		if i.Version.Major == 2 {
			readable = ascii // it refuses others in the first line whatever the second says
		}
		args := append([]string{"-W", "error", "-c", compile}, readable...)
		if output, err := exec.CommandContext(t.Context(), i.BaseExecutable, args...).CombinedOutput(); err != nil {
			t.Errorf("%s %s: %v\n%s", i.Name(), i.Path, err, output)
		}
	}
}

func TestShebangForms(t *testing.T) {
	longest := "/" + strings.Repeat("l", longestShebang()-len("#!/\n"))
	for _, row := range []struct {
		python  string
		options []string
		want    string
	}{
		{"/usr/bin/python3", nil, "#!/usr/bin/python3\n"},
		{"/usr/bin/python3", []string{"-E"}, "#!/usr/bin/python3 -E\n"},
		{"/it's/$HOME/python", nil, "#!/it's/$HOME/python\n"},
		{longest, nil, "#!" + longest + "\n"},
		{longest + "l", nil, "#!/bin/sh\n'''exec' '" + longest + "l' \"$0\" \"$@\"\n' '''\n"},
		{longest, []string{"-E"}, "#!/bin/sh\n'''exec' '" + longest + "' '-E' \"$0\" \"$@\"\n' '''\n"},
		{"/p", []string{"-s", "-E"}, "#!/bin/sh\n'''exec' '/p' '-s' '-E' \"$0\" \"$@\"\n' '''\n"},
		{"/a b/python", nil, "#!/bin/sh\n'''exec' '/a b/python' \"$0\" \"$@\"\n' '''\n"},
		{`/a'\b é`, nil, "#!/bin/sh\n'''exec' '/a'\"'\"''\"\\\\\"'b '\"$(printf '\\303\\251')\"'' \"$0\" \"$@\"\n' '''\n"},
	} {
		if got := string(Shebang(row.python, row.options...)); got != row.want {
			t.Errorf("Shebang(%q, %q) =\n%s\nwant\n%s", row.python, row.options, got, row.want)
		}
	}
}

func TestReadHeader(t *testing.T) {
	const root = `/v/it's "$HOME"/web`
	for _, row := range []struct {
		name, script string
		options      []string
		body         string
	}{
		{"the kernel's", "#!" + root + "/bin/python3\nbody", nil, "body"},
		{"the kernel's, options", "#! " + root + "/bin/python3 -s -E\nbody", []string{"-s -E"}, "body"},
		{"the kernel's, between quotes", "#!\"" + root + "/bin/python3\" -E\nbody", []string{"-E"}, "body"},
		{"no body", "#!" + root + "/bin/python3", nil, ""},
		{"carriage return", "#!" + root + "/bin/python3\r\nbody", nil, "body"},
		{"distlib", "#!/bin/sh\n'''exec' \"" + root + "/bin/python3\" \"$0\" \"$@\"\n' '''\nbody", nil, "body"},
		{"distlib, options", "#!/bin/sh\n'''exec' \"" + root + "/bin/python3\" -s -E \"$0\" \"$@\"\n' '''\nbody", []string{"-s", "-E"}, "body"},
		{"distlib, long path", "#!/bin/sh\n'''exec' " + root + "/bin/python3 \"$0\" \"$@\"\n' '''\nbody", nil, "body"},
		{"uv", "#!/bin/sh\n'''exec' '/v/it'\"'\"'s \"$HOME\"/web/bin/python3' \"$0\" \"$@\"\n' '''\nbody", nil, "body"},
		{"escaped", "#!/bin/sh\n'''exec' \"/v/it's \\\"\\$HOME\\\"/web/bin/python3\" \"$0\" \"$@\"\n' '''\nbody", nil, "body"},
		{"cookie inside", "#!/bin/sh\n# coding: latin-1\n'''exec' \"" + root + "/bin/python3\" \"$0\" \"$@\"\n' '''\nbody", nil, "# coding: latin-1\nbody"},
	} {
		h, ok := readHeader([]byte(row.script), []string{"/elsewhere", root})
		if !ok || h.python != root+"/bin/python3" || !slices.Equal(h.options, row.options) || string(h.body) != row.body {
			t.Errorf("%s: %+v, %v", row.name, h, ok)
		}
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	for _, script := range []string{
		"",
		"#!",
		"body",
		"#!/usr/bin/python3\nbody",
		"#!/v/web2/bin/python3\nbody",
		"#!/v/web/bin/perl\nbody",
		"#!/usr/bin/env python3\nbody",
		"#!/bin/sh\necho hello\n",
		"#!/bin/sh\n'''exec' '/v/web/bin/python3' \"$0\" \"$@\"\n",
		"#!/bin/sh\nexec '/v/web/bin/python3' \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' '/v/other/bin/python3' \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' '/v/web/bin/python3' $OPTIONS \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' '/v/web/bin/python3\" \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' '/v'\"$(printf '\\9')\" \"$0\" \"$@\"\n' '''\n",
		"#!/bin/sh\n'''exec' '/v'\"$(printf 'x\\303')\" \"$0\" \"$@\"\n' '''\n",
	} {
		if h, ok := readHeader([]byte(script), []string{"/v/web"}); ok {
			t.Errorf("%q is read as %+v", script, h)
		}
	}
}

func TestCodingCookie(t *testing.T) {
	for _, cookie := range []string{"# -*- coding: utf-8 -*-\n", " \t#coding=latin-1\n", "# vim: set fileencoding=x :\n", "#coding coding: y\r\n"} {
		if got := string(codingCookie([]byte(cookie + "rest"))); got != cookie {
			t.Errorf("codingCookie(%q) = %q", cookie, got)
		}
	}
	for _, line := range []string{"", "import coding\n", "# coding utf-8\n", "# coding: \n", "x # coding: utf-8\n", "# coding: cut off", "\n# coding: utf-8\n"} {
		if got := codingCookie([]byte(line)); got != nil {
			t.Errorf("codingCookie(%q) = %q", line, got)
		}
	}
}

func ExampleShebang() {
	fmt.Printf("%s", Shebang("/srv/env/bin/python"))
	fmt.Printf("%s", Shebang("/srv/my env/bin/python"))
	// Output:
	// #!/srv/env/bin/python
	// #!/bin/sh
	// '''exec' '/srv/my env/bin/python' "$0" "$@"
	// ' '''
}
