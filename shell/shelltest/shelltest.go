// Package shelltest has real shells evaluate code for tests, hundreds of
// snippets in one process, and makes up texts that a shell might do something
// with.
package shelltest

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// limit is how long a shell may take over one snippet before it counts as hung
// and is killed. No test is about time.
const limit = 2 * time.Minute

// most is how many snippets one process takes; then another one goes on. ksh keeps memory
// for each, and a subshell takes longer the more its shell has.
const most = 500

// A Shell is a shell at work. It has an empty directory to itself, nothing on
// PATH, and nothing of the person's in its environment.
type Shell struct {
	Dir string // the working directory, which is empty

	name    string
	argv    []string
	environ []string
	snippet string // where those go that are read from a file
	mark    string // what the shell prints after each snippet
	taken   int    // how many snippets this process has taken
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	stderr  *os.File
}

// loops are what shells do from their start on: evaluate snippets, and print the
// mark after each. A snippet comes as den's own code does: to bash and zsh in a
// command substitution, to fish through read; to those that den does not speak
// to in a file that they source. What comes on a line is the path of a file.
var loops = map[string]struct {
	argv     []string
	fromFile bool
	code     string
}{
	"bash":   {[]string{"--norc", "--noprofile", "-c"}, true, `while IFS= builtin read -r __file; do __code=$(<"$__file"); builtin eval "$__code" </dev/null; builtin printf '%s\0' MARK; done`},
	"zsh":    {[]string{"-f", "-c"}, true, `while IFS= builtin read -r __file; do __code=$(<"$__file"); builtin eval "$__code" </dev/null; builtin printf '%s\0' MARK; done`},
	"fish":   {[]string{"--no-config", "-c"}, false, `while read --null -l __code; eval $__code </dev/null; printf '%s\0' MARK; end`},
	"ksh":    {[]string{"-c"}, true, `while IFS= command read -r __file; do __code=$(<"$__file"); command eval "$__code" </dev/null; command printf '%s\0' MARK; done`},
	"mksh":   {[]string{"-c"}, true, `while IFS= command read -r __file; do __code=$(<"$__file"); command eval "$__code" </dev/null; /usr/bin/printf '%s\0' MARK; done`},
	"elvish": {[]string{"-norc", "-c"}, true, `from-lines | each {|file| try { eval &ns=(ns [&]) (slurp < $file) } catch e { show $e >&2 }; print "MARK\x00" }`},
	"sh":     {[]string{"-c"}, true, `while read -r __file; do . "$__file" </dev/null; printf '%s\0' MARK; done`},
	"tcsh":   {[]string{"-f"}, true, csh},
}

// csh is the loop of tcsh, which reads no loop from its command line.
const csh = `while (1)
	set __file = "$<"
	if ("$__file" == "") exit
	source "$__file"
	/usr/bin/printf '%s\0' MARK
end
`

// Start starts the shell called name, which ends with the test. A machine
// without it skips the test, but not in CI, where every shell has to be there.
func Start(t testing.TB, name string, environ ...string) *Shell {
	t.Helper()
	loop := loops[name]
	program := Program(t, name)
	own := t.TempDir()
	s := &Shell{Dir: filepath.Join(own, "empty"), name: name, mark: fmt.Sprintf("mark-%x", rand.Uint64())}
	if loop.fromFile {
		s.snippet = filepath.Join(own, "snippet")
	}
	if err := os.Mkdir(s.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.stderr, err = os.OpenFile(filepath.Join(own, "stderr"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666); err != nil {
		t.Fatal(err)
	}
	code := strings.ReplaceAll(loop.code, "MARK", s.mark)
	if name == "tcsh" {
		script := filepath.Join(own, "loop")
		if err := os.WriteFile(script, []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
		code = script
	}
	s.argv = append(append([]string{program}, loop.argv...), code)
	s.environ = append([]string{"HOME=" + s.Dir, "PATH=/nowhere", "LC_ALL=C.UTF-8", "TERM=dumb", "XDG_DATA_HOME=" + own, "XDG_CONFIG_HOME=" + own}, environ...)
	s.launch(t)
	t.Cleanup(func() {
		s.end()
		s.stderr.Close()
	})
	return s
}

// launch starts the process.
func (s *Shell) launch(t testing.TB) {
	t.Helper()
	s.cmd = exec.Command(s.argv[0], s.argv[1:]...)
	s.cmd.Dir, s.cmd.Env, s.cmd.Stderr = s.Dir, s.environ, s.stderr
	var err error
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.stdout = bufio.NewReaderSize(stdout, 1<<16)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

// end ends it.
func (s *Shell) end() {
	s.stdin.Close()
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// Eval has the shell evaluate the code and returns the texts that it printed,
// each with a NUL after it. The test fails when the shell complained about
// something, has ended, or left a file: then something in the code did what it
// should not.
func (s *Shell) Eval(t testing.TB, code string) []string {
	t.Helper()
	if s.taken == most {
		s.end()
		s.launch(t)
		s.taken = 0
	}
	s.taken++
	input := code + "\x00"
	if s.snippet != "" {
		if err := os.WriteFile(s.snippet, []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
		input = s.snippet + "\n"
	}
	hung := time.AfterFunc(limit, func() { s.cmd.Process.Kill() })
	defer hung.Stop()
	go io.WriteString(s.stdin, input)
	var texts []string
	for {
		text, err := s.stdout.ReadString(0)
		if err != nil {
			t.Fatalf("%s has ended (%v): %s\ncode:\n%s", s.name, err, s.said(t), code)
		}
		if text = strings.TrimSuffix(text, "\x00"); text == s.mark {
			break
		}
		texts = append(texts, text)
	}
	if said := s.said(t); said != "" {
		t.Fatalf("%s says %q\ncode:\n%s", s.name, said, code)
	}
	if left, err := os.ReadDir(s.Dir); err != nil || len(left) > 0 {
		t.Fatalf("%s has left %v, %v\ncode:\n%s", s.name, left, err, code)
	}
	return texts
}

// said returns what the shell has written to standard error, and forgets it.
func (s *Shell) said(t testing.TB) string {
	t.Helper()
	info, err := s.stderr.Stat()
	if err != nil || info.Size() == 0 {
		return ""
	}
	text, err := os.ReadFile(s.stderr.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.stderr.Truncate(0); err != nil {
		t.Fatal(err)
	}
	return string(text)
}
