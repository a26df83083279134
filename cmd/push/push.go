// Package push sends an environment to another machine, over ssh. It first sends the
// program that receives it. So the machine needs a shell and a Python, and no den.
package push

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"den/env/pack"
	"den/env/python"
	"den/env/python/child"
	"den/env/tree"
	"den/shell"
)

//go:embed receive.py
var receiver string

//go:embed find.sh
var finder string

// A Needed is what the Python on the other machine has to be.
type Needed struct {
	Series string // "3.12", "3.13t", "pypy3.10": see pack.Python.Interpreter
	Test   string // a program that a Python ends with status 0 if it fits
}

// NeededFor is the Python that a packed environment runs with.
func NeededFor(m pack.Manifest) Needed {
	p := m.Python
	test := fmt.Sprintf("import sys, sysconfig; g = sysconfig.get_config_var; sys.exit(not (sys.version_info[:2] == (%d, %d) and sys.implementation.name == %q and bool(g('Py_GIL_DISABLED')) == bool(%d)",
		p.Version.Major, p.Version.Minor, p.Implementation, number(p.FreeThreaded))
	if m.Compiled {
		test += fmt.Sprintf(" and (g('SOABI') or '') == %q", p.ABI)
	}
	return Needed{p.Interpreter(), test + "))"}
}

// AnyPython is one that can receive.
var AnyPython = Needed{"3", "import sys; sys.exit(sys.version_info < (3, 8))"}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A Request says what is to be done on the other machine.
type Request struct {
	Name     string   `json:"name"`
	Home     string   `json:"home,omitempty"` // "" for the one of the other machine
	Rollback bool     `json:"rollback,omitempty"`
	Check    []string `json:"check,omitempty"` // modules that have to be importable
	NoCheck  bool     `json:"no_check,omitempty"`
	Compile  bool     `json:"compile,omitempty"`
}

// An Answer is a line from the other machine.
type Answer struct {
	Path       string          `json:"path"` // of the environment there
	Executable string          `json:"executable"`
	Platform   python.Platform `json:"platform"`
	Need       []string        `json:"need"` // hashes
	Done       bool            `json:"done"`
	Unchanged  bool            `json:"unchanged"` // it had exactly this environment
	Kept       int             `json:"kept"`      // earlier versions
	Error      string          `json:"error"`
	None       *string         `json:"none"` // the Pythons that do not fit
}

// A NoPythonError says that the other machine has no Python that fits.
type NoPythonError struct{ Series, Seen string }

func (e *NoPythonError) Error() string {
	message := "it has no Python " + e.Series + " that fits"
	if e.Seen != "" {
		message += " (there are: " + e.Seen + ")"
	}
	return message
}

// A RemoteError is what the other machine says went wrong.
type RemoteError struct{ Message string }

func (e *RemoteError) Error() string { return e.Message }

// mark begins the lines of the receiver: start-up files may print others.
const mark = "den-push: "

// endPatience is how long ssh may take to end once it has been told to.
const endPatience = 5 * time.Second

// A Session is a connection to a receiver.
type Session struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Reader
	errors  bytes.Buffer
	needed  Needed
}

// Open starts a receiver on the host, by the words of ssh, and returns its answer to
// the request.
func Open(ctx context.Context, ssh []string, host string, needed Needed, request Request) (*Session, Answer, error) {
	s := &Session{needed: needed}
	// The shell reads byte by byte, and Python does not.
	program := fmt.Sprintf("import sys; exec(compile(sys.stdin.buffer.read(%d), 'den', 'exec'))", len(receiver))
	script := assign("series", needed.Series) + assign("test", needed.Test) + assign("program", program) + finder
	s.command = Command(ctx, ssh, host, script)
	var err error
	if s.input, err = s.command.StdinPipe(); err != nil {
		return nil, Answer{}, err
	}
	output, err := s.command.StdoutPipe()
	if err != nil {
		return nil, Answer{}, err
	}
	s.output = bufio.NewReader(output)
	s.command.Stderr = &s.errors
	if err := s.command.Start(); err != nil {
		return nil, Answer{}, fmt.Errorf("starting %s: %w", ssh[0], err)
	}
	answer, err := s.ask(script+receiver, request)
	if err != nil {
		s.Close()
		return nil, answer, err
	}
	return s, answer, nil
}

// Command is ssh that has the host run a script, which it reads first from standard
// input. The login shell there, whatever it is, has to understand one line only.
func Command(ctx context.Context, ssh []string, host, script string) *exec.Cmd {
	line := `exec sh -c 'eval "$(dd bs=1 count=` + strconv.Itoa(len(script)) + ` 2>/dev/null)"'`
	words := append(append([]string{}, ssh[1:]...), host, line)
	command := exec.CommandContext(ctx, ssh[0], words...)
	command.WaitDelay = endPatience
	return command
}

// assign is an assignment in sh.
func assign(name, value string) string {
	return name + "=" + shell.QuoteSingle(value) + "\n"
}

// ask sends the programs and the request.
func (s *Session) ask(programs string, request Request) (Answer, error) {
	s.write([]byte(programs))
	if err := s.send(request); err != nil {
		return Answer{}, err
	}
	return s.hear()
}

func (s *Session) send(value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		s.write(append(text, '\n'))
	}
	return err
}

// write sends bytes. If that fails, the other side gets no more, ends, and says why.
func (s *Session) write(data []byte) {
	if _, err := s.input.Write(data); err != nil {
		s.input.Close()
	}
}

// hear returns the next answer. An answer that is an error is returned as one.
func (s *Session) hear() (Answer, error) {
	var answer Answer
	for {
		line, err := s.output.ReadString('\n')
		text, ok := strings.CutPrefix(line, mark)
		switch {
		case err != nil:
			return answer, s.ended()
		case !ok:
			continue
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			return answer, fmt.Errorf("reading its answer: %w", err)
		}
		switch {
		case answer.None != nil:
			return answer, &NoPythonError{s.needed.Series, strings.TrimSpace(*answer.None)}
		case answer.Error != "":
			return answer, &RemoteError{answer.Error}
		}
		return answer, nil
	}
}

// ended returns why there is no answer any more: the last lines of what ssh said.
func (s *Session) ended() error {
	s.input.Close()
	err := s.command.Wait()
	last := strings.Join(child.LastLines(s.errors.String(), 3), "; ")
	switch {
	case last != "":
		return errors.New(last)
	case err != nil:
		return err
	}
	return errors.New("the connection ended")
}

// Close ends the session. Without all files, the receiver changes nothing.
func (s *Session) Close() {
	s.input.Close()
	_, _ = io.Copy(io.Discard, s.output)
	_ = s.command.Wait() // what went wrong has been said
}

// Send sends the environment, as far as the other machine lacks it, and returns how many
// bytes of files that was, and the last answer.
func (s *Session) Send(ctx context.Context, contents *pack.Contents, progress *tree.Progress) (sent int64, answer Answer, err error) {
	manifest, err := compressed(contents.Manifest)
	if err != nil {
		return 0, answer, err
	}
	if err := s.send(map[string]int{"manifest": len(manifest)}); err != nil {
		return 0, answer, err
	}
	s.write(manifest)
	if answer, err = s.hear(); err != nil || answer.Unchanged {
		return 0, answer, err
	}
	missing := missingFrom(contents.Manifest, answer.Need)
	for _, f := range missing {
		sent += f.Size
	}
	progress.Total.Add(sent)
	failed := s.sendFiles(ctx, contents, missing, progress)
	s.input.Close()
	if answer, err = s.hear(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if local, ok := errors.AsType[*fileError](failed); ok {
			err = local.error
		}
	}
	return sent, answer, err
}

// A fileError says that a file here could not be read.
type fileError struct{ error }

func (e *fileError) Unwrap() error { return e.error }

// missingFrom returns a file for each hash, in the order in which the other side takes
// them.
func missingFrom(m pack.Manifest, hashes []string) []pack.File {
	need := make(map[string]bool)
	for _, hash := range hashes {
		need[hash] = true
	}
	var missing []pack.File
	for _, f := range m.Files {
		if f.SHA256 != "" && need[f.SHA256] {
			missing = append(missing, f)
			delete(need, f.SHA256)
		}
	}
	return missing
}

func (s *Session) sendFiles(ctx context.Context, contents *pack.Contents, files []pack.File, progress *tree.Progress) error {
	g := &gauge{Writer: s.input}
	w := pack.NewFrameWriter(g, frameSize, func(content, room []byte) []byte { return deflate(content, room, g.level()) })
	err := copyFiles(ctx, w, contents, files, progress)
	if closed := w.Close(); closed != nil {
		return closed
	}
	return err
}

func copyFiles(ctx context.Context, w io.Writer, contents *pack.Contents, files []pack.File, progress *tree.Progress) error {
	buffer := make([]byte, 1<<18)
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch err := contents.CopyTo(w, f, buffer); {
		case errors.Is(err, io.ErrClosedPipe):
			return err
		case err != nil:
			return &fileError{err}
		}
		progress.Done.Add(f.Size)
	}
	return nil
}

func compressed(manifest pack.Manifest) ([]byte, error) {
	text, err := json.Marshal(manifest)
	if err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	w := zlib.NewWriter(&buffer)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return buffer.Bytes(), err
}

// RollBack returns the answer to a request that rolls back.
func (s *Session) RollBack() (Answer, error) { return s.hear() }
