// Package child runs the programs that interpreters are found and environments
// are built with: Pythons, virtualenv, uv. It keeps what they print, and sees
// to it that none outlives the call that started it.
package child

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// misleading are the variables that make a Python, or a tool that looks for one, use
// another interpreter, library or environment than den gave it, or do something else than
// den asked. For those of pip, see pipRedirects.
var misleading = [...]string{
	"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV",
	"VIRTUALENV_TRY_FIRST_WITH", "VIRTUALENV_DISCOVERY", "VIRTUALENV_DEST",
	"UV_PYTHON", "UV_PYTHON_PREFERENCE", "UV_MANAGED_PYTHON", "UV_NO_MANAGED_PYTHON", "UV_SYSTEM_PYTHON",
	"UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
	"UV_VENV_RELOCATABLE",
	// Setting this asks for pip, and there is no option that asks for none.
	"UV_VENV_SEED",
}

// Environ returns environ without the variables that would lead a child astray.
// Other settings of pip, virtualenv and uv stay. The result is never nil, which
// to exec.Cmd would mean the environment of this process.
func Environ(environ []string) []string {
	kept := make([]string, 0, len(environ))
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !redirectsPip(entry) && !slices.Contains(misleading[:], name) {
			kept = append(kept, entry)
		}
	}
	return kept
}

// Getenv returns the value of a variable in environ, where the last entry counts; "" if
// it is not set.
func Getenv(environ []string, name string) string {
	for _, entry := range slices.Backward(environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// Module returns the arguments with which a Python runs a module, as by -m, but does
// not take a file in the working directory for that, nor for a module that it
// imports. The option -I does the same, but leaves out too what a person has
// installed for themselves, and Python 2.7 does not know it.
func Module(name string) []string {
	return []string{"-c", "import sys; sys.path[:] = [d for d in sys.path if d]; import runpy; runpy.run_module('" + name + "', run_name='__main__', alter_sys=True)"}
}

const (
	// outputPatience is how long the output of a program that has ended is
	// read on, where another process holds it open.
	outputPatience = 5 * time.Second
	// deathPatience is how long killed processes are waited for. They are gone
	// in no time, but count until their parent takes note, and in a container
	// the parent of orphans may never do.
	deathPatience = time.Second
)

// Run runs a program to its end, with nothing to read and with Environ(environ)
// as its environment, and returns the last 64 KiB of what it printed on stdout
// and stderr together.
//
// When ctx ends, the program and all it started are killed and waited for, so
// that nothing writes to any file after Run has returned; the error is then
// context.Cause(ctx). A program that has ended, and left one behind that holds its
// output, has that one killed too. Otherwise the error is that of exec.Cmd.Run.
func Run(ctx context.Context, environ []string, program string, args ...string) (string, error) {
	return RunAs(ctx, nil, "", Environ(environ), program, args...)
}

// RunAs is Run as a user (nil: this process's own), in the working directory dir, with
// exactly the environment environ.
func RunAs(ctx context.Context, user *syscall.Credential, dir string, environ []string, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, environ
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: user}
	cmd.Cancel = func() error {
		if syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) != nil {
			return os.ErrProcessDone
		}
		return nil
	}
	cmd.WaitDelay = outputPatience
	var output tail
	cmd.Stdout, cmd.Stderr = &output, &output

	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) { // the program itself has ended well
		err = nil
		_ = cmd.Cancel()
	}
	if ctx.Err() != nil {
		if cmd.Process != nil {
			awaitGroup(cmd.Process.Pid)
		}
		err = context.Cause(ctx)
	}
	return output.String(), err
}

// awaitGroup waits until no process of the group is left.
func awaitGroup(group int) {
	for end := time.Now().Add(deathPatience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if syscall.Kill(-group, 0) != nil {
			return
		}
	}
}

// A tail keeps the end of what is written to it.
type tail struct{ kept []byte }

const tailSize = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*tailSize {
		t.kept = append(t.kept[:0], t.kept[len(t.kept)-tailSize:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	return string(t.kept[max(0, len(t.kept)-tailSize):])
}

// LastLines returns the last n lines of output that are not blank.
func LastLines(output string, n int) []string {
	var lines []string
	for line := range strings.Lines(output) {
		if line = strings.TrimRight(line, " \t\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[max(0, len(lines)-n):]
}
