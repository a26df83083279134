package conformance

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/programtest"
)

//go:embed testdata/xonsh.py
var forkScript string

// A fork is a xonsh that has read and compiled itself, and forks for each script: its
// start takes far longer than all that a row does in it. It is the same program, in the
// same Python. Terminals, and the shells inside of shells, start it anew.
type fork struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	socket string
}

// prepareFork starts the one for the rows, or none: then each starts its own.
func prepareFork(dir string) (*fork, error) {
	program, err := exec.LookPath("xonsh")
	if err != nil {
		return nil, nil
	}
	text, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	python, _, _ := strings.Cut(string(text), "\n")
	if !strings.HasPrefix(python, "#!/") || !strings.Contains(python, "python") {
		return nil, nil
	}
	own := filepath.Join(dir, "fork")
	first := filepath.Join(own, "first.xsh")
	// Its file has the name of the program, which den looks for among the processes.
	err = errors.Join(
		os.Mkdir(own, 0o755),
		programtest.Write(filepath.Join(own, "xonsh"), []byte(python+"\n"+forkScript), 0o755),
		os.WriteFile(first, []byte(lines(xonsh{}.setPrompt(base), xonsh{}.snapshot(filepath.Join(own, "first")))), 0o644),
	)
	if err != nil {
		return nil, err
	}
	f := &fork{cmd: exec.Command(filepath.Join(own, "xonsh"), filepath.Join(own, "socket"), first), socket: filepath.Join(own, "socket")}
	f.cmd.Dir, f.cmd.Stderr = own, os.Stderr
	f.cmd.Env = []string{"HOME=" + own, "LANG=C.UTF-8", "PATH=/usr/bin:/bin", "TERM=xterm-256color"}
	stdout, err := f.cmd.StdoutPipe()
	if err == nil {
		f.stdin, err = f.cmd.StdinPipe()
	}
	if err == nil {
		err = f.cmd.Start()
	}
	if err == nil {
		_, err = bufio.NewReader(stdout).ReadString('\n')
	}
	return f, err
}

// end ends it, so that its processor time counts as the tests'.
func (f *fork) end() {
	if f != nil {
		f.stdin.Close()
		f.cmd.Wait()
	}
}

// fits reports whether a xonsh with these variables would have started in the same
// way: Python reads those about itself and the language when it starts.
func (f *fork) fits(environ []string) bool {
	english := false
	for _, entry := range environ {
		if strings.HasPrefix(entry, "PYTHON") || strings.HasPrefix(entry, "LC_") {
			return false
		}
		english = english || entry == "LANG=C.UTF-8"
	}
	return english
}

// start starts xonsh. It returns the process id, and what waits for the end and
// returns the exit status.
func (f *fork) start(cmd *exec.Cmd, files ...*os.File) (pid int, wait func() (status int, err error), err error) {
	address := &net.UnixAddr{Name: f.socket, Net: "unix"}
	conn, err := net.DialUnix("unix", nil, address)
	if err != nil {
		return 0, nil, err
	}
	fields := append([]string{cmd.Dir, strconv.Itoa(len(cmd.Args))}, append(cmd.Args, cmd.Env...)...)
	var rights []int
	for _, file := range files {
		rights = append(rights, int(file.Fd()))
	}
	request := []byte(strings.Join(fields, "\x00"))
	if _, _, err := conn.WriteMsgUnix(request[:1], unix.UnixRights(rights...), nil); err != nil {
		return 0, nil, err
	}
	if _, err := conn.Write(request[1:]); err != nil {
		return 0, nil, err
	}
	if err := conn.CloseWrite(); err != nil {
		return 0, nil, err
	}
	answers := bufio.NewReader(conn)
	number := func() (n int, err error) {
		_, err = fmt.Fscanf(answers, "%d\n", &n)
		return n, err
	}
	wait = func() (int, error) {
		defer conn.Close()
		status, err := number()
		return max(status, -1), err
	}
	pid, err = number()
	return pid, wait, err
}
