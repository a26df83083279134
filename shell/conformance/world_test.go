package conformance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"den/env/programtest"
)

// base is the prompt of a person before den adds to it.
const base = "base> "

// A world is what one row has in one shell: a home directory with a
// WORKON_HOME in it, an environment for the shell to start with, and a place
// for the files that the shell leaves for the row to read.
type world struct {
	*testing.T
	shell

	dir        string // everything is below it; its path is free of symlinks
	home       string // HOME, and the working directory to begin with
	workonHome string // WORKON_HOME
	path       string // PATH

	env     map[string]string // what the shell starts with
	line    string            // what loads den; the shell's own line when ""
	ignored []string          // exported variables that snapshots leave out
	command []string          // how to run a script; the column's way when nil
	scripts int
	// atTerminal tells that the standard input of scripts is a terminal.
	atTerminal bool
}

func newWorld(t *testing.T, sh shell) *world {
	t.Helper()
	if _, err := exec.LookPath(program(sh)); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI runs every column", sh.name())
		}
		t.Skipf("%s is not installed", sh.name())
	}
	dir, err := os.MkdirTemp(shared.dir, "row")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, shell: sh, dir: dir}
	_, w.atTerminal = sh.(interface{ atTerminal() })
	t.Cleanup(w.remove)
	w.home = w.mkdir("home")
	w.workonHome = w.mkdir("home/envs")
	if err := os.CopyFS(filepath.Join(w.home, ".cache"), os.DirFS(shared.cache)); err != nil {
		t.Fatal(err)
	}
	w.mkdir("files")
	w.path = strings.Join(searchPath(), ":")
	w.env = map[string]string{
		"CI":          "true", // scripts that make environments are not to prepare for more
		"HOME":        w.home,
		"ZDOTDIR":     w.home,
		"LANG":        "C.UTF-8",
		"PATH":        w.path,
		"SHELL":       executable(program(sh)),
		"TERM":        "xterm-256color",
		"TMPDIR":      w.mkdir("tmp"),
		"USER":        "person",
		"WORKON_HOME": w.workonHome,
	}
	if w.atTerminal { // where elvish keeps its history, whatever HOME and TMPDIR are
		w.env["XDG_STATE_HOME"], w.env["XDG_RUNTIME_DIR"] = w.mkdir("state"), w.mkdir("runtime")
		w.env["PWD"] = w.home // which it sets where it goes elsewhere
	}
	return w
}

// init is the line that loads den.
func (w *world) init() string {
	if w.line != "" {
		return w.line
	}
	return w.shell.init()
}

// searchPath is the PATH of a person: den, a python that is no environment's,
// and the system's own directories with the shells.
func searchPath() []string {
	dirs := []string{shared.bin, shared.tools}
	for _, sh := range allColumns {
		if found, err := exec.LookPath(program(sh)); err == nil {
			dirs = append(dirs, filepath.Dir(found))
		}
	}
	dirs = append(dirs, "/usr/bin", "/bin")
	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		again := seen[dir]
		seen[dir] = true
		return again
	})
}

func executable(name string) string {
	found, err := exec.LookPath(name)
	if err != nil {
		return name
	}
	return found
}

// remove takes the world away. A row may end while den still deletes, in the
// background, what the row removed: then a directory is refilled or emptied
// under our hands, and the next attempt finds it so.
func (w *world) remove() {
	for give := time.Now().Add(limit); ; {
		err := os.RemoveAll(w.dir)
		if err == nil {
			return
		}
		if time.Now().After(give) {
			w.Errorf("removing the row's files: %v", err)
			return
		}
	}
}

// file is the path of a file that a script writes and the row reads.
func (w *world) file(name string) string { return filepath.Join(w.dir, "files", name) }

// out is the same path, quoted for the script.
func (w *world) out(name string) string { return w.quote(w.file(name)) }

// read gives the contents of such a file.
func (w *world) read(name string) string {
	w.Helper()
	return w.text(w.file(name))
}

// text gives the contents of any file.
func (w *world) text(path string) string {
	w.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// mkdir makes a directory below the world and gives its path.
func (w *world) mkdir(name string) string {
	w.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(path, 0o755); err != nil {
		w.Fatal(err)
	}
	return path
}

// write makes a file, and the directories it lies in.
func (w *world) write(path, content string, mode os.FileMode) {
	w.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.Fatal(err)
	}
	if err := programtest.Write(path, []byte(content), mode); err != nil {
		w.Fatal(err)
	}
}

// exists tells whether there is anything at path, a dangling symlink included.
func (w *world) exists(path string) bool {
	w.Helper()
	_, err := os.Lstat(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.Fatal(err)
	}
	return err == nil
}

// say prints the value of an expression into a file.
func (w *world) say(file, expression string) string {
	if own, ok := w.shell.(interface {
		say(file, expression string) string
	}); ok {
		return own.say(w.file(file), expression)
	}
	return "builtin printf '%s\\n' " + expression + " > " + w.out(file)
}

// whole is code as a script of the column's.
func (w *world) whole(code ...string) string {
	text := w.own(lines(code...))
	if own, ok := w.shell.(interface{ whole(code string) string }); ok {
		return own.whole(text)
	}
	return text
}

// A result is what a script did, seen from outside.
type result struct {
	stdout, stderr string
	status         int
}

// run runs a script that sets the prompt and loads den first. The row fails
// unless it succeeds in silence; what it printed on stdout is returned.
func (w *world) run(code ...string) string {
	w.Helper()
	r := w.try(append([]string{w.setPrompt(base), w.init()}, code...)...)
	if r.status != 0 || r.stderr != "" {
		w.Fatalf("exit status %d, stderr:\n%s", r.status, r.stderr)
	}
	return r.stdout
}

// try runs a script as it is and asks nothing of it.
func (w *world) try(code ...string) result {
	w.Helper()
	w.scripts++
	script := filepath.Join(w.dir, "script")
	w.write(script, w.whole(code...), 0o644)
	command := w.command
	if command == nil {
		command = w.script(script)
	} else {
		command = append(slices.Clone(command), script)
	}
	r := w.execute(command)
	w.Cleanup(func() {
		if w.Failed() {
			text := fmt.Sprintf("$ %s\n%s--- stdout\n%s--- stderr\n%s--- exit status %d",
				strings.Join(command, " "), lines(code...), r.stdout, r.stderr, r.status)
			w.Log(strings.ReplaceAll(text, w.dir, "ROW"))
		}
	})
	return r
}

// execute runs a command in a session of its own, away from any terminal, and
// kills all of it if it hangs. Its output goes to files, so that a process it
// leaves behind cannot keep the row waiting.
func (w *world) execute(command []string) result {
	w.Helper()
	stdout, stderr := w.create("stdout"), w.create("stderr")
	defer stdout.Close()
	defer stderr.Close()

	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = w.home, w.environ()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if w.atTerminal {
		cmd.Stdin = w.terminal()
	}
	pid, wait, err := w.start(cmd)
	if err != nil {
		w.Fatal(err)
	}
	hung := time.AfterFunc(limit, func() { syscall.Kill(-pid, syscall.SIGKILL) })
	status, err := wait()
	r := result{w.read("stdout"), w.read("stderr"), status}
	if w.atTerminal {
		r.stderr = withoutDaemon.ReplaceAllString(r.stderr, "")
	}
	if !hung.Stop() {
		w.Fatalf("%s hung (%v)\n--- stdout\n%s--- stderr\n%s", w.name(), err, r.stdout, r.stderr)
	}
	return r
}

// withoutDaemon is what elvish says where the process that keeps its history is just ending.
var withoutDaemon = regexp.MustCompile(`(?s)^Cannot connect to daemon: .*?\nDaemon-related functions will likely not work\.\n`)

// start starts a command. It returns the process id, and what waits for the end and
// returns the exit status.
func (w *world) start(cmd *exec.Cmd) (pid int, wait func() (status int, err error), err error) {
	if f := shared.fork; f != nil && cmd.Args[0] == program(xonsh{}) && f.fits(cmd.Env) {
		nothing, err := os.Open(os.DevNull)
		if err != nil {
			return 0, nil, err
		}
		defer nothing.Close()
		return f.start(cmd, nothing, cmd.Stdout.(*os.File), cmd.Stderr.(*os.File))
	}
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	return cmd.Process.Pid, func() (int, error) {
		err := cmd.Wait()
		return cmd.ProcessState.ExitCode(), err
	}, nil
}

// terminal is a terminal at which nobody types.
func (w *world) terminal() *os.File {
	w.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		slave.Close()
		master.Close()
	})
	return slave
}

func (w *world) create(name string) *os.File {
	w.Helper()
	f, err := os.Create(w.file(name))
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// environ is w.env in the form that exec wants, in a steady order.
func (w *world) environ() []string {
	var environ []string
	for name, value := range w.env {
		environ = append(environ, name+"="+value)
	}
	slices.Sort(environ)
	return environ
}
