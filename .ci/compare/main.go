// Command compare plays scenarios, each a few commands as a person types them,
// with virtualenvwrapper and with den, and compares what they leave: exit
// status, working directory, variables, prompt, hooks that fired, files and
// their modes; and how long it all takes.
//
//	compare [-write] [-shells bash,zsh,fish] [SCENARIO]...
//
// The scenarios are in testdata, with what virtualenvwrapper made of them when
// it was last recorded (by -write). The tests of this package hold den to that
// without it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// aim is how many times as fast as virtualenvwrapper den should be, in all.
const aim = 15

func main() {
	write := flag.Bool("write", false, "record in the scenarios what comes of them")
	shells := flag.String("shells", "bash,zsh,fish", "the shells to play in")
	dir := flag.String("cache", ".cache/compare", "the `directory` that virtualenvwrapper is installed in")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dir, strings.Split(*shells, ","), *write, flag.Args()); err != nil {
		fmt.Fprintf(os.Stderr, "compare: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cache string, shells []string, write bool, names []string) error {
	scenarios, err := readScenarios(".ci/compare/testdata")
	if err != nil {
		return err
	}
	if len(names) > 0 {
		scenarios = slices.DeleteFunc(scenarios, func(s scenario) bool { return !slices.Contains(names, s.name) })
	}
	reference, err := installReference(ctx, cache)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "den-compare-")
	if err != nil {
		return err
	}
	defer removeAll(dir)
	s, err := newStage(ctx, dir, reference)
	if err != nil {
		return err
	}
	if err := s.warm(ctx); err != nil {
		return err
	}
	c := comparison{stage: s, write: write}
	for _, sc := range scenarios {
		if err := c.scenario(ctx, sc, shells); err != nil {
			return err
		}
	}
	return c.report()
}

// installReference installs virtualenvwrapper from the package index, if it is
// not there yet, and returns the environment that it is in.
func installReference(ctx context.Context, cache string) (string, error) {
	dir, err := filepath.Abs(filepath.Join(cache, "reference"))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "bin", "virtualenvwrapper.sh")); err == nil {
		return dir, nil
	}
	fmt.Fprintln(os.Stderr, "compare: installing virtualenvwrapper")
	for _, args := range [][]string{
		{"python3", "-m", "venv", "--clear", dir},
		{filepath.Join(dir, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "virtualenvwrapper==6.1.1", "virtualenv"},
	} {
		if out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("installing virtualenvwrapper: %w\n%s", err, out)
		}
	}
	return dir, nil
}

// warm fills the caches of both tools, so that the first scenario is no slower
// than the others.
func (s stage) warm(ctx context.Context) error {
	sc := newScenario("warm", "mkvirtualenv warm")
	for _, tool := range []string{"den", "reference"} {
		outcome, _, said, err := s.play(ctx, sc, tool, "bash")
		if err == nil && !strings.Contains(outcome, ".virtualenvs/warm is an environment") {
			err = errors.New("no environment was made")
		}
		if err != nil {
			return fmt.Errorf("%s: %w\n%s\n%s", tool, err, said, outcome)
		}
	}
	return nil
}
