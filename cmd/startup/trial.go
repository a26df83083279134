package startup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"

	"den/shell"
)

// limit is how long a shell may take to parse a file, or to start. A start-up file
// may ask the network.
const limit = 30 * time.Second

// ErrNoShell says that a shell cannot be asked, as it is not there.
var ErrNoShell = errors.New("it is not on PATH")

// parses reports whether the shell's own parser takes the text. Where there is no
// such shell to ask, it does.
func parses(d *shell.Shell, text string) bool {
	program, err := exec.LookPath(d.Executable())
	if err != nil {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, program, d.Trial.Parse...)
	c.Stdin = strings.NewReader(text)
	var exit *exec.ExitError
	return !errors.As(c.Run(), &exit) || ctx.Err() != nil
}

// stray is no command in any shell: where it is not noticed, it is not read as one.
const stray = "\n)\n"

// IsText reports whether the shell does not read as code what stands between the
// one and the other, as in a here-document or in quotes that are open there.
// Where there is no such shell to ask, it is code.
func IsText(d *shell.Shell, before, after string) bool {
	if _, err := exec.LookPath(d.Executable()); err != nil {
		return false
	}
	return parses(d, before+after) && parses(d, before+stray+after)
}

// Breaks reports whether the shell's parser took the text before, and does not
// take it as it is changed.
func Breaks(d *shell.Shell, text, changed string) bool {
	return !parses(d, changed) && parses(d, text)
}

// An Answer is what a new shell says of itself.
type Answer struct {
	// Came is false for a shell that has ended, or has become another program,
	// before it could say anything.
	Came       bool
	Workon     bool // it has a workon, be it den's or another
	Words      bool // it has den's words
	Completion bool // and completes them
	// Hidden is the program that makes the prompt anew each time and leaves out the
	// environment: "other" for one that is not known, "" where there is none.
	Hidden string
}

// tryingVariable is set in a shell that is being tried, for a den in its start-up
// files not to try another.
const tryingVariable = "DEN_TRYING"

// Try starts the shell as a terminal does, and asks it. The shell reads its start-up file,
// or the files of a login shell. An error says why it could not be asked, or that ctx was done.
func Try(ctx context.Context, d *shell.Shell, file string, login bool) (Answer, error) {
	if os.Getenv(tryingVariable) != "" {
		return Answer{}, errors.New("it is being tried already")
	}
	program, err := exec.LookPath(d.Executable())
	if err != nil {
		return Answer{}, ErrNoShell
	}
	args, input := d.Trial.Start(file, login)
	c := exec.Command(program, args...)
	c.Env = tryEnviron(os.Environ())
	if input != "" {
		read, write, err := os.Pipe()
		if err != nil {
			return Answer{}, err
		}
		defer read.Close()
		c.ExtraFiles = []*os.File{read}
		go func() {
			_, _ = io.WriteString(write, input)
			write.Close()
		}()
	}
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		return Answer{}, err
	}
	defer terminal.Close()
	stop := make(chan struct{})
	defer close(stop)
	go typeEnd(terminal, stop)
	return listen(ctx, c, terminal)
}

// typeEnd types Ctrl-D again and again, until stop is closed: whatever asks for an
// answer at the start gets none, and another shell that this one becomes ends.
func typeEnd(terminal io.Writer, stop chan struct{}) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-stop:
			return
		case <-again.C:
			_, _ = terminal.Write([]byte{4})
		}
	}
}

// tryEnviron are the variables for a shell that is tried: those of a new terminal,
// but of one on which no program such as tmux draws its own screen.
func tryEnviron(environ []string) []string {
	environ = slices.DeleteFunc(environ, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return name == "SHLVL" || name == "TERM"
	})
	return append(environ, "TERM=den", tryingVariable+"=1")
}

// listen waits for the answer, or for the shell to end without one, and leaves no
// process of it behind.
func listen(ctx context.Context, c *exec.Cmd, terminal io.Reader) (Answer, error) {
	answers, ended := make(chan Answer, 1), make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewReader(terminal)
		for {
			line, err := lines.ReadString('\n')
			if _, said, found := strings.Cut(line, shell.AnswerMark); found {
				answers <- answerOf(said)
			}
			if err != nil { // nobody has the terminal open any more
				return
			}
		}
	}()
	exited := make(chan struct{})
	go func() {
		_ = c.Wait()
		close(exited)
	}()
	defer func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		<-exited
	}()
	select {
	case answer := <-answers:
		return answer, nil
	case <-ended:
	case <-exited:
		// Something that it has started may hold the terminal open for ever.
		select {
		case <-ended:
		case <-time.After(time.Second):
		}
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case <-time.After(limit):
		return Answer{}, fmt.Errorf("it had not started after %d seconds", limit/time.Second)
	}
	select { // it may have ended right after its answer
	case answer := <-answers:
		return answer, nil
	default:
		return Answer{}, nil
	}
}

// answerOf reads what follows the mark.
func answerOf(said string) Answer {
	said, _, _ = strings.Cut(said, ".")
	words := strings.Fields(said)
	answer := Answer{Came: true, Workon: slices.Contains(words, "workon"), Words: slices.Contains(words, "words"), Completion: slices.Contains(words, "completion")}
	for _, word := range words {
		if program, ok := strings.CutPrefix(word, shell.HiddenMark); ok {
			answer.Hidden = program // those that are known come later
		}
	}
	return answer
}
