package serve

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"den/env"
	"den/env/python/child"
)

// uWSGI's Python is a plugin of its own, or is built into the program. The system's
// plugin has the system's Python: with an environment of another one it starts without
// a word, and runs the wrong one. So den asks the plugin for its version.

// Plugin is what the configuration names; "" for an environment's own uWSGI, which has
// Python built in.
func (s Site) Plugin() string {
	program := uwsgiProgram(s.Environment)
	if isOwn(s.Environment, program) {
		return ""
	}
	if name := "python" + strings.ReplaceAll(env.MinorVersion(s.PythonVersion()), ".", ""); uwsgiPython(program, name) != "" {
		return name
	}
	return "python3"
}

// uwsgiMissing returns a *ServerError unless uWSGI is there with the Python of the
// environment.
func uwsgiMissing(e env.Environment, pip string) error {
	mend := pip + " install uWSGI"
	program, wanted := uwsgiProgram(e), env.MinorVersion(e.PythonVersion())
	if !isFile(program) {
		return &ServerError{"uWSGI is not installed", mend}
	}
	found := uwsgiPython(program, Site{Environment: e}.Plugin())
	switch {
	case found == "":
		return &ServerError{fmt.Sprintf("%s has no plugin for Python 3", program), mend}
	case env.MinorVersion(found) != wanted:
		return &ServerError{fmt.Sprintf("the Python in %s is %s, and the environment's is %s: uWSGI would run the wrong one", program, found, wanted), mend}
	}
	return nil
}

// answerLimit is how long a program may take that only tells something.
const answerLimit = 20 * time.Second

// uwsgiPython is the version of Python that uWSGI runs, as it says itself; "" where it
// has none.
func uwsgiPython(program, plugin string) string {
	var args []string
	if plugin != "" {
		args = append(args, "--plugin", plugin)
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	output, err := child.Run(ctx, os.Environ(), program, append(args, "--python-version")...)
	lines := child.LastLines(output, 1)
	if err != nil || len(lines) == 0 {
		return ""
	}
	return regexp.MustCompile(`^\d+\.\d+\.\S+$`).FindString(filepath.Base(lines[0]))
}
