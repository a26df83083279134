package completions_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"den/env/programtest"
	"den/shell/screen"
)

// limit is how long a shell may take before it counts as hung. No test is about
// time, so it is generous.
const limit = 60 * time.Second

// A session is an interactive shell on a pseudo-terminal, in which den's
// functions tell the test what they are called with instead of doing anything.
type session struct {
	*testing.T
	shell string
	idiom idiom
	// aliases are the words that the shell replaces by others.
	aliases map[string][]string
	dir     string // HOME and working directory
	den     string
	tty     *os.File
	cmd     *exec.Cmd

	output chan []byte
	seen   bytes.Buffer // all output since a command was entered
	screen screen.Screen
}

// A start is how a session begins.
type start struct {
	shell  string
	before []string // lines of the start-up file before den's
	load   string   // instead of the line that loads den
	after  []string
	// files are put into the home first, by their paths in it.
	files map[string]string
}

// environments are those that each session has.
var environments = []string{
	"web", "api", "my env", "it's", "d$HOME", "$first", "q\"uote", "b\\slash", "end'", "fin\"", "last\\",
	"eq=ual", "ünï", "wow!it", "(paren", "st*ar", "~tilde", "#hash", "'a'", "two1", "two2", "漢字",
}

// recorded are the words that tell instead of doing.
var recorded = []string{"den", "workon", "mkvenv", "mkvirtualenv", "cpvenv", "cpvirtualenv", "mvvenv", "rmvenv", "rmvirtualenv", "lsvenv", "lsvirtualenv", "cdvenv", "cdvirtualenv", "mkproject", "cdsitepackages", "allvirtualenv", "showvirtualenv"}

const prompt = "ready> "

// begin starts the shell as a terminal does and waits for its prompt.
func begin(t *testing.T, how start) *session {
	t.Helper()
	idiom := idioms[how.shell]
	program, err := exec.LookPath(cmp.Or(idiom.program, how.shell))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", how.shell)
		}
		t.Skipf("%s is not installed", how.shell)
	}
	s := &session{T: t, shell: how.shell, idiom: idiom, output: make(chan []byte), screen: screen.Screen{Width: 120}}
	s.screen.Reply = s.press
	if s.dir, err = filepath.EvalSymlinks(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s.furnish()
	for name, content := range how.files {
		s.file(name, content, 0o666)
	}
	s.cmd = exec.Command(program, s.idiom.args...)
	s.cmd.Dir = s.dir
	s.cmd.Env = []string{
		"HOME=" + s.dir, "ZDOTDIR=" + s.dir, "XDG_CONFIG_HOME=" + s.dir + "/.config", "INPUTRC=/dev/null",
		"XDG_STATE_HOME=" + s.dir + "/.state", "XDG_RUNTIME_DIR=" + s.mkdir(".run"),
		"WORKON_HOME=" + s.dir + "/envs", "VIRTUAL_ENV=" + s.dir + "/envs/web", "OUT=" + s.dir + "/out",
		"PATH=" + s.dir + "/bin:/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "TERM=xterm", "SHELL=" + program,
		"GORACE=atexit_sleep_ms=0", // or den waits a second at its end where races are looked for
	}
	s.file(s.idiom.rc, strings.Join(slices.Concat(how.before, []string{cmp.Or(how.load, s.load())}, how.after, s.recorders(), []string{s.idiom.prompt}), "\n")+"\n", 0o666)
	if s.tty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 40, Cols: uint16(s.screen.Width)}); err != nil {
		t.Fatal(err)
	}
	go s.read()
	t.Cleanup(s.end)
	s.wait("the first prompt", s.reads)
	s.seen.Reset()
	return s
}

// furnish puts into the home what there is to complete.
func (s *session) furnish() {
	s.Helper()
	den, err := program()
	if err != nil {
		s.Fatal(err)
	}
	s.den = s.mkdir("bin") + "/den"
	if err := os.Symlink(den, s.den); err != nil {
		s.Fatal(err)
	}
	s.file("bin/tell", "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$OUT\" && printf '<%s>\\n' told\n", 0o777)
	for _, name := range environments {
		s.file("envs/"+name+"/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n", 0o666)
		s.file("envs/"+name+"/bin/python", "#!/bin/sh\n", 0o777)
		s.file("envs/"+name+"/bin/py test", "#!/bin/sh\n", 0o777)
	}
	s.mkdir("envs/web/lib/python3.12/site-packages")
	s.mkdir("envs/web/include")
	s.mkdir("pro ject/in side")
	s.file("req file.txt", "", 0o666)
	s.mkdir(".local/share/fish/generated_completions") // or fish makes them, in the background
}

func (s *session) mkdir(name string) string {
	s.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(path, 0o777); err != nil {
		s.Fatal(err)
	}
	return path
}

func (s *session) file(name, content string, mode os.FileMode) string {
	s.Helper()
	s.mkdir(filepath.Dir(name))
	path := filepath.Join(s.dir, name)
	if err := programtest.Write(path, []byte(content), mode); err != nil {
		s.Fatal(err)
	}
	return path
}

// read passes on what the shell prints, until it has gone.
func (s *session) read() {
	defer close(s.output)
	for {
		chunk := make([]byte, 4096)
		n, err := s.tty.Read(chunk)
		if n > 0 {
			s.output <- chunk[:n]
		}
		if err != nil {
			return
		}
	}
}

// wait returns when the condition holds, which is looked at whenever there is
// output.
func (s *session) wait(what string, condition func() bool) {
	s.Helper()
	expired := time.After(limit)
	for !condition() {
		select {
		case chunk, ok := <-s.output:
			if !ok {
				s.Fatalf("the shell ended before %s; it said:\n%q", what, s.seen.String())
			}
			s.seen.Write(chunk)
			s.screen.Write(chunk)
		case <-expired:
			s.Fatalf("waited in vain for %s; the screen:\n%s", what, s.screen.String())
		}
	}
}

func (s *session) press(keys string) {
	s.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.Fatal(err)
	}
}

// enter presses keys, then Enter, and returns the command that came out: its
// name and its arguments, of which directories have no slash at the end.
func (s *session) enter(keys string) []string {
	s.Helper()
	s.seen.Reset()
	s.typeKeys(keys)
	s.press("\r")
	s.wait("the command of "+keys, func() bool {
		_, after, told := bytes.Cut(s.seen.Bytes(), []byte("<told>"))
		return told && s.readsAfter(after)
	})
	said, err := os.ReadFile(s.dir + "/out")
	if err != nil {
		s.Fatal(err)
	}
	if err := os.Remove(s.dir + "/out"); err != nil { // noclobber may be on
		s.Fatal(err)
	}
	words := strings.Split(strings.TrimSuffix(string(said), "\x00"), "\x00")
	for i, word := range words {
		words[i] = strings.TrimSuffix(word, "/") // zsh takes it away again
	}
	return words
}

// shows presses keys at an empty line, and checks what the line then is, and that
// all texts are on the screen since. The line before is emptied: an interrupt
// would reach the shell in the midst of completing.
func (s *session) shows(keys, line string, texts ...string) {
	s.Helper()
	row := s.screen.Row()
	s.press("\x05\x15\r")
	s.wait("an empty line", func() bool { return s.screen.Row() > row && s.screen.Line() == strings.TrimRight(prompt, " ") })
	row = s.screen.Row()
	s.press(keys)
	s.wait(fmt.Sprintf("%q to become %q and show %q", keys, line, texts), func() bool {
		text := s.screen.From(row)
		return s.screen.Line() == strings.TrimRight(prompt+line, " ") && !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(text, t) })
	})
}

// gives checks what keys lead to.
func (s *session) gives(keys string, want ...string) {
	s.Helper()
	if got := s.enter(keys); !slices.Equal(got, s.told(want)) {
		s.Errorf("%q is %q, want %q; the screen:\n%s", keys, got, want, s.seen.String())
	}
}

// silent checks that there is no word of an error on the screen.
func (s *session) silent() {
	s.Helper()
	for _, word := range []string{"error", "not found", "No such", "no such", s.shell + ":", "__den", "_den", "unbound", "not set"} {
		if strings.Contains(s.seen.String(), word) {
			s.Errorf("there is %q on the screen:\n%s", word, s.seen.String())
		}
	}
}

func (s *session) end() {
	if err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		s.Error(err)
	}
	s.cmd.Wait()
	s.tty.Close()
	for range s.output { // until the reader has gone
	}
}
