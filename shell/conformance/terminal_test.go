package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"den/shell/screen"
)

// ready is what the start-up files of an interactive shell print last.
const ready = "<ready>"

// A terminal is an interactive shell on a pseudo-terminal, with a person at
// the keyboard.
//
// What commands do is read from files that the shell writes, as in a script.
// The screen is there for rows about what a person sees, and to know when the
// shell has got somewhere: each line typed is followed by one that prints a
// mark, spelt so that the echo of the typing does not look like it.
type terminal struct {
	*world
	tty   *os.File
	cmd   *exec.Cmd
	marks int

	mu      sync.Mutex
	changed *sync.Cond
	stream  strings.Builder // all output as it came
	screen  screen.Screen
	closed  bool
	expired bool
}

// greet writes the start-up files of every column, as a person has them who
// uses den in each: a prompt, den, and whatever more is given. A row may start
// any of the shells inside any other.
func (w *world) greet(more func(sh shell) string) {
	w.Helper()
	for _, sh := range allColumns {
		extra := ""
		if more != nil {
			extra = more(sh)
		}
		w.write(filepath.Join(w.home, sh.rc()), sh.own(lines(sh.setPrompt(base), extra, sh.init(), "printf '%s\\n' '"+ready+"'")), 0o644)
	}
	w.mkdir("home/.local/share/fish/generated_completions") // or fish makes them, in the background
}

// open starts the column's shell on a terminal, as a terminal program does,
// and waits for its first prompt. Start-up files that the row has not written
// are the plain ones.
func (w *world) open() *terminal {
	w.Helper()
	if !w.exists(filepath.Join(w.home, w.rc())) {
		w.greet(nil)
	}
	t := &terminal{world: w, screen: screen.Screen{Width: 240, Height: 50}}
	t.changed = sync.NewCond(&t.mu)
	t.cmd = exec.Command(program(w.shell), "-i")
	t.cmd.Dir, t.cmd.Env = w.home, w.environ()
	var err error
	if t.tty, err = pty.StartWithSize(t.cmd, &pty.Winsize{Rows: uint16(t.screen.Height), Cols: uint16(t.screen.Width)}); err != nil {
		w.Fatal(err)
	}
	t.screen.Reply = func(answer string) { t.tty.WriteString(answer) }
	go t.watch()
	w.Cleanup(t.close)
	t.wait("the first prompt", func() bool { return t.stops(base) && t.count(ready) == 1 })
	return t
}

// watch reads what the shell writes until the terminal is closed.
func (t *terminal) watch() {
	chunk := make([]byte, 4096)
	for {
		n, err := t.tty.Read(chunk)
		t.mu.Lock()
		t.stream.Write(chunk[:n])
		t.screen.Write(chunk[:n])
		t.closed = err != nil
		t.changed.Broadcast()
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// close ends the session and everything in it.
func (t *terminal) close() {
	if t.Failed() {
		t.mu.Lock()
		t.Logf("the screen:\n%s", t.screen.String())
		t.mu.Unlock()
	}
	t.hangUp()
	syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL)
	t.cmd.Wait()
	t.tty.Close()
}

// hangUp ends what the shell has started: the foreground job, which is a process group of
// its own, and the others.
func (t *terminal) hangUp() {
	if conn, err := t.tty.SyscallConn(); err == nil {
		conn.Control(func(fd uintptr) {
			if job, err := unix.IoctlGetInt(int(fd), unix.TIOCGPGRP); err == nil && job > 0 {
				syscall.Kill(-job, syscall.SIGKILL)
			}
		})
	}
	killSession(t.cmd.Process.Pid)
}

// wait returns once the condition holds, which is looked at whenever there is
// new output. Past the limit, or when the shell has gone, the row fails.
func (t *terminal) wait(what string, condition func() bool) {
	t.Helper()
	t.mu.Lock()
	t.expired = false
	alarm := time.AfterFunc(limit, func() {
		t.mu.Lock()
		t.expired = true
		t.changed.Broadcast()
		t.mu.Unlock()
	})
	defer alarm.Stop()
	for !condition() && !t.expired && !t.closed {
		t.changed.Wait()
	}
	held := condition()
	t.mu.Unlock()
	if !held {
		t.Fatalf("waited in vain for %s", what)
	}
}

// count tells how often a text was written; only for conditions.
func (t *terminal) count(text string) int { return strings.Count(t.stream.String(), text) }

// times is count for everywhere else.
func (t *terminal) times(text string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count(text)
}

// stops tells whether the cursor stands behind the text; only for conditions.
func (t *terminal) stops(text string) bool {
	return strings.HasSuffix(t.screen.Line(), strings.TrimRight(text, " "))
}

// press sends keys as they are.
func (t *terminal) press(keys string) {
	t.Helper()
	if _, err := t.tty.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// enter types each line and waits until the shell has dealt with it.
func (t *terminal) enter(code ...string) {
	t.Helper()
	for _, line := range code {
		t.marks++
		t.typeLines(line, fmt.Sprintf("builtin printf '<%%s %%s>\\n' done %d", t.marks))
		mark := fmt.Sprintf("<done %d>", t.marks)
		t.wait("the end of "+line, func() bool { return t.count(mark) > 0 })
	}
}

// typeLines types the lines at once, or each when the shell is ready for it.
func (t *terminal) typeLines(code ...string) {
	t.Helper()
	alone, ok := t.shell.(interface{ readsALine() string })
	if !ok {
		t.press(t.own(strings.Join(code, "\r") + "\r"))
		return
	}
	for _, line := range code {
		before := t.times(alone.readsALine())
		t.press(t.own(line) + "\r")
		t.wait("the shell to read on after "+line, func() bool { return t.count(alone.readsALine()) > before })
	}
}

// nest starts another interactive shell inside this one, until exit.
func (t *terminal) nest(command string) {
	t.Helper()
	t.become(command + "; builtin printf '<%s>\\n' back")
}

// exit ends the shell that nest started.
func (t *terminal) exit() {
	t.Helper()
	before := t.times("<back>")
	t.press("exit\r")
	t.wait("the shell to end", func() bool { return t.count("<back>") > before })
}

// become types a command that starts another interactive shell and waits until
// that is ready.
func (t *terminal) become(command string) {
	t.Helper()
	before := t.times(ready)
	t.press(t.own(command) + "\r")
	t.wait("the prompt of "+command, func() bool { return t.count(ready) > before && t.stops(base) })
}

// look takes a snapshot.
func (t *terminal) look(label string) {
	t.Helper()
	t.enter(t.take(label))
}

// prompt is the line that the shell shows when it is ready for the next
// command, and that ends in the person's own prompt.
func (t *terminal) prompt() string {
	t.Helper()
	var line string
	t.wait("a prompt", func() bool {
		line = t.screen.Line()
		return t.stops(base)
	})
	return line + " "
}

// shows fails the row unless the next prompt is exactly the one given.
func (t *terminal) shows(want string) {
	t.Helper()
	if _, late := t.shell.(interface{ promptsLate() }); late {
		t.wait("the prompt "+want, func() bool { return t.screen.Line()+" " == want })
	}
	if got := t.prompt(); got != want {
		t.Errorf("the prompt on the screen is %q, want %q", got, want)
	}
}

// text is what is on the screen by now.
func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

// as is the same terminal once another column's shell runs in it.
func (t *terminal) as(sh shell) {
	inner := *t.world
	inner.shell = sh
	t.world = &inner
}
