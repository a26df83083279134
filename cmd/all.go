package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/env"
)

func (a *app) allCommand() *cobra.Command {
	var jobs int
	c := &cobra.Command{
		Use:        "all COMMAND [ARGUMENT...]",
		SuggestFor: []string{"inall", "each", "foreach"},
		Short:      "Run a command in every environment",
		Long: `Runs a command in every environment, in the order of their names. It runs in the
environment's directory, with the environment active as for "den run", without hooks.
den prints the name of the environment above the output. den's own flags come before
COMMAND.

COMMAND is a program, a word of den's such as lssitepackages, or a builtin of sh.
If it fails somewhere, den lists these environments at the end; the exit status
is then 1.`,
		Example: `  allvirtualenv pip install -U pip
  den all -j 4 pip check
  den all sh -c 'du -sh . && pip list'`,
		Args: atLeastOne("command"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkPositive("jobs", jobs); err != nil {
				return err
			}
			return a.runInAll(cmd.Context(), args, jobs)
		},
	}
	c.Flags().SetInterspersed(false)
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "run in this `number` of environments at a time")
	return c
}

// A run is one call of the command, in one environment.
type run struct {
	environment env.Environment
	output      bytes.Buffer  // what it printed, where others run beside it
	done        chan struct{} // closed when it has ended
	err         error
}

func (a *app) runInAll(ctx context.Context, argv []string, jobs int) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	if err := a.ensure(home); err != nil {
		return err
	}
	environments, err := home.List()
	if err != nil {
		return err
	}
	if len(environments) == 0 {
		a.noteEmpty(home)
		return nil
	}
	runs := make([]*run, len(environments))
	for i, e := range environments {
		runs[i] = &run{environment: e, done: make(chan struct{})}
	}
	if jobs > 1 {
		var workers sync.WaitGroup
		defer workers.Wait()
		a.startAll(ctx, argv, runs, jobs, &workers)
	}
	for _, r := range runs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.printHeading(r.environment.Name)
		if jobs > 1 {
			<-r.done
			if _, err := r.output.WriteTo(a.stdout); err != nil {
				return err
			}
		} else {
			r.err = a.runIn(ctx, r.environment, r.environment.Path, argv, a.stdin, a.stdout, a.stderr)
		}
		a.printf("\n")
	}
	return a.sumUp(argv, runs)
}

// startAll starts the runs, as many at a time as there are jobs. They read
// nothing, and what they print is kept together.
func (a *app) startAll(ctx context.Context, argv []string, runs []*run, jobs int, workers *sync.WaitGroup) {
	waiting := make(chan *run, len(runs))
	for _, r := range runs {
		waiting <- r
	}
	close(waiting)
	for range min(jobs, len(runs)) {
		workers.Go(func() {
			for r := range waiting {
				r.err = a.runIn(ctx, r.environment, r.environment.Path, argv, nil, &r.output, &r.output)
				close(r.done)
			}
		})
	}
}

// patience is the time that a command has to end after it was asked to stop.
const patience = 5 * time.Second

// runIn runs the command in one environment, in the directory dir; "" is the working
// directory.
func (a *app) runIn(ctx context.Context, e env.Environment, dir string, argv []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := e.Check(); err != nil {
		return err // what is called pip would be another Python's
	}
	environ := activate.Environ(e, func(err error) {
		fmt.Fprintf(stderr, "den: warning: %s\n", a.notSet(e, err))
	})
	argv = a.asProgram(argv, environ)
	path, err := lookPath(argv[0], environ)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, path, argv[1:]...)
	c.Args[0] = argv[0]
	c.Dir, c.Env = dir, environ
	c.Stdin, c.Stdout, c.Stderr = stdin, stdout, stderr
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = patience
	return c.Run()
}

// asProgram turns what is no program into one: a word of den's integration into
// den, a builtin of the shell into sh. Functions and aliases of the person's
// are known to their shell alone.
func (a *app) asProgram(argv, environ []string) []string {
	if _, err := lookPath(argv[0], environ); err == nil || strings.Contains(argv[0], "/") {
		return argv
	}
	if word, ok := wordNamed(argv[0]); ok {
		return append(append([]string{programPath()}, strings.Fields(word.Command)...), argv[1:]...)
	}
	return append([]string{"/bin/sh", "-c", `"$@"`, "sh"}, argv...)
}

// sumUp says where the command failed, and to a person also that it did not.
func (a *app) sumUp(argv []string, runs []*run) error {
	var failed []string
	for _, r := range runs {
		if r.err != nil {
			failed = append(failed, fmt.Sprintf("\n    %s: %s", printable(r.environment.Name), r.err))
		}
	}
	if len(failed) == 0 {
		a.donef("%q succeeded in %s", argv[0], countOf(len(runs), "environment"))
		return nil
	}
	return fmt.Errorf("%q failed in %d of %s:%s", argv[0], len(failed), countOf(len(runs), "environment"), strings.Join(failed, ""))
}

// countOf is "1 environment", "2 environments".
func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
