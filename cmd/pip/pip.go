// Package pip runs the pip of an environment, and looks whether it has done what
// it says.
package pip

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/packages"
	"den/env/python"
	"den/env/python/child"
	"den/lazy"
)

// A Pip is the pip of an environment. The environment's Python has been started and
// is in that environment, so pip installs and uninstalls packages only there.
type Pip struct {
	Console
	environment env.Environment
	version     python.Version
	wheel       string // the wheel that pip runs from, "" for the environment's own
}

// A Console is where pip reads and prints, and where den says something of it.
type Console struct {
	Stdin, Stdout, Stderr *os.File
	Notef, Warnf          func(format string, args ...any)
}

// An Error says that pip failed, or that it says it is done and is not.
type Error struct{ err error }

func (e *Error) Error() string { return fmt.Sprintf("pip: %s", e.err) }
func (e *Error) Unwrap() error { return e.err }

// Of starts the Python of an environment, and returns the pip in there. A
// Python that says that it is elsewhere, as one without pyvenv.cfg does, would
// change another environment, or the system.
func Of(ctx context.Context, e env.Environment, console Console) (Pip, error) {
	said, err := python.Finder{Environ: os.Environ()}.Start(ctx, e.Python())
	switch {
	case ctx.Err() != nil:
		return Pip{}, ctx.Err()
	case err == nil && !said.IsIn(e.Path):
		err = fmt.Errorf("it says that it is in %s", said.Prefix)
	}
	if err != nil {
		return Pip{}, hint.With(fmt.Errorf("den does not use the Python of %q: %w", e.Name, err),
			"give it another Python, and the same packages: den upgrade %s", hint.Word(e.Name))
	}
	return Pip{Console: console, environment: e, version: said.Version}, nil
}

// From is Of for an environment without pip: pip runs from within a wheel, and is not
// in the environment afterwards either.
func From(ctx context.Context, wheel string, e env.Environment, console Console) (Pip, error) {
	p, err := Of(ctx, e, console)
	p.wheel = wheel
	return p, err
}

// command is a call of pip, as from inside the environment, and without the
// person's settings that would lead it elsewhere.
func (p Pip) command(ctx context.Context, command string, args ...string) *exec.Cmd {
	words := []string{"-I", "-m", "pip"}
	if p.lacksIsolation() {
		words = append([]string{"-E", "-s"}, child.Module("pip")...)
	}
	if p.wheel != "" { // only its own Python, 3.4 or later, brings one along
		words = []string{"-I", filepath.Join(p.wheel, "pip")}
	}
	words = append(words, "--disable-pip-version-check", command)
	c := exec.CommandContext(ctx, p.environment.Python(), append(words, args...)...)
	c.Env = child.PipEnviron(activate.Environ(p.environment, nil), p.environment.Path, command)
	// pip gets the terminal's Ctrl-C itself, and may finish what it must.
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGINT) }
	return c
}

// lacksIsolation reports whether the Python does not know the option -I.
func (p Pip) lacksIsolation() bool { return p.version.Less(python.Version{Major: 3, Minor: 4}) }

// Run runs pip with its own words on the terminal.
func (p Pip) Run(ctx context.Context, command string, args ...string) error {
	return p.runWith(ctx, nil, command, args...)
}

// runWith is Run for a pip that has a file open as descriptor 3, if there is one.
func (p Pip) runWith(ctx context.Context, file *os.File, command string, args ...string) error {
	c := p.command(ctx, command, args...)
	if file != nil {
		c.ExtraFiles = []*os.File{file}
	}
	c.Stdin, c.Stdout, c.Stderr = p.Stdin, p.Stdout, p.Stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &Error{err}
	}
	return nil
}

// check returns what "pip check" complains of.
func (p Pip) check(ctx context.Context) (string, error) {
	c := p.command(ctx, "check")
	out, err := c.Output()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		return "", nil
	}
	if c.ProcessState == nil || c.ProcessState.ExitCode() != 1 {
		return "", &Error{err}
	}
	return string(bytes.TrimSpace(out)), nil
}

// A Wanted is a distribution that is to be in an environment.
type Wanted struct {
	Name     string
	Version  string // "" for any
	Editable string // the directory of its sources, by which it is known whatever it is called
}

func (w Wanted) is(d packages.Distribution) bool {
	if w.Editable != "" && d.Editable == w.Editable {
		return true
	}
	return packages.Normalize(d.Name) == packages.Normalize(w.Name) && (w.Version == "" || d.Version == w.Version)
}

// Lacks returns an error that names what is not in the environment though pip
// says that it is done.
func (p Pip) Lacks(ctx context.Context, all []Wanted) error {
	if len(all) == 0 {
		return nil
	}
	has, err := p.Installed()
	if err != nil {
		return err
	}
	missing := missingFrom(all, has)
	if system, err := p.environment.SystemSitePackages(); len(missing) > 0 && err == nil && system {
		missing = missingFrom(missing, p.visible(ctx))
	}
	if len(missing) == 0 {
		return nil
	}
	var names []string
	for _, w := range missing {
		names = append(names, strings.TrimSuffix(w.Name+"=="+w.Version, "=="))
	}
	return &Error{fmt.Errorf("it reports success, but %s is not there", strings.Join(names, ", "))}
}

// Installed are the distributions in the environment's site-packages.
func (p Pip) Installed() ([]packages.Distribution, error) {
	return packages.In(p.environment)
}

// visible are also those that the environment sees in its base.
func (p Pip) visible(ctx context.Context) (has []packages.Distribution) {
	out, _ := p.command(ctx, "list", "--format=freeze").Output() // what it does not list is not there
	for line := range strings.Lines(string(out)) {
		if name, version, ok := strings.Cut(strings.TrimSpace(line), "=="); ok {
			has = append(has, packages.Distribution{Name: name, Version: version})
		}
	}
	return has
}

func missingFrom(all []Wanted, has []packages.Distribution) []Wanted {
	return slices.DeleteFunc(slices.Clone(all), func(w Wanted) bool { return slices.ContainsFunc(has, w.is) })
}

// plainRequirement is a requirement that names a project, and no place or
// condition: the project is there after it has been installed.
var plainRequirement = lazy.Pattern(`^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*(?:(?:[<>=!~]=?|===)[^;@#]*)?(?:\s#.*)?$`)

// NamedIn returns the distributions that lines of requirements name, as far as
// that can be told from the text alone.
func NamedIn(lines []string) []Wanted {
	var all []Wanted
	for _, line := range lines {
		if match := plainRequirement().FindStringSubmatch(line); match != nil && !packages.IsArchiveName(match[1]) {
			all = append(all, Wanted{Name: match[1]})
		}
	}
	return all
}
