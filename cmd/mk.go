package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/python"
	"den/env/store"
	"den/hooks"
)

// mkOptions are the options of the commands that make environments.
type mkOptions struct {
	name               string
	python             string // as given: a path, a command or a version
	backend            string
	packages           []string
	requirements       []string
	editable           []string // directories, some with extras
	groups             []string // of the project
	script             string
	declared           []declared // what these ask for
	project            string
	prompt             string
	systemSitePackages bool
	withoutPip         bool
	setuptools, wheel  yesNo
	copies             bool
	neverDownload      bool
	noSitePackages     bool
	distribute         bool
	noActivate         bool
	cd, noCd           bool
	clear              bool // replace the environment with that name
	temporary          bool
	options            []string // for virtualenv, or for the program
	program            string   // makes the environment instead of a backend
}

func (a *app) mkCommand() *cobra.Command {
	var m mkOptions
	c := &cobra.Command{
		Use:        "mk NAME",
		SuggestFor: []string{"new", "make", "add", "virtualenv", "venv"},
		Aliases:    []string{"create"},
		Short:      "Make an environment and enter it",
		Long: `Makes the environment NAME, installs packages into it if you name some, and enters
it. If the command is interrupted or fails, it leaves nothing behind. If only the
installation of packages fails, the environment stays, and den does not enter it.`,
		Example: `  mkvenv web
  mkvenv web -p 3.12 -i requests -i 'flask>=3'
  mkvenv web -r requirements.txt -a ~/src/web
  mkvenv web -a . -e . --group dev    a project with a pyproject.toml
  mkvenv report --script report.py    what the script says it needs`,
		Args:        exactlyOne("environment"),
		Annotations: map[string]string{inShell: "yes", makes: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			m.name = args[0]
			return a.make(cmd.Context(), m)
		},
	}
	m.addFlags(c)
	c.Flags().BoolVar(&m.clear, "clear", false, "replace the environment of that name, if there is one")
	return c
}

func (a *app) make(ctx context.Context, m mkOptions) error {
	toProject, err := a.goesToProject(m.cd, m.noCd)
	if err != nil {
		return err
	}
	environment, made, err := a.makeOne(ctx, m)
	if !made || err != nil {
		return err
	}
	return a.afterMaking(environment, m, toProject)
}

// makeOne makes an environment with its packages. If the environment that it replaces
// is active, it plans to leave that first and to run the command again.
func (a *app) makeOne(ctx context.Context, m mkOptions) (e env.Environment, made bool, err error) {
	if err := m.check(); err != nil {
		return e, false, err
	}
	if err := a.resolveProject(ctx, &m); err != nil {
		return e, false, err
	}
	a.noteOldFlags(&m)
	home, err := a.home()
	if err != nil {
		return e, false, err
	}
	if m.clear {
		if err := a.keepWork(ctx, home, m.name); err != nil {
			return e, false, err
		}
	}
	if left, err := a.leaveToClear(home, m); left || err != nil {
		return e, false, err
	}
	if e, err = a.create(ctx, home, m); err != nil {
		return e, false, a.explainMaking(err, m.name)
	}
	a.fire(ctx, home, hooks.PreMkvirtualenv, m.name)
	return e, true, a.install(ctx, e, m)
}

// check returns an error for every wrong option, before den makes anything.
func (m *mkOptions) check() error {
	if err := env.CheckName(m.name); err != nil {
		return usageError{err}
	}
	m.packages = pip.Words(m.packages)
	if err := env.CheckPrompt(m.prompt); err != nil {
		return usageError{err}
	}
	for _, file := range m.requirements {
		if strings.Contains(file, "://") { // pip takes URLs too
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("the requirements %s: %w", file, errors.Unwrap(err))
		}
	}
	if err := m.readDeclared(); err != nil {
		return err
	}
	if m.withoutPip && m.installs() {
		return hint.With(usagef("packages are installed by pip, and --without-pip leaves it out"), "leave out --without-pip")
	}
	return nil
}

// resolveProject makes the project's path absolute. It offers to make a directory
// that is not there.
func (a *app) resolveProject(ctx context.Context, m *mkOptions) error {
	if m.project == "" {
		return nil
	}
	dir, err := a.directoryOrNew(ctx, m.project)
	if err != nil {
		return worded(err, "Cannot associate project with %s, it is not a directory", m.project)
	}
	m.project = dir
	return nil
}

// directoryOrNew returns the absolute path of a project directory. It offers to make
// one that is not there.
func (a *app) directoryOrNew(ctx context.Context, path string) (string, error) {
	dir, err := directory("project", path)
	if !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	yes, interrupted := a.confirm(ctx, "the project directory %s is not there. Make it?", printable(path))
	switch {
	case interrupted != nil:
		return "", interrupted
	case !yes:
		return "", hint.With(err, "make it first: mkdir -p %s", hint.Path(path))
	}
	if err := disk.MkdirAll(path, 0o777); err != nil {
		return "", fmt.Errorf("making the project directory %s: %w", path, disk.Cause(err))
	}
	return directory("project", path)
}

// installs reports whether pip has something to install.
func (m mkOptions) installs() bool {
	return len(m.packages)+len(m.requirements) > 0 ||
		slices.ContainsFunc(m.declared, func(d declared) bool { return len(d.words) > 0 })
}

// directory returns the absolute path of a directory that exists.
func directory(what, path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(absolute)
	if err != nil {
		return "", fmt.Errorf("the %s %s: %w", what, path, errors.Unwrap(err))
	}
	if !info.IsDir() {
		return "", fmt.Errorf("the %s %s is not a directory", what, path)
	}
	return absolute, nil
}

// install installs the packages that the person asks for. pip prints to the terminal.
func (a *app) install(ctx context.Context, e env.Environment, m mkOptions) error {
	if !m.installs() {
		return nil
	}
	err := a.installIn(ctx, e, m)
	if err == nil {
		return nil
	}
	again := strings.TrimSpace("den run " + hint.Word(e.Name) + " pip install " + m.installWords())
	if ctx.Err() != nil {
		a.notef("%q has been made, but not all packages are installed", e.Name)
		a.hintf("to go on: %s", again)
		return ctx.Err()
	}
	err = fmt.Errorf("%q has been made, but installing packages failed (%w)", e.Name, err)
	return hint.WithAll(err, "to try again: "+again, fmt.Sprintf("to take it away: %s %s", a.word("rm"), hint.Word(e.Name)))
}

// installIn lets pip install the packages, and checks that they are there.
func (a *app) installIn(ctx context.Context, e env.Environment, m mkOptions) error {
	its, err := pip.Of(ctx, e, a.console())
	if err != nil {
		return err
	}
	var args []string
	var expected []pip.Wanted
	// With options of pip among the words, den cannot know what will be there.
	if !slices.ContainsFunc(m.packages, func(word string) bool { return strings.HasPrefix(word, "-") }) {
		expected = pip.NamedIn(m.packages)
	}
	for _, file := range m.requirements {
		args = append(args, "-r", file)
		if text, err := disk.ReadSmall(file); err == nil { // pip takes URLs too
			expected = append(expected, pip.NamedIn(strings.Split(string(text), "\n"))...)
		}
	}
	for _, d := range m.declared {
		args = append(args, d.words...)
		expected = append(expected, d.expected()...)
	}
	if err := its.Run(ctx, "install", append(args, m.packages...)...); err != nil {
		return err
	}
	if err := layout.RepairScripts(e.Path); err != nil {
		return err
	}
	return its.Lacks(ctx, expected)
}

// installWords returns the arguments for pip, as a person would type them.
func (m mkOptions) installWords() string {
	var words []string
	for _, file := range m.requirements {
		words = append(words, "-r "+hint.Word(file))
	}
	for _, d := range m.declared {
		for _, word := range d.words {
			words = append(words, hint.Path(word))
		}
	}
	for _, name := range m.packages {
		words = append(words, hint.Word(name))
	}
	return strings.Join(words, " ")
}

// afterMaking enters the new environment, or says how to enter it.
func (a *app) afterMaking(e env.Environment, m mkOptions, toProject bool) error {
	a.donef("made %q with Python %s", e.Name, e.PythonVersion())
	if m.noActivate {
		return nil
	}
	return a.enterNew(e, toProject, hooks.PostMkvirtualenv)
}

const installPython = "install Python, for example: sudo apt install python3 python3-venv"

// explainMaking adds the next step to an error.
func (a *app) explainMaking(err error, name string) error {
	exists, isTaken := errors.AsType[*store.ExistsError](err)
	missing, isMissing := errors.AsType[*python.NotFoundError](err)
	lacking, isLacking := errors.AsType[*layout.MissingError](err)
	noStart, failsToStart := errors.AsType[*layout.StartError](err)
	switch {
	case isTaken && exists.Found != "":
		path := hint.Path(exists.Path)
		return hint.With(err, "take another name, or move away what is there: mv %s %s.old", path, path)
	case isTaken:
		return hint.With(err, "enter it: workon %s; or remove it first: %s %s", hint.Word(name), a.word("rm"), hint.Word(name))
	case isMissing:
		return hint.WithAll(err, waysToGet(missing)...)
	case as[*layout.TooOldError](err):
		return hint.With(err, "take a newer one (-p 3.12), or let virtualenv make it: --backend virtualenv")
	case as[*layout.NoLinksError](err):
		return hint.With(err, "copy the interpreter: --copies")
	case failsToStart && noStart.Spec.Copies:
		return hint.With(err, "link to it instead: leave out --copies")
	case failsToStart:
		return hint.With(err, "take another Python (den pythons lists them): -p PYTHON")
	case as[*python.ProbeError](err):
		return hint.With(err, "name a Python by path, command or version: -p 3.12")
	case isLacking:
		return hint.With(err, "%s", lacking.Hint)
	}
	return err
}

// globalHooks returns the directory of the hooks for all environments.
func (a *app) globalHooks() hooks.Directories {
	dir, err := a.settings.text(keyHookDir)
	if err != nil {
		a.warnf("%s", err)
	}
	return hooks.Directories{Global: dir}
}
