package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"den/shell/shells"
)

// scene is a home made for the measurements: a WORKON_HOME with two
// environments that virtualenvwrapper made, with its hooks, and others with a
// thousand and with ten thousand.
type scene struct {
	home    string
	many    string // the WORKON_HOME with a thousand environments
	most    string // the one with ten thousand
	wrapper string // virtualenvwrapper.sh
	lazy    string // its lazy loader
	python  string // the Python that virtualenvwrapper is installed for
}

// many and most are how many environments the large WORKON_HOMEs have.
const many, most = 1000, 10000

func newScene(ctx context.Context) (*scene, error) {
	home, err := os.MkdirTemp("", "den-bench-")
	if err != nil {
		return nil, err
	}
	s := &scene{home: home, many: filepath.Join(home, "many"), most: filepath.Join(home, "most")}
	if err := s.build(ctx); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *scene) remove() { os.RemoveAll(s.home) }

func (s *scene) build(ctx context.Context) error {
	if err := s.findWrapper(); err != nil {
		return err
	}
	if err := s.installPrograms(ctx); err != nil {
		return err
	}
	if err := s.writeStartFiles(); err != nil {
		return err
	}
	den := filepath.Join(s.home, "bin", "den")
	for _, args := range [][]string{append([]string{den, "setup"}, shells.Names()...), {den, "setup", "--from", wrapper, s.start("moved")}} {
		if out, err := s.command(ctx, s.environ(), args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%q: %w\n%s", args, err, out)
		}
	}
	progress("making environments with virtualenvwrapper")
	script := ". " + s.start("virtualenvwrapper") + " && mkvirtualenv a && mkvirtualenv b"
	if out, err := s.command(ctx, s.environ(), "bash", "--norc", "--noprofile", "-c", script).CombinedOutput(); err != nil {
		return fmt.Errorf("making environments with virtualenvwrapper: %w\n%s", err, out)
	}
	if err := s.addHooks(); err != nil {
		return err
	}
	if err := s.lay(s.many, many); err != nil {
		return err
	}
	return s.lay(s.most, most)
}

// findWrapper finds virtualenvwrapper where Debian puts it, else on PATH.
func (s *scene) findWrapper() error {
	s.python = os.Getenv("VIRTUALENVWRAPPER_PYTHON")
	s.wrapper = "/usr/share/virtualenvwrapper/virtualenvwrapper.sh"
	s.lazy = "/usr/share/virtualenvwrapper/virtualenvwrapper_lazy.sh"
	if _, err := os.Stat(s.wrapper); err == nil {
		if s.python == "" {
			s.python = "/usr/bin/python3"
		}
		return nil
	}
	var err error
	if s.wrapper, err = exec.LookPath("virtualenvwrapper.sh"); err != nil {
		return fmt.Errorf("finding virtualenvwrapper: %w", err)
	}
	s.lazy = filepath.Join(filepath.Dir(s.wrapper), "virtualenvwrapper_lazy.sh")
	if s.python == "" {
		s.python, err = exec.LookPath("python3")
	}
	return err
}

// installPrograms puts den and the floor into the home's bin.
func (s *scene) installPrograms(ctx context.Context) error {
	bin := filepath.Join(s.home, "bin")
	if err := os.Mkdir(bin, 0o777); err != nil {
		return err
	}
	den, err := os.ReadFile("den")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(bin, "den"), den, 0o777); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(bin, "floor"), "./.ci/bench/floor")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as den is built
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the floor: %w\n%s", err, out)
	}
	return nil
}

// writeStartFiles writes what a person would have in a startup file, one file
// for each way to start.
func (s *scene) writeStartFiles() error {
	files := map[string]string{
		"virtualenvwrapper":      ". '" + s.wrapper + "'\n",
		"virtualenvwrapper-lazy": ". '" + s.lazy + "'\n",
		"moved":                  ". '" + s.wrapper + "'\n",
	}
	for name, text := range files {
		if err := os.WriteFile(s.start(name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// start is the path of one of the start files.
func (s *scene) start(name string) string { return filepath.Join(s.home, "start-"+name) }

// ranFile is where the hooks leave a mark each time they run.
func (s *scene) ranFile() string { return filepath.Join(s.home, "ran") }

// addHooks adds a line to two hooks that virtualenvwrapper made, a run one and
// a sourced one, by which it shows afterwards that both tools called them. The
// others stay as a new user has them.
func (s *scene) addHooks() error {
	for _, name := range []string{"preactivate", "postactivate"} {
		hook, err := os.OpenFile(filepath.Join(s.workonHome(), name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("adding to a hook: %w", err)
		}
		_, err = fmt.Fprintf(hook, "echo %s >>'%s'\n", name, s.ranFile())
		if err := errors.Join(err, hook.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) workonHome() string { return filepath.Join(s.home, ".virtualenvs") }

// lay lays out a large WORKON_HOME: environments as `python -m venv` makes them,
// but without packages in them.
func (s *scene) lay(home string, number int) error {
	version := "3.11"
	config := "home = " + filepath.Dir(s.python) + "\ninclude-system-site-packages = false\nversion = " + version + ".2\n"
	for i := range number {
		dir := filepath.Join(home, fmt.Sprintf("project-%04d", i))
		for _, sub := range []string{"bin", filepath.Join("lib", "python"+version, "site-packages")} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte(config), 0o666); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "bin", "activate"), nil, 0o666); err != nil {
			return err
		}
		if err := os.Symlink(s.python, filepath.Join(dir, "bin", "python")); err != nil {
			return err
		}
	}
	return nil
}

// environ is the environment of everything that is measured, with further
// settings in it. Numbers have a point in them whatever the person's language.
func (s *scene) environ(settings ...string) []string {
	return append([]string{
		"HOME=" + s.home,
		"PATH=" + filepath.Join(s.home, "bin") + ":" + os.Getenv("PATH"),
		"LC_ALL=C",
		"TERM=dumb",
		"WORKON_HOME=" + s.workonHome(),
		"VIRTUALENVWRAPPER_PYTHON=" + s.python,
	}, settings...)
}

// command is a command in the scene. It has no terminal: an interactive shell
// that has one would take it away from this program.
func (s *scene) command(ctx context.Context, environ []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = s.home
	cmd.Env = environ
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	return cmd
}

// machine describes what the numbers depend on.
func (s *scene) machine(ctx context.Context) string {
	parts := []string{fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	for _, args := range [][]string{
		{"bash", "-c", "echo bash ${BASH_VERSION%%(*}"},
		{"zsh", "-fc", "echo zsh $ZSH_VERSION"},
		{"fish", "--no-config", "-c", "echo fish $FISH_VERSION"},
		{s.python, "-c", "import importlib.metadata as m, platform as p; print('Python', p.python_version() + ', virtualenvwrapper', m.version('virtualenvwrapper'))"},
		{"hyperfine", "--version"},
	} {
		out, err := s.command(ctx, s.environ(), args...).Output()
		if err == nil {
			parts = append(parts, string(bytes.TrimSpace(out)))
		}
	}
	return "Measured on " + strings.Join(parts, ", ") + ".\n"
}
