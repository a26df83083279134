package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/pick"
	"den/env/python/child"
)

func (a *app) runCommand() *cobra.Command {
	var interactive bool
	c := &cobra.Command{
		Use:        "run NAME COMMAND [ARGUMENT...]",
		SuggestFor: []string{"exec", "execute", "in"},
		Short:      "Run a command in an environment",
		Long: `Becomes the command, with the environment active: its programs first on PATH,
VIRTUAL_ENV and its variables (den vars) set, PYTHONHOME unset. There is no shell in
between, and no process of den's remains: standard input, signals and the exit status
are the command's own. Hooks do not fire.

NAME is a name, or the path of any environment: ./.venv. With -i, there is no NAME:
den shows the environments to choose from. If you choose several, it runs the command
in one after the other, prints the name above the output of each, and reports those
in which it failed.

Use it in scripts, cron lines and unit files; it needs no integration. den's own
flags come before NAME, everything after NAME belongs to the command.`,
		Example: `  den run web python -m http.server
  den run web pytest -q -k login
  den run ./.venv python -V
  den run -i pytest -q
  ExecStart=/usr/local/bin/den run web gunicorn app:app`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case interactive:
				return atLeastOne("command")(cmd, args)
			case len(args) == 0:
				return missingArgument(cmd, "environment")
			case len(args) == 1:
				return hint.With(usagef("no command to run in %q", args[0]), "usage: %s", useLine(cmd))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !interactive {
				return a.run(args[0], args[1:])
			}
			names, err := a.choose(cmd.Context(), "den run NAME "+args[0], pick.Options{Several: true})
			if err != nil {
				return err
			}
			if len(names) == 1 {
				return a.run(names[0], args)
			}
			return a.runInSeveral(cmd.Context(), names, args)
		},
	}
	c.Flags().SetInterspersed(false)
	c.Flags().BoolVarP(&interactive, interactiveFlag, "i", false, "choose the environments from a list")
	return c
}

// run becomes the command, in an environment.
func (a *app) run(request string, argv []string) error {
	environment, err := a.locate(request)
	if err != nil {
		return a.suggest(err)
	}
	if err := a.check(environment); err != nil {
		return err
	}
	if home, err := a.home(); err == nil {
		a.noteEntered(home, environment)
	}
	project, _ := a.project(environment)
	environ := activate.EnvironIn(environment, project, a.warnVariable(environment))
	if err := a.evaluate(); err != nil { // nobody will be there to do it later
		return err
	}
	return explainRunning(become(argv, environ), request, argv)
}

// runInSeveral runs the command in the working directory, in one environment after
// the other.
func (a *app) runInSeveral(ctx context.Context, names, argv []string) error {
	var runs []*run
	for _, name := range names {
		e, err := a.environment(name)
		if err != nil {
			return a.suggest(err)
		}
		a.printHeading(name)
		runs = append(runs, &run{environment: e, err: a.runIn(ctx, e, "", argv, a.stdin, a.stdout, a.stderr)})
		a.printf("\n")
	}
	return a.sumUp(argv, runs)
}

// become replaces this process by the program that argv names, looked for on
// the PATH of environ. It returns only if that fails; the exit status is then
// the one that shells use.
func become(argv, environ []string) error {
	program, err := lookPath(argv[0], environ)
	if err == nil {
		signal.Reset(syscall.SIGTSTP) // what is ignored here would be ignored there
		err = syscall.Exec(program, argv, environ)
	}
	err = fmt.Errorf("running %s: %w", argv[0], err)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotOnPath) {
		return statusError{err, statusNotFound}
	}
	return statusError{err, statusNotRunnable}
}

// explainRunning gives the error of become its next step.
func explainRunning(err error, request string, argv []string) error {
	request = hint.Path(request)
	inPython := "den run " + request + " python " + hint.Line(argv)
	_, there := os.Stat(argv[0])
	isFile := strings.Contains(argv[0], "/") && there == nil
	switch {
	case errors.Is(err, errNotOnPath):
		return hint.With(err, "to see what there is: ls \"$(den path --bin %s)\"", request)
	case errors.Is(err, syscall.ENOEXEC):
		return hint.With(err, "its first line does not say what runs it (#!); if that is Python: %s", inPython)
	case errors.Is(err, fs.ErrPermission) && isFile:
		return hint.With(err, "make a program of it: chmod +x %s; or, if it is Python: %s", hint.Path(argv[0]), inPython)
	case errors.Is(err, fs.ErrNotExist) && isFile:
		return hint.With(err, "its first line names an interpreter that does not exist: head -n 1 %s", hint.Path(argv[0]))
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
		return hint.With(err, "to see what there is: ls -ld %s", hint.Path(filepath.Dir(argv[0])))
	}
	return err
}

var errNotOnPath = errors.New("there is no such command in the environment or on PATH")

// lookPath finds a program on the PATH of environ. Directories on it that are
// relative count, as in a shell.
func lookPath(name string, environ []string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	err := errNotOnPath
	for _, dir := range filepath.SplitList(child.Getenv(environ, "PATH")) {
		candidate := filepath.Join(dir, name)
		if dir == "" {
			candidate = "./" + name
		}
		info, statErr := os.Stat(candidate)
		switch {
		case statErr != nil || info.IsDir():
		case info.Mode()&0o111 == 0:
			err = fs.ErrPermission
		default:
			return candidate, nil
		}
	}
	return "", err
}
