package pip

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"den/cmd/activate"
	"den/env/packages"
	"den/env/python/child"
)

// Script runs a Python script in the environment and returns its output. The script may
// import pip's vendored packages.
func (p Pip) Script(ctx context.Context, script string, stdin io.Reader) ([]byte, error) {
	words := []string{"-I", "-c", script}
	if p.wheel != "" {
		words = []string{"-I", "-c", "import sys; sys.path.append(sys.argv[1])\n" + script, p.wheel}
	}
	if p.lacksIsolation() {
		words = []string{"-E", "-s", "-c", "import sys; sys.path[:] = [d for d in sys.path if d]\n" + script}
	}
	c := exec.CommandContext(ctx, p.environment.Python(), words...)
	c.Env = child.Environ(activate.Environ(p.environment, nil))
	c.Stdin = stdin
	return output(ctx, c)
}

// Output runs pip with requirements to read, and returns what it prints on stdout.
// The arguments name the requirements as LinesFile.
func (p Pip) Output(ctx context.Context, lines []string, command string, args ...string) ([]byte, error) {
	file, err := linesFile(lines)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	c := p.command(ctx, command, args...)
	c.ExtraFiles = []*os.File{file}
	return output(ctx, c)
}

// LinesFile is where pip reads the lines that it is given.
const LinesFile = "/dev/fd/3"

// output runs a program, and returns what it prints on stdout. The error has the last
// line that the program prints on stderr.
func output(ctx context.Context, c *exec.Cmd) ([]byte, error) {
	out, err := c.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		return out, nil
	}
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		if said := child.LastLines(string(failed.Stderr), 1); len(said) > 0 {
			err = errors.New(strings.TrimPrefix(said[0], "ERROR: "))
		}
	}
	return nil, &Error{err}
}

// IsBefore reports whether pip is older than a version, such as 22.2, or its version is
// not known.
func (p Pip) IsBefore(major, minor int) bool {
	version := strings.TrimPrefix(filepath.Base(p.wheel), "pip-")
	has, err := p.Installed()
	if err != nil {
		return true
	}
	if own, found := packages.Find(has, "pip"); found {
		version = own.Version
	}
	var x, y int
	n, _ := fmt.Sscanf(version, "%d.%d", &x, &y)
	return n < 2 || x < major || x == major && y < minor
}
