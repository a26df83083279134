package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"den/env/python/child"
)

// An AppError says why an application cannot be served.
type AppError struct {
	App    string
	Reason string
	Output []string // the last lines that it printed
}

func (e *AppError) Error() string { return fmt.Sprintf("%s: %s", e.App, e.Reason) }

// A DirectoryError says that the directory of an application is not there.
type DirectoryError struct{ Path string }

func (e *DirectoryError) Error() string { return "its directory, " + e.Path + ", is not there" }

// Is makes it what a missing file is.
func (e *DirectoryError) Is(target error) bool { return target == fs.ErrNotExist }

// Probe imports the application, in a process of its own with the user of the service
// (where this process may become that user), the environment environ and a time limit,
// and returns its interface. A fault of the application is an *AppError. A *BarredError
// says that the user may not reach the application.
func (s Site) Probe(ctx context.Context, environ []string, limit time.Duration) (string, error) {
	script, err := templates.ReadFile("templates/probe.py")
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(s.Directory); err != nil || !info.IsDir() {
		return "", &DirectoryError{s.Directory}
	}
	as := Launch{Dir: s.Directory, Environ: environ}
	if s.IsSystem() {
		if err := s.checkUser(); err != nil {
			return "", err
		}
	}
	if os.Geteuid() == 0 {
		if as, err = s.surroundings(environ); err != nil {
			return "", err
		}
	}
	late := fmt.Errorf("its import takes more than %s", limit)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, late)
	defer cancel()
	output, err := child.RunAs(ctx, as.Credential, s.Directory, as.Environ, s.Python(), "-c", string(script), s.Directory, s.App)
	var answer struct{ Interface, Error string }
	const mark = "\nden: "
	if i := strings.LastIndex(output, mark); i >= 0 && err == nil && json.Unmarshal([]byte(output[i+len(mark):]), &answer) == nil {
		if answer.Error == "" {
			return answer.Interface, nil
		}
		return "", &AppError{s.App, answer.Error, lastWords(output[:i])}
	}
	if exit := (*exec.ExitError)(nil); err == nil || errors.As(err, &exit) {
		return "", &AppError{s.App, "its import ends Python", lastWords(output)}
	}
	if errors.Is(err, late) {
		return "", &AppError{s.App, late.Error(), lastWords(output)}
	}
	return "", fmt.Errorf("importing %s: %w", s.App, err)
}

// lastWords are the last lines of what a program has printed, none longer than a screen is
// wide a few times.
func lastWords(output string) []string {
	const most = 300
	lines := child.LastLines(output, 12)
	for i, line := range lines {
		if len(line) > most {
			lines[i] = strings.ToValidUTF8(line[:most], "") + " …"
		}
	}
	return lines
}
